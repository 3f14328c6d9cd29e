"""A file as rows of text cells with their line numbers, whatever its container and encoding."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from openqmm.core.errors import InvalidRecords, Problem
from openqmm.core.records import workbook_fault
from openqmm.core.registry.contents import (
    ZIP,
    Content,
    archived_contents,
    foreign_content,
    is_json,
    is_web_page,
    is_workbook,
    refusal,
    whole_file,
)
from openqmm.core.registry.json_records import FaultyJson, JsonRecords
from openqmm.core.registry.sheet_starts import first_sheet_rows

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Row = tuple[int, list[str]]
"""A line number (the first line is 1) and the stripped cells of that row."""

Page = Callable[[str], Iterator[Row]]
"""Turns the text of a web page into rows, the header first; none when it is another page."""

Place = Literal["line", "record"]

_DELIMITERS = ("\t", ",", ";")
# A full sheet of a million rows and the export's columns.
_MOST_CELLS = 20_000_000
_LONGEST_LINE = 16 << 20
_LONGEST_ROW = 10
"""Lines of one row: an address may hold line breaks, an unclosed quotation swallows the rest."""


def _no_day() -> date | None:
    return None


@dataclass(frozen=True, slots=True)
class Grid:
    """One way to read a file as rows: a delimiter, a sheet of a workbook, a member of an archive.

    `first_rows` gives the header too, and is quick where `rows` must read the file to its end to
    know its columns. Rows are counted in lines, of JSON in records (the header is row 0).
    `updated_on` is the day the file says it was updated, for those that say it.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    first_rows: Callable[[], Iterator[Row]]
    place: Place = "line"
    beside: str = ""
    updated_on: Callable[[], date | None] = _no_day


def open_grids(path: Path, expected: str, page: Page | None = None) -> Iterator[Grid]:
    """Yield the ways in which a file can be read, the likeliest first.

    Parameters
    ----------
    path : delimited text, JSON, a zip archive of one of them, or an XLSX workbook; told apart by
        content, not by name.
    expected : what the caller hopes for, quoted in refusals.
    page : how to read a web page, for the kinds that are published as one.

    Raises
    ------
    InvalidRecords
        The file is empty, a web page of no such kind, an old workbook, damaged, or beyond bounds.
    """
    content = whole_file(path)
    start = content.start()
    if start.startswith(ZIP):
        if is_workbook(path, expected):
            yield from _workbook_grids(path, expected)
            return
        for member in archived_contents(path, expected):
            yield from _content_grids(path, member, expected)
        return
    if page and is_web_page(start):
        rows = partial(_page_rows, path, page, expected)
        yield Grid("", rows, rows)
        return
    found = foreign_content(start)
    if found:
        raise refusal(path, found, expected)
    yield from _content_grids(path, content, expected)


def open_beginnings(path: Path, expected: str, page: Page | None = None) -> Iterator[Grid]:
    """Yield the grids of a file of which `first_rows` alone will be asked.

    Quicker than `open_grids` for workbooks, which are not opened whole.
    """
    start = whole_file(path).start()
    sheets = first_sheet_rows(path) if start.startswith(ZIP) else []
    if not any(sheets):
        yield from open_grids(path, expected, page)
        return
    for rows in sheets:
        told = partial(iter, rows)
        yield Grid("", told, told)


def _content_grids(path: Path, content: Content, expected: str) -> Iterator[Grid]:
    if is_json(content.start()):
        yield _json_grid(path, content, expected)
        return
    for delimiter in _DELIMITERS:
        rows = partial(_text_rows, path, content, delimiter)
        yield Grid(content.member, rows, rows, beside=content.beside)


def _json_grid(path: Path, content: Content, expected: str) -> Grid:
    records = JsonRecords(content)

    def told(rows: Callable[[], Iterator[Row]]) -> Iterator[Row]:
        try:
            yield from rows()
        except FaultyJson as fault:
            raise refusal(path, f"It is {fault}", expected) from fault

    return Grid(
        name=content.member,
        rows=partial(told, records.rows),
        first_rows=partial(told, records.first_rows),
        place="record",
        beside=content.beside,
        updated_on=lambda: records.outline().updated_on,
    )


def _page_rows(path: Path, page: Page, expected: str) -> Iterator[Row]:
    rows = page(_decoded(path.read_bytes()))
    first = next(rows, None)
    if first is None:
        raise refusal(path, foreign_content(b"<") or "", expected)
    yield first
    yield from rows


def _text_rows(path: Path, content: Content, delimiter: str) -> Iterator[Row]:
    with content.open() as file:
        raw_lines = iter(partial(file.readline, _LONGEST_LINE), b"")
        lines: Iterator[str] = map(_decoded, raw_lines)
        # The registration text file does not quote: a lone inch mark must stay a character, and
        # a stray carriage return must not end the row.
        if delimiter == "\t":
            lines = (line.replace("\r", " ") for line in lines)
            reader = csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
        else:
            reader = csv.reader(lines, delimiter=delimiter)
        unquote = _unquoted if delimiter == "\t" else str.strip
        line = 1
        try:
            for cells in reader:
                if reader.line_num - line >= _LONGEST_ROW:
                    raise csv.Error(f"it runs over {reader.line_num - line + 1:,} lines")
                yield line, [unquote(cell) for cell in cells]
                line = reader.line_num + 1
        except csv.Error as error:
            fault = f"a quotation mark in the row that starts here seems never to close ({error})"
            raise InvalidRecords(path.name, [Problem(fault, line=line)]) from error


def _decoded(raw: bytes) -> str:
    """Decode one line; the public files mix UTF-8 and Windows-1252 from line to line."""
    try:
        return raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        # Five bytes mean nothing in Windows-1252 either; they become a visible mark in the name.
        return raw.decode("cp1252", errors="replace")


def _unquoted(cell: str) -> str:
    """Return a tab-delimited cell without the quotes that spreadsheets put around some."""
    text = cell.strip()
    inside = text[1:-1]
    quoted = len(text) > 1 and text[0] == text[-1] == '"'
    if quoted and '"' not in inside.replace('""', ""):
        return inside.replace('""', '"').strip()
    return text


def _workbook_grids(path: Path, expected: str) -> Iterator[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook

    with path.open("rb") as file:
        fault = workbook_fault(file, most_bytes=2 << 30, most_cells=_MOST_CELLS)
    if fault:
        raise refusal(path, fault[0].upper() + fault[1:].removesuffix("."), expected)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            rows = partial(_sheet_rows, workbook.get_sheet_by_name(name))
            yield Grid(name, rows, rows)
    except CalamineError as error:
        raise refusal(
            path, f"It is a workbook that cannot be opened ({error})", expected
        ) from error


def _sheet_rows(sheet: CalamineSheet) -> Iterator[Row]:
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        yield line, [_cell_text(cell) for cell in cells]


def _cell_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    # Numbers typed into a sheet arrive as floats: an FEI of 3004333526.0 is 3004333526.
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    # A text of many lines would be taken for an unclosed quotation once it is in a CSV.
    return " ".join(str(cell).split())


def without_trailing_blanks(cells: list[str]) -> list[str]:
    """Return the cells up to the last one that holds something."""
    blanks = next((i for i, cell in enumerate(reversed(cells)) if cell), len(cells))
    return cells[: len(cells) - blanks]


def aligned(cells: list[str], width: int) -> list[str] | None:
    """Return the cells of a row as wide as its header, or None when they do not fit.

    Surplus cells may be blank: the registration file ends every row, but not the header, with a
    tab.
    """
    if len(cells) < width:
        return None
    return None if any(cells[width:]) else cells[:width]
