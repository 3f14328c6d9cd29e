"""Workbooks from strangers: looked over as archives before any cell is read."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers.expat import ExpatError

from openqmm.core.records.looks import FileFault
from openqmm.core.records.sheets import SheetLook

_PIECE_BYTES = 1 << 20
_XML_MARKS = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x00<")
# Parts that hold no cells although they may be long.
_NOT_SHEETS = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/theme/", "docProps/")
# Drawings in the old notation are often no well-formed XML.
_MAY_BE_BROKEN = ".vml"


def workbook_fault(file: BinaryIO, *, most_bytes: int, most_cells: int) -> str | None:
    """Return why an XLSX file must not be read, as a sentence, or None.

    Parameters
    ----------
    file : the workbook, seekable.
    most_bytes : how large it may become when unpacked.
    most_cells : rows times columns that a sheet's outermost cells may span. The reader lays a sheet
        out as a full rectangle, so that one cell in the far corner of an otherwise empty
        sheet asks for all the memory there is.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            return _archive_fault(archive, most_bytes, most_cells)
    except FileFault as fault:
        return str(fault)
    except (zipfile.BadZipFile, zlib.error, EOFError, ExpatError) as error:
        return f"this is not a workbook that can be opened ({error}); save it again as .xlsx."
    except (NotImplementedError, RuntimeError) as error:
        return f"the workbook is protected or packed in an unknown way ({error}); save a copy."


def _archive_fault(archive: zipfile.ZipFile, most_bytes: int, most_cells: int) -> str | None:
    members = archive.infolist()
    if sum(member.file_size for member in members) > most_bytes:
        return f"the workbook unpacks to more than {most_bytes >> 20} MB; it is refused."
    if not any(member.filename == "xl/workbook.xml" for member in members):
        return "this archive is not an Excel workbook (.xlsx)."
    for member in members:
        # Read to its end in any case: that checks that its stated size is its true one. A
        # sheet is known by its cells, not by its place: the workbook may name any part.
        pieces = unpacked(archive, member)
        first = next(pieces, b"")
        if not _may_be_sheet(member.filename, first):
            for _ in pieces:
                pass
        elif fault := _sheet_fault(first, pieces, most_cells):
            return fault
    return None


def _may_be_sheet(name: str, first: bytes) -> bool:
    if name.startswith(_NOT_SHEETS):
        return False
    if name.endswith(_MAY_BE_BROKEN) and b"sheetData" not in first:
        return False
    return first.lstrip().startswith(_XML_MARKS)


def _sheet_fault(first: bytes, pieces: Iterator[bytes], most_cells: int) -> str | None:
    look = SheetLook(most_cells)
    look.feed(first)
    for piece in pieces:
        look.feed(piece)
    look.close()
    if look.errors:
        # The reader gives such a cell as an empty one, which would lose it without a word.
        shown = ", ".join(look.errors[:20])
        return f"a formula shows an error (such as #REF!) in {shown}; write the value itself."
    return look.fault


def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a member of an archive in pieces."""
    with archive.open(member) as content:
        while piece := content.read(_PIECE_BYTES):
            yield piece
