"""From the sheets of a workbook to the authoring form of a protocol, each value with its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, time, timedelta
from difflib import get_close_matches
from typing import Any

from openqmm.core.errors import InvalidProtocol, Problem
from openqmm.core.protocols.located import Located, Path, Place, problem_at, put_at
from openqmm.core.protocols.workbook_layout import (
    ABOUT,
    ABOUT_ROWS,
    AREAS,
    ELEMENTS,
    OFF,
    QUESTIONS,
    SCALE,
    SHEETS,
    Column,
    Kind,
)
from openqmm.core.protocols.workbook_opening import Sheet, open_workbook


def read_workbook(content: bytes, source: str) -> Located:
    """Return the protocol of a workbook as plain data with sheet, row and column of each value.

    Raises
    ------
    InvalidProtocol
        The file cannot be opened as a workbook or lacks a sheet.
    """
    found = open_workbook(content, source)
    sheets = {name.strip().casefold(): sheet for name, sheet in found.items()}
    missing = [name for name in (ABOUT, *SHEETS) if name not in sheets]
    if missing:
        raise InvalidProtocol(source, [_missing_sheet(name, sheets, source) for name in missing])
    return _WorkbookReader(sheets, source).read()


def _missing_sheet(name: str, sheets: dict[str, Sheet], source: str) -> Problem:
    near = get_close_matches(name, sheets, n=1)
    hint = f"is it the one named {near[0]!r}?" if near else f"expected {', '.join(SHEETS)}."
    return Problem(f"the sheet {name!r} is missing; {hint}", source=source)


class _WorkbookReader:
    """Builds the authoring form sheet by sheet; keeps every fault and goes on."""

    def __init__(self, sheets: dict[str, Sheet], source: str) -> None:
        self.sheets = sheets
        self.source = source
        self.form: dict[str, Any] = {"format": "openqmm-protocol/1"}
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.elements: dict[str, Path] = {}

    def read(self) -> Located:
        self._about()
        steps = enumerate(self._entries(SCALE))
        self.form[SCALE] = [self._kept((SCALE,), i, step) for i, step in steps]
        self._areas()
        self._elements()
        self._questions()
        return Located(self.source, self.form, self.places, tuple(self.problems))

    def _fault(self, place: Place, message: str) -> None:
        self.problems.append(problem_at(self.source, place, message))

    def _about(self) -> None:
        part = f"sheet {ABOUT}"
        self.places[()] = Place(1, part=part)
        known = {key.header: key for key in ABOUT_ROWS}
        seen = {""}
        for row, cells in enumerate(self.sheets[ABOUT][1:], start=2):
            name = str(cells[0]).strip().casefold() if cells else ""
            if name in seen:
                if name:
                    self._fault(Place(row, "key", part), f"{name!r} stands here a second time.")
                continue
            seen.add(name)
            if name not in known:
                self._fault(Place(row, "key", part), f"{name!r} is not known{_hint(name, known)}")
                continue
            place = Place(row, name, part)
            self.places[known[name].path] = place
            self._put(self.form, known[name], cells[1] if len(cells) > 1 else "", place)

    def _areas(self) -> None:
        areas = self.form[AREAS] = []
        for i, (entry, places) in enumerate(self._entries(AREAS)):
            areas.append(self._kept((AREAS,), i, ({**entry, "elements": []}, places)))

    def _elements(self) -> None:
        numbers = {area.get("id"): i for i, area in enumerate(self.form[AREAS])}
        for entry, places in self._entries(ELEMENTS):
            name = entry.pop("area", None)
            if name not in numbers:
                message = f"area {name!r} is not in the sheet areas{_hint(name, numbers)}"
                self._fault(places["area",], message)
                continue
            path = (AREAS, numbers[name], "elements")
            elements = self.form[AREAS][numbers[name]]["elements"]
            self.elements.setdefault(str(entry.get("id")), (*path, len(elements)))
            elements.append(self._kept(path, len(elements), ({**entry, "questions": []}, places)))

    def _questions(self) -> None:
        questions = self.form[QUESTIONS] = []
        for i, (entry, places) in enumerate(self._entries(QUESTIONS)):
            area, element = entry.pop("area", None), entry.pop("element", None)
            weight = entry.pop("weight", None)
            home = self.elements.get(str(element))
            if home is None:
                hint = _hint(element, self.elements)
                message = f"element {element!r} is not in the sheet elements{hint}"
                self._fault(places["element",], message)
                # Placed anywhere, so that no second fault is raised for want of a place.
                home = next(iter(self.elements.values()), None)
            elif area != (at := self.form[AREAS][home[1]].get("id")):
                self._fault(places["area",], f"area is {area!r}, but {element} belongs to {at}.")
            questions.append(self._kept((QUESTIONS,), i, (entry, places)))
            if home is not None:
                self._place(home, entry.get("id"), weight, places)

    def _place(self, home: Path, name: Any, weight: Any, places: dict[Path, Place]) -> None:
        asked = self.form[AREAS][home[1]]["elements"][home[3]]["questions"]
        path = (*home, "questions", len(asked))
        asked.append({"id": name} if weight is None else {"id": name, "weight": weight})
        self.places[path] = self.places[(*path, "id")] = places["id",]
        self.places[(*path, "weight")] = places["weight",]

    def _kept(self, root: Path, i: int, read: tuple[dict[str, Any], dict[Path, Place]]) -> Any:
        entry, places = read
        self.places.update({(*root, i, *path): place for path, place in places.items()})
        return entry

    def _entries(self, name: str) -> Iterator[tuple[dict[str, Any], dict[Path, Place]]]:
        part, sheet = f"sheet {name}", self.sheets[name]
        columns = self._columns(name, sheet[0] if sheet else ())
        for row, cells in enumerate(sheet[1:], start=2):
            if not any(str(cell).strip() for cell in cells):
                continue
            entry: dict[str, Any] = {}
            places: dict[Path, Place] = {(): Place(row, part=part)}
            for column in SHEETS[name]:
                place = places[column.path] = Place(row, column.header, part)
                at = columns.get(column.header)
                self._put(entry, column, "" if at is None else cells[at], place)
            yield entry, places

    def _columns(self, name: str, header: Any) -> dict[str, int]:
        """Return where each column of a sheet stands; faults for what is missing or unknown."""
        part = f"sheet {name}"
        known = {column.header: column for column in SHEETS[name]}
        found: dict[str, int] = {}
        for i, cell in enumerate(header):
            label = " ".join(str(cell).split()).casefold()
            if label in found:
                self._fault(Place(1, label, part), "this column stands here a second time.")
            elif label in known:
                found[label] = i
            elif label:
                message = f"this column is not known{_hint(label, known)}"
                self._fault(Place(1, label, part), message)
        for label, column in known.items():
            if label not in found and not column.optional:
                self._fault(Place(1, label, part), "this column is missing; add it.")
        return found

    def _put(self, entry: dict[str, Any], column: Column, cell: Any, place: Place) -> None:
        if len(column.path) > 1:
            # The mapping is there even when its cells are empty: then each empty cell is named.
            entry.setdefault(str(column.path[0]), {})
        if _blank(cell):
            return
        try:
            put_at(entry, column.path, cell_value(column, cell))
        except ValueError as error:
            self._fault(place, str(error))
            put_at(entry, column.path, str(cell))


def cell_value(column: Column, cell: Any) -> Any:
    """Return what a cell says, in the form that a protocol file would give it.

    Raises
    ------
    ValueError
        The cell holds a date, or a number where a version must stand.
    """
    if isinstance(cell, (date, time, timedelta)):
        raise ValueError(f"this cell holds a date ({cell}); format it as text and type it again.")
    if column.header == "version" and column.kind == "text" and not isinstance(cell, str):
        raise ValueError(f"the version is a number here ({cell}); format the cell as text.")
    plain = int(cell) if isinstance(cell, float) and cell.is_integer() else cell
    return _CONVERTED[column.kind](plain.strip() if isinstance(plain, str) else plain)


def _margin(cell: Any) -> str | None:
    text = str(cell).casefold()
    return None if text == OFF else text


def _lines(cell: Any) -> list[str]:
    return [line.strip() for line in str(cell).splitlines() if line.strip()]


_CONVERTED: Mapping[Kind, Callable[[Any], Any]] = {
    "text": str,
    "number": lambda cell: cell,
    "flag": lambda cell: cell if isinstance(cell, bool) else str(cell).casefold(),
    "margin": _margin,
    "list": _lines,
}


def _blank(cell: Any) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _hint(name: Any, known: Iterable[Any]) -> str:
    near = get_close_matches(str(name), [str(one) for one in known], n=1)
    return f"; did you mean {near[0]}?" if near else "."
