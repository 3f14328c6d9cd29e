"""How far a sheet of a workbook reaches, found without laying it out.

Read by an XML parser and not by patterns: attributes in either quote, in any order, with ">" in
them, cells that give no address, and other encodings than UTF-8 all mean what they mean to the
program that opens the sheet later.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from openqmm.core.records.looks import FileFault

_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,9})\Z")


class SheetLook:
    """Reads a sheet piece by piece; raises FileFault as soon as it is known to be at fault."""

    def __init__(self, most_cells: int) -> None:
        self.rows = 0
        self.columns = 0
        self.cells = 0
        self.errors: list[str] = []
        self._most_cells = most_cells
        self._row = 0
        self._column = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = refuse_doctype
        self._parser.StartElementHandler = self._start

    def feed(self, xml: bytes) -> None:
        """Read a piece."""
        self._parser.Parse(xml, False)

    def close(self) -> None:
        """Read to the end."""
        self._parser.Parse(b"", True)

    @property
    def fault(self) -> str | None:
        """Why the sheet must not be laid out, if so."""
        if self.rows * self.columns > self._most_cells:
            return (
                f"a sheet reaches to row {self.rows:,} and column {self.columns:,}; delete what "
                "stands far below or beside the table."
            )
        return None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local == "c":
            self._cell(attributes)
        elif local == "row":
            stated = attributes.get("r", "").strip()
            self._row = int(stated) if stated.isascii() and stated.isdigit() else self._row + 1
            self._column = 0

    def _cell(self, attributes: dict[str, str]) -> None:
        self.cells += 1
        if self.cells > self._most_cells:
            raise FileFault(f"a sheet has more than {self._most_cells:,} cells; it is refused.")
        address = attributes.get("r", "").strip().upper()
        found = _ADDRESS.match(address)
        if found:
            self._column, self._row = column_number(found[1]), int(found[2])
        else:
            self._column += 1
        self.rows = max(self.rows, self._row)
        self.columns = max(self.columns, self._column)
        if attributes.get("t") == "e":
            self.errors.append(address)


def refuse_doctype(*_: object) -> None:
    """Refuse a document type: Office documents have none, and entities multiply in one."""
    raise FileFault(
        "a part of the document declares a document type (DOCTYPE), which Office documents never "
        "do; it is refused."
    )


def column_number(letters: str) -> int:
    """Return the number of a column, 1 for A."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
