"""What holds for every kind of public records alike (synthetic files)."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from openqmm.core.errors import InvalidRecords
from openqmm.core.registry.grids import open_grids, without_trailing_blanks
from openqmm.core.registry.kinds import KINDS, kind_of, told_on
from openqmm.core.registry.sheet_starts import first_sheet_rows
from tests.core.registry import samples
from tests.core.registry.conftest import DASHBOARD_HEADER, DECRS_HEADER

ESTABLISHMENT = "3002\t111111111\tSynthetic API\t1 Road, Pune, India (IND)\t12/31/2026\tLABEL"
INSPECTION = ["3004333526", "Works", "Sunrise", "Florida", "33351", "United States", "2025"]
INSPECTION += ["1106400", "Yes", "2024-10-11", "VAI", "Drug Quality Assurance", "Drugs", "-", "-"]

FILES: dict[str, tuple[str, str]] = {
    "drls_reg.txt": ("establishments", f"{DECRS_HEADER}\r\n{ESTABLISHMENT}{chr(9) * 9}\r\n"),
    "inspections.csv": ("inspections", samples.csv_text([DASHBOARD_HEADER, INSPECTION])),
    "citations.csv": ("citations", samples.csv_text(samples.CITATIONS)),
    "compliance.csv": ("compliance", samples.csv_text(samples.COMPLIANCE)),
    "483s.csv": ("form483", samples.csv_text(samples.FORM483)),
    "enforcement.json": ("enforcement", samples.openfda_text(samples.RECALLS)),
    "recalls.csv": ("enforcement", samples.csv_text(samples.DASHBOARD_RECALLS)),
    "shortages.json": ("shortages", samples.openfda_text(samples.SHORTAGES)),
    "Drugshortages.csv": ("shortages", samples.SHORTAGES_CSV),
    "import_alert.csv": ("import_alerts", samples.csv_text(samples.ALERT_CSV)),
    "importalert_189.html": ("import_alerts", samples.ALERT_PAGE),
    "product.txt": ("ndc", "\r\n".join(samples.PRODUCT_TXT)),
    "ndc.json": ("ndc", samples.openfda_text([samples.NDC_JSON])),
}
Given = Callable[[str], Path]


@pytest.fixture
def given(tmp_path: Path) -> Given:
    """Write one of the files above."""

    def write(name: str) -> Path:
        path = tmp_path / name
        path.write_bytes(FILES[name][1].encode())
        return path

    return write


@pytest.mark.parametrize("name", FILES)
def test_file_is_of_its_own_kind_only(given: Given, name: str) -> None:
    path = given(name)
    assert kind_of(path) == FILES[name][0]
    for kind in KINDS.values():
        if kind.name == FILES[name][0]:
            assert kind.read(path).unrecognised_columns == ()
        else:
            with pytest.raises(InvalidRecords, match=r"Expected (the|an?) "):
                kind.read(path)


@pytest.mark.parametrize("name", FILES)
def test_file_in_an_archive_is_of_the_same_kind(given: Given, tmp_path: Path, name: str) -> None:
    if name.endswith(".html"):
        return
    packed = tmp_path / "packed.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("package.txt", samples.PACKAGE_TXT)
        archive.write(given(name), name)
    assert kind_of(packed) == FILES[name][0]
    kind = KINDS[FILES[name][0]]
    assert kind.read(packed).records == kind.read(tmp_path / name).records


@pytest.mark.parametrize("name", FILES)
def test_normalised_records_come_back_unchanged(given: Given, tmp_path: Path, name: str) -> None:
    kind = KINDS[FILES[name][0]]
    records = kind.import_files([given(name)]).records
    path = tmp_path / "normalised.csv"
    path.write_text("".join(kind.lines(records)), encoding="utf-8", newline="")
    again = kind.import_files([path])
    assert set(again.records) == set(records)
    assert again.files[0].unrecognised_columns == ()
    assert not again.files[0].rejected
    assert list(kind.lines(again.records)) == list(kind.lines(reversed(records)))
    assert kind_of(path) == kind.name


@pytest.mark.parametrize("name", FILES)
def test_the_same_file_twice_changes_nothing(given: Given, name: str) -> None:
    kind, path = KINDS[FILES[name][0]], given(name)
    once, twice = kind.import_files([path]), kind.import_files([path, path])
    assert twice.records == once.records
    assert twice.duplicates == once.duplicates + len(once.files[0].records)
    assert twice.restated == once.restated


@pytest.mark.parametrize("name", FILES)
def test_natural_keys_tell_records_apart(given: Given, name: str) -> None:
    kind = KINDS[FILES[name][0]]
    records = kind.import_files([given(name)]).records
    assert len({kind.key(record) for record in records}) == len(records)


@pytest.mark.parametrize(
    ("name", "first_on", "last_on"),
    [
        ("inspections.csv", "2024-10-11", "2024-10-11"),
        ("citations.csv", "2024-01-02", "2024-01-02"),
        ("compliance.csv", "2022-05-02", "2024-06-21"),
        ("483s.csv", "2015-07-11", "2024-04-12"),
        ("enforcement.json", "2023-07-11", "2023-07-12"),
        ("recalls.csv", "2023-07-11", "2023-08-11"),
        ("shortages.json", "2026-06-19", "2026-06-19"),
        ("Drugshortages.csv", "2025-11-03", "2025-11-03"),
        ("importalert_189.html", "2024-12-30", "2024-12-30"),
        ("ndc.json", "2026-06-19", "2026-06-19"),
    ],
)
def test_days_covered(given: Given, name: str, first_on: str, last_on: str) -> None:
    kind = KINDS[FILES[name][0]]
    imported = kind.import_files([given(name)])
    covered = kind.covers(imported.records, told_on(imported))
    assert covered is not None
    assert (covered.first_on, covered.last_on) == (
        date.fromisoformat(first_on),
        date.fromisoformat(last_on),
    )


@pytest.mark.parametrize("name", ["drls_reg.txt", "product.txt"])
def test_list_without_a_day_covers_the_day_that_is_told(given: Given, name: str) -> None:
    kind = KINDS[FILES[name][0]]
    records = kind.import_files([given(name)]).records
    assert kind.covers(records, None) is None
    told = kind.covers(records, date(2026, 1, 2))
    assert told is not None
    assert told.first_on == told.last_on == date(2026, 1, 2)


@pytest.mark.parametrize(
    "content",
    [
        "nothing of the kind\n",
        "",
        "<html><h4>Sorry</h4></html>",
        samples.PACKAGE_TXT,
        json.dumps({"results": []}),
        json.dumps([{"statuscode": 412, "message": "No results"}]),
        json.dumps({"results": [{"application_number": "NDA1", "sponsor_name": "X"}]}),
        # Import refusals and the list of warning letters are not read.
        "FEI Number,Firm Name,Product Code and Description,Refused Date,Refusal Charges\n",
        "Posted Date,Letter Issue Date,Company Name,Issuing Office,Subject\n",
        # One table with the columns of two kinds.
        ",".join([*samples.CITATIONS[0], *samples.COMPLIANCE[0]]) + "\n",
    ],
)
def test_other_files_are_of_no_kind(tmp_path: Path, content: str) -> None:
    path = tmp_path / "file"
    path.write_text(content, encoding="utf-8")
    assert kind_of(path) is None


def test_kind_of_a_workbook(workbook_file: Callable[..., Path]) -> None:
    header, *rows = samples.FORM483
    assert kind_of(workbook_file(header, *rows, titles=("Published 483s",))) == "form483"


def test_kind_of_a_long_file_is_told_by_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "long.json"
    path.write_text(samples.openfda_text(samples.RECALLS * 20) + " damaged", encoding="utf-8")
    assert kind_of(path) == "enforcement"


def test_sheets_are_told_by_their_first_rows(workbook_file: Callable[..., Path]) -> None:
    """The first rows are those that the reader of whole sheets gives, numbers and texts."""
    rows = [["3001", 7, "", None, f"text {n}"] for n in range(60)]
    path = workbook_file(samples.FORM483[0], *rows, titles=("Title", ""))
    (sheet,) = first_sheet_rows(path)
    (grid,) = open_grids(path, "")
    whole = [(line, without_trailing_blanks(cells)) for line, cells in grid.rows()]
    written = [(line, without_trailing_blanks(cells)) for line, cells in sheet]
    assert [cells for _, cells in written] == [cells for _, cells in whole if cells][:40]


@pytest.mark.parametrize("inside", ["<!DOCTYPE x><worksheet/>", "<worksheet", "<x><row><c t='s'>"])
def test_workbook_of_no_readable_sheet_is_of_no_kind(tmp_path: Path, inside: str) -> None:
    path = tmp_path / "odd.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/worksheets/sheet1.xml", inside)
    assert kind_of(path) is None
    (tmp_path / "cut.xlsx").write_bytes(path.read_bytes()[:60])
    assert kind_of(tmp_path / "cut.xlsx") is None
