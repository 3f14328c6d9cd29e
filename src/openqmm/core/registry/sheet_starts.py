"""The first rows of a workbook's sheets, read without laying the sheets out.

Enough to tell what a workbook holds; a whole export takes ten seconds and more to open.
"""

from __future__ import annotations

import zipfile
import zlib
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar
from xml.parsers import expat

from openqmm.core.records.looks import FileFault
from openqmm.core.records.sheets import column_number, refuse_doctype

_ROWS = 40
_COLUMNS = 200
_PIECE = 1 << 16
# Texts are shared in one part, in the order in which most programs first met them.
_MOST_PIECES = 64
_SHEETS = "xl/worksheets/"
_TEXTS = "xl/sharedStrings.xml"


def first_sheet_rows(path: Path) -> list[list[tuple[int, list[str]]]]:
    """Return the first rows of each sheet, with their numbers; none of what cannot be read.

    Numbers and dates come as the workbook holds them, not as it shows them.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.startswith(_SHEETS)]
            sheets = [_read(archive, name, _Sheet()) for name in names if name.endswith(".xml")]
            needed = max((sheet.last_text for sheet in sheets), default=-1)
            texts = _Texts(needed)
            if needed >= 0 and _TEXTS in archive.namelist():
                _read(archive, _TEXTS, texts)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError):
        return []
    except (expat.ExpatError, FileFault, ValueError):
        return []
    return [sheet.rows(texts.found) for sheet in sheets]


class _Enough(Exception):
    """What was looked for has been read."""


class _Part:
    """One XML part of a workbook, read until enough is known."""

    def __init__(self) -> None:
        self.text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, name: str) -> None:
        raise NotImplementedError


P = TypeVar("P", bound=_Part)


class _Sheet(_Part):
    def __init__(self) -> None:
        super().__init__()
        self.last_text = -1
        # A cell is a column with its text, or with the number of a shared one.
        self._rows: list[list[tuple[int, str | int]]] = []
        self._kind = ""
        self._column = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            if len(self._rows) == _ROWS:
                raise _Enough
            self._rows.append([])
            self._column = 0
        elif name == "c":
            letters = attributes.get("r", "").rstrip("0123456789").upper()
            self._column = column_number(letters) if letters else self._column + 1
            self._kind = attributes.get("t", "")
            self.text.clear()
        elif name in {"v", "t"}:
            self.text.clear()

    def end(self, name: str) -> None:
        if name != "c" or not self._rows or not 0 < self._column <= _COLUMNS:
            return
        text = "".join(self.text).strip()
        if self._kind == "s" and text:
            self.last_text = max(self.last_text, int(text))
            self._rows[-1].append((self._column, int(text)))
        elif text:
            self._rows[-1].append((self._column, text))
        self.text.clear()

    def rows(self, texts: list[str]) -> list[tuple[int, list[str]]]:
        """Return the rows with their texts in place."""
        return [
            (number, _laid_out(cells, texts)) for number, cells in enumerate(self._rows, start=1)
        ]


class _Texts(_Part):
    def __init__(self, needed: int) -> None:
        super().__init__()
        self.found: list[str] = []
        self._needed = needed

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "si":
            self.text.clear()

    def end(self, name: str) -> None:
        if name == "si":
            self.found.append("".join(self.text))
            if len(self.found) > self._needed:
                raise _Enough


def _laid_out(cells: list[tuple[int, str | int]], texts: list[str]) -> list[str]:
    row = [""] * max((column for column, _ in cells), default=0)
    for column, cell in cells:
        if isinstance(cell, str):
            row[column - 1] = cell
        elif cell < len(texts):
            row[column - 1] = " ".join(texts[cell].split())
    return row


def _read(archive: zipfile.ZipFile, name: str, part: P) -> P:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.StartElementHandler = lambda tag, attributes: part.start(_local(tag), attributes)
    parser.EndElementHandler = lambda tag: part.end(_local(tag))
    parser.CharacterDataHandler = part.text.append
    with archive.open(name) as file:
        try:
            for piece in islice(iter(partial(file.read, _PIECE), b""), _MOST_PIECES):
                parser.Parse(piece, False)
        except _Enough:
            pass
    return part


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]
