"""Workbooks from strangers: looked over as archives before any cell is read."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

_CELL = re.compile(rb"""<(?:\w+:)?c\s[^<>]*?\br\s*=\s*["']\s*([A-Za-z]{1,3})(\d{1,9})[^<>]*>""")
_SHOWS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")

_PIECE_BYTES = 1 << 20


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
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
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
        if member.filename.startswith("xl/worksheets/"):
            look = _Look()
            for piece in _pieces(archive, member):
                look.at(piece)
            if fault := look.fault(most_cells):
                return fault
        else:
            # Read to its end all the same: that checks that its stated size is its true one.
            for _ in _pieces(archive, member):
                pass
    return None


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a member in pieces that end where a tag ends (unless the tag is absurdly long)."""
    rest = b""
    with archive.open(member) as unpacked:
        while read := unpacked.read(_PIECE_BYTES):
            piece = rest + read
            end = piece.rfind(b">") + 1 or len(piece)
            yield piece[:end]
            rest = piece[end:]
    yield rest


@dataclass
class _Look:
    """How far a sheet reaches, and which of its cells show an error."""

    rows: int = 0
    columns: int = 0
    errors: list[str] = field(default_factory=list)

    def at(self, xml: bytes) -> None:
        for cell in _CELL.finditer(xml):
            letters, digits = cell.groups()
            self.rows = max(self.rows, int(digits))
            self.columns = max(self.columns, _column_number(letters))
            if _SHOWS_ERROR.search(cell.group()):
                self.errors.append(f"{letters.decode()}{digits.decode()}")

    def fault(self, most_cells: int) -> str | None:
        if self.errors:
            # The reader gives such a cell as an empty one, which would lose it without a word.
            shown = ", ".join(self.errors[:20])
            return f"a formula shows an error (such as #REF!) in {shown}; write the value itself."
        if self.rows * self.columns > most_cells:
            return (
                f"a sheet reaches to row {self.rows:,} and column {self.columns:,}; delete what "
                "stands far below or beside the table."
            )
        return None


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number
