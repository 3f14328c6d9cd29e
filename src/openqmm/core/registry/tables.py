"""Find the table in a file: match its header by aliases, then hand out numbered rows.

Headers are searched for, never assumed on the first line: some exports put titles and filters
above them. A column is matched by its name only; one that is not known is reported, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NoReturn

from openqmm.core.errors import InvalidRecords, Problem
from openqmm.core.records import spreadsheet_plain
from openqmm.core.registry.contents import refusal
from openqmm.core.registry.grids import (
    Grid,
    Page,
    Place,
    aligned,
    open_beginnings,
    open_grids,
    without_trailing_blanks,
)
from openqmm.core.registry.identity import MISSING

_HEADER_SEARCHED = 40
_SHOWN_CHARACTERS = 80


@dataclass(frozen=True, slots=True)
class Layout:
    """How one kind of public file names its columns.

    `names` gives, for each field, the header names it may have, the preferred first; `required`
    are the fields without which the file is not of this kind; `ignored` are known header names
    that are not used, of JSON also the outer keys of inner objects. `page` reads the web page that
    a kind is published as.
    """

    kind: str
    title: str
    names: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    page: Page | None = None

    @property
    def expected(self) -> str:
        """The kind and the columns it must have, for messages."""
        columns = ", ".join(self.names[field][0] for field in self.required)
        return f"{self.title} with the columns {columns}"


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that was rejected, or kept with one cell not understood.

    `line` counts lines, in JSON records; `place` says which.
    """

    source: str
    line: int
    column: str
    reason: str
    value: str = ""
    place: Place = "line"

    def __str__(self) -> str:
        value = f" ({self.value!r})" if self.value else ""
        return f"{self.source}, {self.place} {self.line}: {self.column} {self.reason}{value}"


class RowRefused(Exception):
    """A row cannot be read; holds the `RowProblem`."""

    def __init__(self, problem: RowProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Header:
    """Where the table of a file begins and which of its columns is which field."""

    grid: Grid
    line: int
    cells: tuple[str, ...]
    index: Mapping[str, int]
    unrecognised: tuple[str, ...]


class Row:
    """One row under a header: its cells by field, and how to say what is wrong with it."""

    __slots__ = ("_cells", "_header", "doubts", "line", "source")

    def __init__(self, source: str, line: int, header: Header, cells: list[str]) -> None:
        self.source = source
        self.line = line
        self.doubts: list[RowProblem] = []
        self._header = header
        self._cells = cells

    def has(self, field: str) -> bool:
        """Return whether the file has a column for the field."""
        return field in self._header.index

    def text(self, field: str) -> str:
        """Return the cell of a field; "" when it is missing or the file has no such column."""
        position = self._header.index.get(field)
        text = "" if position is None else self._cells[position]
        # Cells are stripped already; whole exports hold millions of them. Only our own normalised
        # files guard a cell against being run as a formula.
        if text.startswith("'"):
            text = spreadsheet_plain(text)
        return "" if text.lower() in MISSING else text

    def refuse(self, field: str, reason: str) -> NoReturn:
        """Give the row up because of one cell."""
        raise RowRefused(self._problem(field, reason))

    def doubt(self, field: str, reason: str) -> None:
        """Keep the row, and report one cell that could not be understood."""
        self.doubts.append(self._problem(field, reason))

    def require(self, field: str) -> str:
        """Return the cell of a field, or give the row up when it is missing."""
        return self.text(field) or self.refuse(field, "is missing")

    def _problem(self, field: str, reason: str) -> RowProblem:
        position = self._header.index[field]
        column, value = self._header.cells[position], self._cells[position]
        shown = value[:_SHOWN_CHARACTERS]
        place = self._header.grid.place
        return RowProblem(self.source, self.line, column, reason, shown, place)


def find_header(path: Path, layout: Layout) -> Header:
    """Return the header of the table in a file.

    Raises
    ------
    InvalidRecords
        The file holds no such table; the message names what was found and what is expected.
    """
    nearest: Header | None = None
    for grid in open_grids(path, layout.expected, layout.page):
        for line, cells in _searched(grid, grid.rows()):
            header = _match(grid, line, cells, layout)
            if not _lacking(header, layout):
                _refuse_repeated_columns(path, header, layout)
                return header
            if nearest is None or len(header.index) > len(nearest.index):
                nearest = header
    raise refusal(path, _without_header(nearest, layout), layout.expected)


def layouts_of(path: Path, layouts: Iterable[Layout]) -> list[Layout]:
    """Return the layouts whose header a file has, from the first of its tables that has any.

    Reads the beginning of the file only.

    Raises
    ------
    InvalidRecords
        The file holds no table at all.
    """
    asked = tuple(layouts)
    page = next((layout.page for layout in asked if layout.page), None)
    for grid in open_beginnings(path, "public records", page):
        for line, cells in _searched(grid, grid.first_rows()):
            found = [one for one in asked if not _lacking(_match(grid, line, cells, one), one)]
            if found:
                return found
    return []


def _searched(grid: Grid, rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows in which a header is looked for; the columns of JSON are its first row."""
    for line, cells in islice(rows, _HEADER_SEARCHED if grid.place == "line" else 1):
        if any(cells):
            yield line, without_trailing_blanks(cells)


def rows_below(path: Path, header: Header) -> Iterator[Row | RowProblem]:
    """Yield the rows under a header; a row of another width comes as the problem it is.

    Blank rows are passed over.
    """
    width = len(header.cells)
    for line, cells in header.grid.rows():
        if line <= header.line or not any(cells):
            continue
        # A row of another width has a separator too many or too few somewhere: every cell after
        # it would be read as its neighbour.
        fitting = aligned(cells, width)
        if fitting is None:
            n = len(without_trailing_blanks(cells))
            reason = "has another number of cells than the header"
            yield RowProblem(path.name, line, "the row", reason, f"{n} instead of {width}")
        else:
            yield Row(path.name, line, header, fitting)


def fold_header(name: str) -> str:
    """Return a header name as compared: letters and digits in lower case.

    `FEI_NUMBER`, ` FEI Number` and `FEINumber` are the same column.
    """
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _match(grid: Grid, line: int, cells: list[str], layout: Layout) -> Header:
    """Return a row read as header; it is one if nothing required is lacking."""
    positions: dict[str, int] = {}
    # The first of equal names is taken here; `_refuse_repeated_columns` turns such files away.
    for i, cell in enumerate(cells):
        positions.setdefault(fold_header(cell), i)
    index = {
        field: positions[folded]
        for field, names in layout.names.items()
        if (folded := next((f for f in map(fold_header, names) if f in positions), None))
    }
    known = {fold_header(name) for names in layout.names.values() for name in names}
    known |= {fold_header(name) for name in layout.ignored}
    unrecognised = tuple(
        cell
        for cell in cells
        if cell and fold_header(cell) not in known and fold_header(cell.split(".")[0]) not in known
    )
    return Header(grid, line, tuple(cells), index, unrecognised)


def _lacking(header: Header, layout: Layout) -> list[str]:
    return [layout.names[field][0] for field in layout.required if field not in header.index]


def _without_header(nearest: Header | None, layout: Layout) -> str:
    """Say what the rows searched for a header hold instead: the nearest miss, if there is one."""
    if nearest is None:
        return f"Its first {_HEADER_SEARCHED} rows are empty"
    # Naming single columns helps only when the rest of the header is there.
    line, lacking = nearest.line, _lacking(nearest, layout)
    start = ", ".join(filter(None, nearest.cells))[:_SHOWN_CHARACTERS]
    near = len(lacking) * 2 < len(layout.required)
    if nearest.grid.place == "record":
        found = f"Its records lack {', '.join(lacking)}" if near else f"Its records have {start!r}"
    elif near:
        found = f"The header in line {line} lacks {', '.join(lacking)}"
    else:
        found = f"No header in its first {_HEADER_SEARCHED} rows; line {line} reads {start!r}"
    if not nearest.grid.beside:
        return found
    archive = f"It is a zip archive (it holds {nearest.grid.beside})"
    return f"{archive}; {nearest.grid.name}: {found[0].lower()}{found[1:]}"


def _refuse_repeated_columns(path: Path, header: Header, layout: Layout) -> None:
    """Two columns of one name hold two values: which is meant cannot be told."""
    folded = [fold_header(cell) for cell in header.cells]
    problems = [
        Problem(
            f"the column stands {folded.count(folded[i])} times in the header; keep one",
            line=header.line,
            column=header.cells[i],
        )
        for field, i in header.index.items()
        if field in layout.names and folded.count(folded[i]) > 1
    ]
    if problems:
        raise InvalidRecords(path.name, problems)
