"""YAML read with the line of every value kept, so that each fault can be pointed at."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from openqmm.core.errors import InvalidProtocol, Problem

Path = tuple[str | int, ...]

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MOST_BYTES = 5 << 20
_DEEPEST = 20
# Several times the largest protocol; more could ask for gigabytes once each value has a fault.
_MOST_VALUES = 30_000
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"  # YAML 1.2, 5.1
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stood: a line (a row of a workbook), its column and the part of the source."""

    line: int
    column: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True)
class Located:
    """Plain data together with where each part of it stood in its source.

    `places` maps a path into `data` to its place; a text of several lines (YAML's `|`) has a place
    for each of them, under its path and the line's number from 0.
    """

    source: str
    data: Any
    places: Mapping[Path, Place] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def place(self, path: Path) -> Place | None:
        """Return the place of `path`, or of its nearest known ancestor."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return None

    def line(self, path: Path) -> int | None:
        """Return the line of `path`, or of its nearest known ancestor."""
        place = self.place(path)
        return place.line if place else None

    def problem(self, path: Path, message: str) -> Problem:
        """Return a fault at `path` of this source."""
        return problem_at(self.source, self.place(path), message)


def value_at(data: Any, path: Path) -> Any:
    """Return the value at `path` in nested mappings and lists, or None where nothing stands."""
    for part in path:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def put_at(entry: dict[str, Any], path: Path, value: Any) -> None:
    """Set the value at `path` within plain data, making the mappings on the way."""
    for part in path[:-1]:
        entry = entry.setdefault(str(part), {})
    entry[str(path[-1])] = value


def problem_at(source: str, place: Place | None, message: str) -> Problem:
    """Return a fault at a place of `source`, or of the whole of it where none is known."""
    if place is None:
        return Problem(message, source=source)
    where = f"{source}, {place.part}" if place.part else source
    return Problem(message, line=place.line, column=place.column, source=where)


def read_yaml(content: bytes, source: str) -> Located:
    """Parse YAML keeping lines; a key given twice is a fault, not the last one's luck.

    Parameters
    ----------
    content : the file's bytes, at most 5 MiB and 30,000 values.
    source : the file's name, quoted in faults.

    Raises
    ------
    InvalidProtocol
        The text is too long, not UTF-8, not YAML, empty, or nested without end.
    """
    text = _decoded(content, source)
    try:
        return _Builder(text, source).build()
    except yaml.MarkedYAMLError as error:
        mark: Any = error.problem_mark or error.context_mark
        message = f"this is not YAML: {error.problem}; check indentation and quotes."
        raise _refusal(source, message, mark.line + 1 if mark else None) from None
    except yaml.YAMLError as error:
        raise _refusal(source, f"this is not YAML: {error}.") from None


def _refusal(source: str, message: str, line: int | None = None) -> InvalidProtocol:
    return InvalidProtocol(source, [Problem(message, line, source=source)])


def _decoded(content: bytes, source: str) -> str:
    if len(content) > _MOST_BYTES:
        size = f"{len(content) / (1 << 20):.0f} MB"
        raise _refusal(source, f"the file has {size}; a protocol has at most 5 MB.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise _refusal(source, "this is not UTF-8 text; save the file as UTF-8.", line) from None
    stray = _UNPRINTABLE.search(text)
    if stray:
        line = text.count("\n", 0, stray.start()) + 1
        code = f"U+{ord(stray.group()):04X}"
        raise _refusal(source, f"this is not text: it holds the control character {code}.", line)
    if not text.strip():
        raise _refusal(source, "the file is empty; expected a protocol.")
    return text


class _Builder:
    """Walks the parser's events once, building data, places and faults together.

    Events rather than a ready tree: the library's tree builder recurses in C, so a file of open
    brackets ends the process, and a chain of aliases unfolds to more than the memory holds.
    """

    def __init__(self, text: str, source: str) -> None:
        self.source = source
        self.loader = _Loader(text)
        self.places: dict[Path, Place] = {}
        self.problems: list[Problem] = []
        self.values = 0

    def build(self) -> Located:
        self._next()  # the start of the stream
        if self.loader.check_event(yaml.StreamEndEvent):
            raise _refusal(self.source, "the file is empty; expected a protocol.")
        self._next()  # the start of the document
        data = self._value(self._next(), ())
        self._next()  # the end of the document
        if not self.loader.check_event(yaml.StreamEndEvent):
            message = "a second document starts here (---); a file holds one."
            self._fault(self.loader.peek_event(), message)
        return Located(self.source, data, self.places, tuple(self.problems))

    def _next(self) -> Any:
        return self.loader.get_event()

    def _fault(self, event: Any, message: str) -> None:
        line = _line(event)
        self.problems.append(Problem(message, line, source=self.source))

    def _value(self, event: Any, path: Path) -> Any:
        line = _line(event)
        self.places[path] = Place(line)
        self.values += 1
        if len(path) > _DEEPEST:
            raise _refusal(self.source, "values are nested too deep here for a protocol.", line)
        if self.values > _MOST_VALUES:
            raise _refusal(self.source, "the file has too many values for a protocol.", line)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        if isinstance(event, yaml.AliasEvent):
            self._fault(event, f"*{event.anchor} refers to another place; write the value out.")
            return ""
        return self._scalar(event, path)

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._fault(event, "a key must be a plain word.")
                self._value(event, (*path, "?"))
                self._value(self._next(), (*path, "?"))
                continue
            key = str(event.value)
            if key in result:
                message = f"the key {key!r} stands here a second time; keep one of the two."
                self._fault(event, message)
                self._value(self._next(), (*path, "?"))
                continue
            result[key] = self._value(self._next(), (*path, key))
            self.places[(*path, key)] = Place(_line(event))
        return result

    def _scalar(self, event: Any, path: Path) -> Any:
        text: str = event.value
        if event.style == "|" and "\n" in text:
            first = _line(event) + 1
            for i in range(text.count("\n") + 1):
                self.places[(*path, i)] = Place(first + i)
            self.values += text.count("\n")
        tag = event.tag or self.loader.resolve(yaml.ScalarNode, text, event.implicit)
        if tag == "tag:yaml.org,2002:str":
            return text
        try:
            return self.loader.construct_object(yaml.ScalarNode(tag, text), deep=True)
        except (yaml.YAMLError, ValueError):
            self._fault(event, f"{text[:40]!r} is not a value; if it is a text, quote it.")
            return text


def _line(event: Any) -> int:
    line: int = event.start_mark.line
    return line + 1
