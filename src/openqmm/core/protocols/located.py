"""YAML read with the line of every value kept, so that each fault can be pointed at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from openqmm.core.errors import InvalidProtocol, Problem

Path = tuple[str | int, ...]

_Loader: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Located:
    """Plain data together with where each part of it stood in its source.

    `places` maps a path into `data` to a line number (or, for a workbook, a row).
    """

    source: str
    data: Any
    places: Mapping[Path, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, path: Path) -> int | None:
        """Return the line of `path`, or of its nearest known ancestor."""
        for end in range(len(path), -1, -1):
            if path[:end] in self.places:
                return self.places[path[:end]]
        return None

    def problem(self, path: Path, message: str) -> Problem:
        """Return a fault at `path` of this source."""
        return Problem(message, line=self.line(path), source=self.source)


def read_yaml(content: bytes, source: str) -> Located:
    """Parse YAML keeping lines; a key given twice is a fault, not the last one's luck.

    Raises
    ------
    InvalidProtocol
        The text is not UTF-8, not YAML, or empty.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        fault = Problem("this is not UTF-8 text; save the file as UTF-8.", line, source=source)
        raise InvalidProtocol(source, [fault]) from None
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        message = f"this is not YAML: {error.problem}; check indentation and quotes."
        fault = Problem(message, mark.line + 1 if mark else None, source=source)
        raise InvalidProtocol(source, [fault]) from None
    except yaml.YAMLError as error:
        raise InvalidProtocol(source, [Problem(f"this is not YAML: {error}.")]) from None
    if root is None:
        raise InvalidProtocol(source, [Problem("the file is empty; expected a protocol.")])
    return _Builder(source).build(root)


class _Builder:
    """Walks a YAML node tree once, building data, places and faults together."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.places: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self.scalars = yaml.SafeLoader("")

    def build(self, root: yaml.Node) -> Located:
        data = self._value(root, ())
        return Located(self.source, data, self.places, tuple(self.problems))

    def _value(self, node: yaml.Node, path: Path) -> Any:
        self.places[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, i)) for i, item in enumerate(node.value)]
        return self.scalars.construct_object(node, deep=True)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in result:
                message = f"the key {key!r} stands here a second time; keep one of the two."
                self.problems.append(Problem(message, line, source=self.source))
                continue
            result[key] = self._value(value_node, (*path, key))
            self.places[(*path, key)] = line
        return result
