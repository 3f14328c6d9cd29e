"""Nothing that is written for a spreadsheet runs in one: every writer of tables in the product."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from synthetic_ratings import protocol, rated

from openqmm.apps.audit import actions as audit
from openqmm.apps.audit import queries
from openqmm.core.protocols import read_protocol
from openqmm.core.protocols.exchange_xlsx import from_xlsx, to_xlsx
from openqmm.core.records import spreadsheet_plain, spreadsheet_safe
from openqmm.core.registry.importing import import_establishments
from openqmm.core.registry.normalised import establishment_lines
from openqmm.core.registry.records import Establishment
from tests.factories import small_area, small_protocol
from tests.people import Cast

_LIVE = re.compile("[\\s\"'`‘’“”\u200b\ufeff]*[=+\\-@＝＋－＠]")
starts = st.sampled_from(["=", "+", "-", "@", "＝", "＋", "－", "＠"])
covers = st.text(" \t\r\n\u00a0\u3000\"'`’”\u200b\ufeff", max_size=4)
rests = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20)
breaks = st.tuples(st.sampled_from("\t\r\n"), rests).map("".join)
hostile = st.tuples(covers, starts, rests).map("".join) | breaks
# As far as a cell of our own files may be: in one line, nothing around it, composed (NFC), as
# every text is read.
plain = st.text(st.characters(categories=("L", "N")), min_size=4, max_size=12)
printable = (
    st.tuples(st.sampled_from(["", "'", '"']), starts, plain)
    .map("".join)
    .filter(lambda text: unicodedata.is_normalized("NFC", text))
)


def _is_live(cell: str) -> bool:
    """Tell whether a spreadsheet might run the cell; a guarded one starts with an apostrophe."""
    if cell.startswith("'") and spreadsheet_plain(cell) != cell:
        return False
    return bool(_LIVE.match(cell)) or cell.startswith(("\t", "\r", "\n"))


@given(hostile)
def test_hostile_text_is_guarded_whatever_covers_it(text: str) -> None:
    assert spreadsheet_safe(text) == "'" + text
    assert not _is_live(spreadsheet_safe(text))


@given(st.one_of(st.text(), hostile))
def test_the_guard_comes_off_again(text: str) -> None:
    assert spreadsheet_plain(spreadsheet_safe(text)) == text


@given(hostile)
def test_the_table_of_ratings(text: str) -> None:
    from openqmm.reports.ratings_csv import ratings_csv

    small = protocol()
    ratings = rated(small, {"*": "33"})
    facility = replace(ratings.facilities[0], facility_id=text)
    lines = ratings_csv(small, replace(ratings, facilities=(facility,)))
    rows = list(csv.reader(io.StringIO("".join(lines), newline="")))
    _assert_dead(rows)
    header = rows[0]
    assert rows[1][header.index("score")] == "3.000000"
    assert rows[1][header.index("level")] == "3"


@settings(max_examples=25)
@given(printable)
def test_a_protocol_as_a_workbook_holds_no_formula_and_keeps_its_digest(text: str) -> None:
    given_protocol = replace(
        small_protocol(small_area("PLN", ["PLN-01"])), title=text, summary="http://example.org"
    )
    given_protocol = replace(
        given_protocol,
        areas=tuple(
            replace(area, elements=(replace(area.elements[0], title=text),))
            for area in given_protocol.areas
        ),
    )
    content = to_xlsx(given_protocol)
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in book.namelist():
            xml = book.read(name)
            if name.startswith("xl/worksheets/sheet"):
                assert b"<f>" not in xml
                assert b"<f " not in xml
                assert b"hyperlink" not in xml.lower()
            assert b'TargetMode="External"' not in xml
    again = read_protocol(from_xlsx(content, "again.xlsx"))
    assert again.title == text


@settings(max_examples=50)
@given(printable)
def test_normalised_registrations_are_guarded_and_come_back(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    record = Establishment(
        fei="3009999901",
        duns="999000001",
        name=text,
        address="1 Synthetic Street, Springfield, Ohio (USA)",
        country="USA",
        operations=("MANUFACTURE",),
        expires_on=date(2027, 12, 31),
    )
    lines = list(establishment_lines([record]))
    _assert_dead(csv.reader(io.StringIO("".join(lines), newline="")))
    path = tmp_path_factory.mktemp("normalised") / "establishments.csv"
    path.write_text("".join(lines), encoding="utf-8")
    assert import_establishments([path]).records[0].name == record.name


@pytest.mark.django_db
def test_the_exported_trail(cast: Cast) -> None:
    texts = ["=1+1", " \t=cmd|' /C calc'!A0", '"=1', "＝1", "@SUM(A1)", "\r=1", "-2+3"]
    for text in texts:
        with audit.event(
            by=cast.rex, what="test.noted", on=cast.organisations["Program Office"], sentence=text
        ):
            pass
    found = queries.trail(cast.rex, queries.Wanted(what="test.noted"))
    lines = queries.trail_csv(cast.rex, found)
    rows = list(csv.reader(io.StringIO("".join(lines), newline="")))
    _assert_dead(rows)
    assert {row[2] for row in rows[1:]} == {"'" + text for text in texts}


def _assert_dead(rows: Iterable[list[str]]) -> None:
    for row in rows:
        for cell in row:
            assert not _is_live(cell), cell
