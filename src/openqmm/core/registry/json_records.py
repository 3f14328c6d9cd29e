"""Records of a JSON file, one after the other, whatever wraps them.

Files of openFDA are objects with `meta` and `results`, answers of the Data Dashboard objects with
`statuscode`, `message` and `result`; a bare list of objects is read too. Files hold hundreds of
megabytes, so that no more than one record is kept at a time.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any, TextIO

from openqmm.core.registry.contents import Content
from openqmm.core.registry.dates import read_date

_PIECE = 1 << 20
_LONGEST_VALUE = 16 << 20
_BLANKS = " \t\r\n"
_LISTS = ("results", "result")
_FEW = 50
_DECODER = json.JSONDecoder()


class FaultyJson(Exception):
    """The text is no JSON with records, or an answer that reports an error; says which."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The columns of all records together, and the day the file says it was updated."""

    columns: tuple[str, ...]
    updated_on: date | None


class JsonRecords:
    """The records of one content as rows under their columns.

    A column is a key; the values of an inner object, or of a list of objects, have columns of
    their own, named `outer.inner`.
    """

    def __init__(self, content: Content) -> None:
        self._content = content
        self._outline: Outline | None = None

    def outline(self) -> Outline:
        """Return the columns and the day, from one pass over the whole content.

        Raises
        ------
        FaultyJson
            The content is no JSON with records, or an error answer.
        """
        if self._outline is None:
            columns: dict[str, None] = {}
            around: dict[str, Any] = {}
            for record in self._records(around):
                columns.update(dict.fromkeys(_columns(record)))
            if not columns:
                raise FaultyJson("JSON without a single record")
            meta = around.get("meta")
            updated = meta.get("last_updated") if isinstance(meta, dict) else None
            self._outline = Outline(tuple(columns), read_date(str(updated)))
        return self._outline

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the columns as row 0, then the cells of each record under its number."""
        columns = self.outline().columns
        yield 0, list(columns)
        for number, record in enumerate(self._records({}), start=1):
            cells = _cells(record)
            yield number, [cells.get(column, "") for column in columns]

    def first_rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the columns of the first records only: enough to tell the kind."""
        columns: dict[str, None] = {}
        for record in islice(self._records({}), _FEW):
            columns.update(dict.fromkeys(_columns(record)))
        yield 0, list(columns)

    def _records(self, around: dict[str, Any]) -> Iterator[dict[str, Any]]:
        with self._content.open() as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
            try:
                yield from _records(_Text(text), around)
            except UnicodeDecodeError as error:
                raise FaultyJson(f"JSON in another encoding than UTF-8 ({error})") from error
            finally:
                text.detach()


class _Text:
    """A JSON text of which a piece is in memory, and the place reached in it."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._held = ""
        self._at = 0
        self._ended = False

    def next_mark(self) -> str:
        """Return the next character that is no blank, without passing it; "" at the end."""
        while True:
            while self._at < len(self._held):
                if self._held[self._at] not in _BLANKS:
                    return self._held[self._at]
                self._at += 1
            if not self._more():
                return ""

    def take(self, mark: str) -> bool:
        """Pass the next character if it is `mark`."""
        if self.next_mark() != mark:
            return False
        self._at += 1
        return True

    def expect(self, mark: str) -> None:
        """Pass the next character, which must be `mark`."""
        if not self.take(mark):
            found = repr(self.next_mark()) if self.next_mark() else "the end of the file"
            raise FaultyJson(f"damaged JSON ({mark!r} was expected, {found} found)")

    def value(self) -> Any:
        """Return the value that begins here, and pass it."""
        self.next_mark()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._held, self._at)
            except RecursionError as error:
                raise FaultyJson("JSON nested too deeply") from error
            except ValueError as error:
                if len(self._held) - self._at > _LONGEST_VALUE or not self._more():
                    raise FaultyJson(f"damaged JSON ({error})") from error
                continue
            # A number cut by the end of the piece would be read as a shorter one.
            if end < len(self._held) or not self._more():
                self._at = end
                return value

    def _more(self) -> bool:
        """Read on, twice as far for a value that is still open; False at the end of the file."""
        if self._ended:
            return False
        rest = self._held[self._at :]
        piece = self._file.read(max(_PIECE, len(rest)))
        self._ended = not piece
        self._held, self._at = rest + piece, 0
        return bool(piece)


def _records(text: _Text, around: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the records; what stands around them is put into `around`."""
    if text.next_mark() == "[":
        yield from _bare_list(text)
        return
    listed = False
    text.expect("{")
    while not text.take("}"):
        key = text.value()
        text.expect(":")
        if key in _LISTS and text.next_mark() == "[":
            listed = True
            yield from _items(text)
        else:
            around[key] = text.value()
        if text.next_mark() != "}":
            text.expect(",")
    fault = _answer_fault(around, listed)
    if fault:
        raise FaultyJson(fault)


def _items(text: _Text) -> Iterator[dict[str, Any]]:
    text.expect("[")
    while not text.take("]"):
        item = text.value()
        if not isinstance(item, dict):
            raise FaultyJson("JSON with a list of something else than records")
        yield item
        if text.next_mark() != "]":
            text.expect(",")


def _bare_list(text: _Text) -> Iterator[dict[str, Any]]:
    for item in _items(text):
        # The Data Dashboard service sends its errors as a list, its records in an object.
        if "statuscode" in item:
            raise FaultyJson(_told(item))
        yield item


def _answer_fault(around: dict[str, Any], listed: bool) -> str | None:
    """Return what is wrong with an answer as a whole; 400 is this service's code of success."""
    if "statuscode" in around:
        succeeded = str(around.get("message", "")).startswith("Success")
        return None if succeeded and listed else _told(around)
    error = around.get("error")
    if isinstance(error, dict):
        return f"an error answer of openFDA ({error.get('code')}: {error.get('message')})"
    return None if listed else "JSON without a list of records (results, result, or a bare list)"


def _told(answer: dict[str, Any]) -> str:
    code, message = answer.get("statuscode"), answer.get("message")
    return f"an error answer of the Data Dashboard (statuscode {code}: {message})"


def _columns(record: dict[str, Any]) -> Iterator[str]:
    for key, value in record.items():
        inner = _objects(value)
        if inner:
            yield from (f"{key}.{name}" for item in inner for name in item)
        else:
            yield key


def _cells(record: dict[str, Any]) -> dict[str, str]:
    cells: dict[str, str] = {}
    for key, value in record.items():
        inner = _objects(value)
        if not inner:
            cells[key] = _cell(value)
        for name in dict.fromkeys(name for item in inner for name in item):
            cells[f"{key}.{name}"] = _joined(item.get(name) for item in inner)
    return cells


def _objects(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _cell(value: Any) -> str:
    """Return a value as text on one line; null is missing, a list is joined by "; "."""
    if value is None:
        return ""
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return _joined(value)
    return json.dumps(value, ensure_ascii=False)


def _joined(values: Any) -> str:
    return "; ".join(text for text in map(_cell, values) if text)
