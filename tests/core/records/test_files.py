"""Files from strangers: what is taken, what is refused, and what their names become."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from openqmm.core.records import FileFault, kind_of, safe_name
from openqmm.core.records.files import look_over
from openqmm.core.records.looks import FileLimits
from tests.evidence_files import HONEST, docx_linked, pdf

LINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_taken(name: str) -> None:
    look_over(io.BytesIO(HONEST[name]), name)


def test_what_a_file_says_of_itself_is_read() -> None:
    assert look_over(io.BytesIO(HONEST["sop.pdf"]), "sop.pdf").pages == 3
    picture = look_over(io.BytesIO(HONEST["line.png"]), "line.png")
    assert (picture.width, picture.height) == (4, 3)
    photograph = look_over(io.BytesIO(HONEST["room.jpg"]), "room.jpg")
    assert (photograph.width, photograph.height) == (4, 3)


def test_a_link_that_a_reader_may_follow_is_taken() -> None:
    look_over(io.BytesIO(docx_linked(LINK, "https://example.org/")), "link.docx")


def test_a_workbook_that_shows_an_error_is_evidence_all_the_same() -> None:
    content = io.BytesIO()
    with Workbook(content) as book:
        book.add_worksheet().write_formula("B7", "=1/0", value="#DIV/0!")
    look_over(content, "error.xlsx")


def test_the_limit_of_size_is_in_the_refusal() -> None:
    with pytest.raises(FileFault, match="more than 0 MB"):
        look_over(io.BytesIO(pdf()), "a.pdf", FileLimits(bytes=10))


def _refusal(content: bytes, name: str) -> str | None:
    try:
        look_over(io.BytesIO(content), name)
    except FileFault as fault:
        return str(fault)
    return None


@given(st.binary(max_size=400), st.sampled_from(sorted(HONEST)))
def test_any_bytes_are_taken_or_refused_in_words(noise: bytes, name: str) -> None:
    """Nothing but the refusal ever comes out, whatever bytes follow or replace a file's own."""
    for content in (noise, HONEST[name][: len(noise)] + noise, HONEST[name] + noise):
        refusal = _refusal(content, name)
        assert refusal is None or (refusal[0].isupper() and refusal.endswith("."))


@given(st.sampled_from(sorted(HONEST)), st.data())
def test_a_flipped_byte_is_taken_or_refused_in_words(name: str, data: st.DataObject) -> None:
    content = bytearray(HONEST[name])
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    assert _refusal(bytes(content), name) != ""


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("report.pdf", "report.pdf"),
        ("..\\..\\windows\\report.pdf", "report.pdf"),
        ("/etc/../report.pdf", "report.pdf"),
        ("re\x00po\nrt.pdf", "report.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("Übersicht.pdf", "Übersicht.pdf"),
        ("  ..hidden.txt. ", "hidden.txt"),
        ("海州 批记录.xlsx", "海州 批记录.xlsx"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("...", ""),
    ],
)
def test_a_name_is_kept_without_what_could_mislead(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@given(st.text(max_size=300))
def test_a_kept_name_is_plain_and_stays_as_it_is(name: str) -> None:
    kept = safe_name(name)
    assert len(kept) <= 200
    assert not set(kept) & set("/\\\r\n\t\x00\u202e")
    assert safe_name(kept) == kept


@pytest.mark.parametrize("name", ["a.exe", "a.xlsm", "a.docm", "a.zip", "a.html", "a.svg", "pdf"])
def test_kinds_that_are_not_taken(name: str) -> None:
    assert kind_of(name) is None
