from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from synthetic_ratings import area, protocol, rated, rated_alone, with_rules

from openqmm.core.protocols import shipped_protocol
from openqmm.core.ratings import ScoreRow, Scores, rate
from openqmm.reports import typesetting as module
from openqmm.reports.rating_content import rating_content
from openqmm.reports.rating_pdf import ReportContext, rating_pdf

SMALL = protocol()
CONTEXT = ReportContext(
    facility_name="Northfield Sterile Works",
    address="12 Harbour Road",
    round_name="Round 2027-A",
    assessed_on=date(2027, 3, 14),
    status_line="Proposed",
    software_version="OpenQMM 0.1.0",
    inputs_digest="ab" * 32,
)

needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext is not installed"
)


def _pages(pdf: bytes) -> int:
    # The page tree's root holds the number of all pages.
    return max(
        int(count) for count in re.findall(rb"/Type\s*/Pages.{0,200}?/Count (\d+)", pdf, re.S)
    )


def _read(pdf: bytes, folder: Path) -> str:
    file = folder / "rating.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, timeout=60
    )
    return " ".join(done.stdout.decode().split())


def test_the_same_input_gives_the_same_archival_bytes() -> None:
    rating = rated_alone(SMALL, {"*": "445", "SUP-1": "222"})
    pdf = rating_pdf(SMALL, rating, CONTEXT)
    assert pdf.startswith(b"%PDF-")
    assert pdf == rating_pdf(SMALL, rating, CONTEXT)
    assert b"pdfaid:part>2<" in pdf
    assert b"pdfuaid:part>1<" in pdf
    assert b"/Lang" in pdf
    assert b"Northfield Sterile Works" in pdf
    assert b"2027-03-14" in pdf


def test_a_report_on_the_pilot_protocol_has_three_to_five_pages() -> None:
    pilot = shipped_protocol("pilot-eleven-areas")
    pdf = rating_pdf(pilot, rated_alone(pilot, {"*": "344"}), CONTEXT)
    assert 3 <= _pages(pdf) <= 5


def test_every_area_held_by_a_gate_still_fits_six_pages() -> None:
    pilot = shipped_protocol("pilot-eleven-areas")
    weak = {next(q.id for q in a.questions if q.key): "22" for a in pilot.areas}
    rating = rated_alone(pilot, {"*": "44", **weak})
    assert all(result.gates for result in rating.areas.values())
    assert _pages(rating_pdf(pilot, rating, CONTEXT)) <= 6


@needs_pdftotext
def test_the_first_page_says_what_and_why_and_what_it_is_not(tmp_path: Path) -> None:
    rating = rated_alone(SMALL, {"*": "445", "SUP-1": "222"})
    words = _read(rating_pdf(SMALL, rating, CONTEXT), tmp_path)
    for expected in (
        "Northfield Sterile Works",
        "12 Harbour Road",
        "Round 2027-A",
        "14 March 2027",
        "Proposed",
        "4 Predictive",
        "held at level 3 (Proactive) instead of 4 (Predictive) because key question SUP-1",
        "It is not an inspection",
        "held from 4",
        "Page 1 of",
        SMALL.digest,
        "ab" * 32,
        "OpenQMM 0.1.0",
    ):
        assert expected in words, expected


@needs_pdftotext
def test_the_worked_calculation_can_be_redone_from_the_page(tmp_path: Path) -> None:
    rating = rated_alone(SMALL, {"*": "445", "SUP-2": "334"})
    words = _read(rating_pdf(SMALL, rating, CONTEXT), tmp_path)
    # Supply: three questions at 13/3 and one at 10/3; the facility: weights 1, 2, 1.
    assert "SUP-2 How does the site do SUP-2? 1 10 / 3 10/3 Yes" in words
    assert (
        "Sum of weight × score 49/3, divided by the sum of weights 4, is 49/12 = 4.083333" in words
    )
    assert "Sum of weight × score 205/12, divided by the sum of weights 4, is 205/48" in words
    assert "Coverage 100% of the weight" in words


@needs_pdftotext
def test_a_facility_not_rated_says_so_large_with_its_reasons(tmp_path: Path) -> None:
    rating = rated_alone(SMALL, {"*": "33", "RSK-1": "RR"})
    words = _read(rating_pdf(SMALL, rating, ReportContext("F-1")), tmp_path)
    assert "Not rated" in words
    assert "Risk management is not rated. Fewer than 80% of its questions" in words
    assert "Key question RSK-1 (Topic of RSK-1) was not rated." in words
    assert "No: could not be rated" in words
    assert "No overall score is computed" in words
    assert "Scores digest not stated" in words


def test_every_question_that_does_not_count_says_why() -> None:
    fdf_only = replace(SMALL.areas[0].questions[3], applies_to=("FDF",))
    supply = replace(SMALL.areas[0], questions=(*SMALL.areas[0].questions[:3], fdf_only))
    small = replace(SMALL, areas=(supply, *SMALL.areas[1:]))
    marks = {"*": "33", "SUP-2": "AA", "SUP-3": "", "SUP-4": "33", "RSK-2": "RR", "RSK-3": "3"}
    (rating,) = rated(small, marks, facility_type="API").facilities
    content = rating_content(small, rating, CONTEXT)
    said = {row["id"]: row["counted"] for a in content["areas"] for row in a["rows"]}
    assert said["SUP-1"] == "Yes"
    assert said["SUP-2"] == "No: does not apply"
    assert said["SUP-3"] == "No: no mark given"
    assert said["SUP-4"] == "No: not asked of this type"
    assert said["RSK-2"] == "No: could not be rated"
    assert said["RSK-3"] == "Yes, too few assessors"
    assert content["notes"] == [
        "SUP-4 (Topic of SUP-4) was marked, but is not asked of a facility of the type “active "
        "pharmaceutical ingredients”; the marks do not count."
    ]


def test_consensus_and_the_strict_rule_on_single_assessors_are_named() -> None:
    strict = with_rules(SMALL, single_assessor="not_rated")
    rows = [ScoreRow("F", "A", q.id, "3") for q in strict.questions()]
    rows += [ScoreRow("F", "team", q.id, "4", "consensus") for q in strict.areas[0].questions]
    rating = rate(strict, Scores.from_rows(rows)).facilities[0]
    content = rating_content(strict, rating, CONTEXT)
    said = {row["id"]: row["counted"] for a in content["areas"] for row in a["rows"]}
    assert said["SUP-1"] == "Yes, consensus"
    assert said["RSK-1"] == "No: marked NR or by too few"


def test_a_fault_of_the_template_is_not_taken_for_a_missing_letter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "rating.typ").write_text("#no-such-name")
    monkeypatch.setattr(module, "_TEMPLATES", tmp_path)
    with pytest.raises(module.typst.TypstError, match="unknown variable"):
        rating_pdf(SMALL, rated_alone(SMALL, {"*": "33"}), CONTEXT)


def test_nothing_applicable_is_said_of_the_facility() -> None:
    rating = rated_alone(SMALL, {"*": "AA"})
    content = rating_content(SMALL, rating, CONTEXT)
    assert content["overall"]["reasons"] == [
        "No question of the protocol applies to this facility."
    ]
    assert rating_pdf(SMALL, rating, CONTEXT)


@pytest.mark.parametrize(
    "name",
    [
        "Завод лекарственных форм",
        "दवा कारखाना",
        "华北制药股份有限公司",
        "داروسازی شمال",
        "Works 🏭",
        "Very long name of a plant " * 12,
        "X" * 300,
        "\x00\x1b[31m",
        "half \ud83d",
        "#strong[x] $x$ @ref <a> \\ `raw`",
    ],
)
def test_names_of_any_characters_make_a_report(name: str) -> None:
    rating = rated_alone(SMALL, {"*": "33"})
    pdf = rating_pdf(SMALL, rating, ReportContext(name, address=name, round_name=name))
    assert pdf.startswith(b"%PDF-")


@needs_pdftotext
def test_what_no_font_can_draw_is_owned_up_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_product_fonts = module._fonts(machine_fonts=False)
    monkeypatch.setattr(module, "_fonts", lambda machine_fonts: with_product_fonts)
    rating = rated_alone(SMALL, {"*": "33"})
    pdf = rating_pdf(SMALL, rating, ReportContext("华北制药"))
    assert b"pdfaid:part" not in pdf
    assert "Some characters on this page cannot be drawn" in _read(pdf, tmp_path)


@needs_pdftotext
def test_markup_in_a_name_is_shown_not_run(tmp_path: Path) -> None:
    rating = rated_alone(SMALL, {"*": "33"})
    words = _read(rating_pdf(SMALL, rating, ReportContext("#lorem(9) *b* $x$")), tmp_path)
    assert "#lorem(9) *b* $x$" in words


def test_titles_from_a_protocol_in_another_script_make_a_report() -> None:
    small = replace(SMALL, areas=(area("SUP", "Управление поставками"), *SMALL.areas[1:]))
    pdf = rating_pdf(small, rated_alone(small, {"*": "33"}), CONTEXT)
    assert b"pdfaid:part>2<" in pdf


def test_without_the_products_fonts_a_report_is_still_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded_only = module.typst.Fonts(include_system_fonts=False)
    monkeypatch.setattr(module, "_fonts", lambda machine_fonts: embedded_only)
    assert rating_pdf(SMALL, rated_alone(SMALL, {"*": "33"}), CONTEXT).startswith(b"%PDF-")
