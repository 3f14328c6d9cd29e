"""The workbook authors work in: faults named by cell, and hostile files refused."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from openqmm.core.errors import InvalidProtocol, Problem
from openqmm.core.protocols import Protocol, read_protocol
from openqmm.core.protocols.exchange_xlsx import from_xlsx, to_xlsx
from tests.core.protocols.forms import protocol_form, protocol_of

Sheets = dict[str, list[list[Any]]]


def sheets_of(protocol: Protocol) -> Sheets:
    book = CalamineWorkbook.from_filelike(io.BytesIO(to_xlsx(protocol)))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def workbook(sheets: Sheets) -> bytes:
    """Write the sheets as another program would: numbers as numbers, dates as dates."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(r, c, cell, day)
                    elif cell != "":
                        sheet.write(r, c, cell)
    return content.getvalue()


def edited(change: Callable[[Sheets], None]) -> bytes:
    sheets = sheets_of(protocol_of(protocol_form()))
    change(sheets)
    return workbook(sheets)


def set_cell(sheet: str, row: int, header: str, value: Any) -> Callable[[Sheets], None]:
    def change(sheets: Sheets) -> None:
        sheets[sheet][row - 1][sheets[sheet][0].index(header)] = value

    return change


def faults_of(content: bytes) -> list[Problem]:
    with pytest.raises(InvalidProtocol) as refusal:
        read_protocol(from_xlsx(content, "book.xlsx"))
    return list(refusal.value.problems)


def test_the_sheets_stand_in_the_order_of_work() -> None:
    sheets = sheets_of(protocol_of(protocol_form()))
    assert list(sheets) == ["how to", "about", "scale", "areas", "elements", "questions"]
    assert len(sheets["questions"]) == 4
    header = sheets["questions"][0]
    assert sheets["questions"][1][header.index("criteria 5")] == "Seen twice.\nGiven away."


def test_a_workbook_saved_by_another_program_reads_the_same() -> None:
    protocol = protocol_of(protocol_form())
    again = read_protocol(from_xlsx(workbook(sheets_of(protocol)), "book.xlsx"))
    assert again.digest == protocol.digest


def test_rows_can_be_blank_and_columns_in_another_order() -> None:
    def change(sheets: Sheets) -> None:
        sheets["questions"] = [row[::-1] for row in sheets["questions"]]
        sheets["questions"].insert(2, ["", " ", ""])

    protocol = protocol_of(protocol_form())
    assert read_protocol(from_xlsx(edited(change), "book.xlsx")).digest == protocol.digest


@pytest.mark.parametrize(
    ("sheet", "row", "header", "value", "expected"),
    [
        ("questions", 3, "level 4", "", "4 is missing from question Q-2, levels"),
        ("questions", 3, "documents", "", "documents is missing from question Q-2, look_at"),
        ("questions", 4, "weight", "heavy", "expected a number"),
        ("questions", 4, "weight", 0, "greater than 0"),
        ("questions", 2, "key", "perhaps", "is 'perhaps'"),
        ("questions", 2, "element", "A.2", "element 'A.2' is not in the sheet elements; did you"),
        ("questions", 2, "area", "B", "A.1 belongs to A"),
        ("questions", 2, "evidence", "document\nhearsay", "is 'hearsay'"),
        ("questions", 3, "id", "Q-1", "Q-1 is used twice"),
        ("questions", 3, "id", "q-1", "differs from Q-1 only in capitals"),
        ("questions", 3, "intent", "#REF!", "a spreadsheet's error stands"),
        ("elements", 2, "area", "Z", "area 'Z' is not in the sheet areas"),
        ("areas", 3, "title", "", "title is missing from area B"),
        ("areas", 3, "summary", date(2026, 11, 22), "holds a date"),
        ("scale", 2, "level", 9, "less than or equal to 5"),
    ],
)
def test_a_fault_names_sheet_row_and_column(
    sheet: str, row: int, header: str, value: Any, expected: str
) -> None:
    faults = faults_of(edited(set_cell(sheet, row, header, value)))
    matching = [fault for fault in faults if expected in fault.message]
    assert matching, faults
    where = {(fault.source, fault.line, fault.column) for fault in matching}
    assert (f"book.xlsx, sheet {sheet}", row, header) in where


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("version", 1.1, "the version is a number here (1.1)"),
        ("id", "Not An Id", "should match pattern"),
        ("title", "", "title is missing"),
        ("cut points", "1.5\n2.5", "at least 4 items"),
        ("cut points", "1.5\n2.5\n2.5\n4", "do not rise"),
        ("area gate", "wide", "valid integer"),
    ],
)
def test_a_fault_of_the_about_sheet_names_its_key(key: str, value: Any, expected: str) -> None:
    def change(sheets: Sheets) -> None:
        next(row for row in sheets["about"] if row[0] == key)[1] = value

    faults = faults_of(edited(change))
    matching = [fault for fault in faults if expected in fault.message]
    assert matching, faults
    assert matching[0].source == "book.xlsx, sheet about"
    assert matching[0].column == key


def test_columns_missing_unknown_or_doubled_are_named() -> None:
    def change(sheets: Sheets) -> None:
        header = sheets["questions"][0]
        header[header.index("intent")] = "intents"
        header[header.index("topic")] = "text"

    said = [str(fault) for fault in faults_of(edited(change))]
    assert "book.xlsx, sheet questions, line 1, intent: this column is missing; add it." in said
    assert any("line 1, intents: this column is not known; did you mean intent?" in s for s in said)
    assert any("line 1, text: this column stands here a second time" in s for s in said)


def test_a_doubled_or_unknown_key_of_the_about_sheet_is_named() -> None:
    def change(sheets: Sheets) -> None:
        sheets["about"] += [["titel", "x", ""], ["title", "y", ""], ["", "a note", ""]]

    said = [fault.message for fault in faults_of(edited(change))]
    assert "'titel' is not known; did you mean title?" in said
    assert "'title' stands here a second time." in said


def test_all_faults_of_all_sheets_come_at_once() -> None:
    def change(sheets: Sheets) -> None:
        set_cell("areas", 2, "title", "")(sheets)
        set_cell("questions", 2, "level 1", "")(sheets)
        set_cell("questions", 3, "id", "Q-3")(sheets)

    said = "\n".join(str(fault) for fault in faults_of(edited(change)))
    assert "title is missing" in said
    assert "1 is missing from question Q-1" in said
    assert "Q-3 is used twice" in said


def test_a_missing_sheet_is_named() -> None:
    def change(sheets: Sheets) -> None:
        sheets["question"] = sheets.pop("questions")

    (fault,) = faults_of(edited(change))
    assert "the sheet 'questions' is missing; is it the one named 'question'?" in fault.message


def zipped(members: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return content.getvalue()


def members_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_cell_in_the_far_corner_is_refused_before_memory_is_asked_for() -> None:
    members = members_of(to_xlsx(protocol_of(protocol_form())))
    name = "xl/worksheets/sheet6.xml"
    members[name] = re.sub(rb'r="A2"', b'r="XFD1048576"', members[name], count=1)
    with pytest.raises(InvalidProtocol, match=r"reaches to row 1,048,576 and column 16,384"):
        from_xlsx(zipped(members), "book.xlsx")


def test_a_formula_that_shows_an_error_is_refused_and_not_read_as_empty() -> None:
    members = members_of(to_xlsx(protocol_of(protocol_form())))
    name = "xl/worksheets/sheet6.xml"
    error = rb'<c r="\1" t="e"><f>A9</f><v>#REF!</v></c>'
    members[name] = re.sub(rb'<c r="(W3)"[^>]*>.*?</c>', error, members[name], count=1)
    with pytest.raises(InvalidProtocol, match=r"shows an error \(such as #REF!\) in W3"):
        from_xlsx(zipped(members), "book.xlsx")


def test_an_archive_that_unpacks_without_end_is_refused() -> None:
    members = members_of(to_xlsx(protocol_of(protocol_form())))
    members["xl/media/zeros.bin"] = bytes(101 << 20)
    with pytest.raises(InvalidProtocol, match="unpacks to more than 100 MB"):
        from_xlsx(zipped(members), "book.xlsx")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (bytes(26 << 20), "more than 25 MB"),
        (b"PK\x03\x04 and no more", "not a workbook that can be opened"),
        (zipped({"a.txt": b"x"}), "not an Excel workbook"),
        (zipped({"xl/workbook.xml": b"<x"}), "not a workbook that can be opened"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, expected: str) -> None:
    with pytest.raises(InvalidProtocol, match=expected):
        from_xlsx(content, "book.xlsx")


def test_a_cut_or_altered_workbook_is_refused_or_read_but_never_crashes() -> None:
    content = to_xlsx(protocol_of(protocol_form()))
    for cut in range(0, len(content), len(content) // 40):
        altered = bytearray(content)
        altered[cut : cut + 4] = b"\xff\x00\xff\x00"
        for broken in (content[:cut], bytes(altered)):
            with suppress(InvalidProtocol):
                read_protocol(from_xlsx(broken, "book.xlsx"))
