"""Workbooks from strangers: looked over as archives before any cell is read."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from openqmm.core.errors import InvalidProtocol, Problem

ZIP_MARK = b"PK\x03\x04"

_MOST_BYTES = 25 << 20
_MOST_BYTES_UNPACKED = 100 << 20
# The reader lays a sheet out as a full rectangle, so that one cell in the far corner of an
# otherwise empty sheet asks for all the memory there is.
_MOST_CELLS = 200_000
_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["']\s*([A-Za-z]{1,3})(\d{1,9})[^<>]*>""")
_SHOWS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")

Sheet = Sequence[Sequence[Any]]


def open_workbook(content: bytes, source: str) -> dict[str, Sheet]:
    """Return the sheets of an XLSX file by name, each a list of rows from row 1.

    Parameters
    ----------
    content : at most 25 MiB, unpacked at most 100 MiB, at most 200,000 cells a sheet.

    Raises
    ------
    InvalidProtocol
        The file is no workbook, damaged, or beyond these bounds.
    """
    if len(content) > _MOST_BYTES:
        raise _refusal(source, "the workbook has more than 25 MB; a protocol has far less.")
    try:
        _look_over(content, source)
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        message = f"this is no workbook that can be opened ({error}); save it again as .xlsx."
        raise _refusal(source, message) from None
    except (NotImplementedError, RuntimeError) as error:
        message = f"the workbook is protected or packed in an unknown way ({error}); save a copy."
        raise _refusal(source, message) from None


def _refusal(source: str, message: str) -> InvalidProtocol:
    return InvalidProtocol(source, [Problem(message, source=source)])


def _look_over(content: bytes, source: str) -> None:
    """Refuse an archive whose unpacked size or sheet bounds would exhaust the memory."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        if sum(member.file_size for member in members) > _MOST_BYTES_UNPACKED:
            raise _refusal(source, "the workbook unpacks to more than 100 MB; it is refused.")
        if not any(member.filename == "xl/workbook.xml" for member in members):
            raise _refusal(source, "this archive is no Excel workbook (.xlsx).")
        for member in members:
            # Reading a member to its end also checks that its stated size is its true one.
            unpacked = archive.read(member)
            if member.filename.startswith("xl/worksheets/"):
                _look_over_sheet(unpacked, source)


def _look_over_sheet(xml: bytes, source: str) -> None:
    rows = columns = 0
    errors: list[str] = []
    for cell in _CELL.finditer(xml):
        letters, digits = cell.groups()
        rows = max(rows, int(digits))
        columns = max(columns, _column_number(letters))
        if _SHOWS_ERROR.search(cell.group()):
            errors.append(f"{letters.decode()}{digits.decode()}")
    if errors:
        # The reader gives such a cell as an empty one, which would lose it without a word.
        shown = ", ".join(errors[:20])
        message = f"a formula shows an error (such as #REF!) in {shown}; write the value itself."
        raise _refusal(source, message)
    if rows * columns > _MOST_CELLS:
        message = (
            f"a sheet reaches to row {rows:,} and column {columns:,}; delete what stands far "
            "below or beside the table."
        )
        raise _refusal(source, message)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
