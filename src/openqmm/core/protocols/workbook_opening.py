"""Workbooks from strangers: looked over as archives before any cell is read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from openqmm.core.errors import InvalidProtocol, Problem
from openqmm.core.records import workbook_fault

ZIP_MARK = b"PK\x03\x04"

_MOST_BYTES = 25 << 20
_MOST_BYTES_UNPACKED = 100 << 20
_MOST_CELLS = 200_000

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
    fault = workbook_fault(
        io.BytesIO(content), most_bytes=_MOST_BYTES_UNPACKED, most_cells=_MOST_CELLS
    )
    if fault:
        raise _refusal(source, fault)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return {
            name: book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        }
    except CalamineError as error:
        message = f"this is not a workbook that can be opened ({error}); save it again as .xlsx."
        raise _refusal(source, message) from None


def _refusal(source: str, message: str) -> InvalidProtocol:
    return InvalidProtocol(source, [Problem(message, source=source)])
