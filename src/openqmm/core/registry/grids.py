"""A file as rows of text cells with their line numbers, whatever its container and encoding."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from openqmm.core.errors import InvalidRecords, Problem
from openqmm.core.records import workbook_fault

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

Row = tuple[int, list[str]]
"""A line number (the first line is 1) and the stripped cells of that row."""

_DELIMITERS = ("\t", ",", ";")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_SNIFFED_BYTES = 4096
_LONGEST_ROW = 10
# A full sheet of a million rows and the export's columns.
_MOST_CELLS = 20_000_000
"""Lines of one row: an address may hold line breaks, an unclosed quotation swallows the rest."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One way to read a file as rows: a delimiter, or a sheet of a workbook."""

    name: str
    rows: Callable[[], Iterator[Row]]


def refusal(path: Path, found: str, expected: str) -> InvalidRecords:
    """Return the error for a file that is not what it was said to be: found, then expected."""
    return InvalidRecords(path.name, [Problem(f"{found}. Expected {expected}.")])


def open_grids(path: Path, expected: str) -> Iterator[Grid]:
    """Yield the ways in which a file can be read, the likeliest first.

    Parameters
    ----------
    path : a delimited text file or an XLSX workbook; told apart by content, not by name.
    expected : what the caller hopes for, quoted in refusals.

    Raises
    ------
    InvalidRecords
        The file is empty, a web page, another archive, an old workbook, or damaged.
    """
    with path.open("rb") as file:
        start = file.read(_SNIFFED_BYTES)
    if start.startswith(_ZIP):
        yield from _workbook_grids(path, expected)
        return
    found = _foreign_content(start)
    if found:
        raise refusal(path, found, expected)
    for delimiter in _DELIMITERS:
        yield Grid("", partial(_text_rows, path, delimiter))


def _foreign_content(start: bytes) -> str | None:
    """Name content that is neither delimited text nor a workbook; None when it may be text."""
    text = start.removeprefix(_BYTE_ORDER_MARK).strip()
    if not text and len(start) < _SNIFFED_BYTES:
        return "It is empty"
    # The registration host answers unknown clients with an apology page and status 200.
    if text.startswith(b"<"):
        return "It is a web page or XML (it starts with '<'), perhaps an error page of the source"
    if start.startswith(_OLD_EXCEL):
        return "It is an old (.xls) or password-protected Excel workbook; save it as .xlsx or CSV"
    if start.startswith(_UTF16_MARKS) or b"\x00" in start:
        return "It is binary or UTF-16 text; save it as UTF-8 CSV"
    return None


def _text_rows(path: Path, delimiter: str) -> Iterator[Row]:
    with path.open("rb") as file:
        lines = (_decoded(raw) for raw in file)
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

    found = _other_archive(path)
    if found:
        raise refusal(path, found, expected)
    with path.open("rb") as file:
        fault = workbook_fault(file, most_bytes=2 << 30, most_cells=_MOST_CELLS)
    if fault:
        raise refusal(path, fault[0].upper() + fault[1:].removesuffix("."), expected)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for name in workbook.sheet_names:
            yield Grid(name, partial(_sheet_rows, workbook.get_sheet_by_name(name)))
    except CalamineError as error:
        raise refusal(
            path, f"It is a workbook that cannot be opened ({error})", expected
        ) from error


def _other_archive(path: Path) -> str | None:
    """Name a file that starts like a zip archive but is no workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        return "It is a damaged zip archive or workbook; download it again"
    if any(name.startswith("xl/") for name in names):
        return None
    inside = ", ".join(names[:3]) or "nothing"
    return f"It is a zip archive (it holds {inside}); unpack it and give the file inside"


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
    return str(cell).strip()


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
