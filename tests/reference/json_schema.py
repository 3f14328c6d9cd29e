"""The part of JSON Schema (2020-12) that OpenQMM's own schemas use, read strictly.

Enough to hold a published schema and a written document against one another without a further
dependency; a keyword it does not know is an error, so that no rule goes unchecked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
_SILENT = {"$schema", "$defs", "title", "description", "then", "else"}


def faults(value: Any, schema: Schema, root: Schema | None = None, at: str = "$") -> list[str]:
    """Return what is wrong with `value`, each fault with its place."""
    root = root or schema
    found = []
    for keyword, rule in schema.items():
        if keyword in _SILENT:
            continue
        found += list(_KEYWORDS[keyword](value, rule, schema, root, at))
    return found


def _ref(value: Any, rule: str, _: Schema, root: Schema, at: str) -> Iterator[str]:
    target = root
    for part in rule.removeprefix("#/").split("/"):
        target = target[part]
    yield from faults(value, target, root, at)


def _type(value: Any, rule: str | list[str], _: Schema, root: Schema, at: str) -> Iterator[str]:
    names = [rule] if isinstance(rule, str) else rule
    right = any(isinstance(value, _TYPES[name]) for name in names)
    if not right or (isinstance(value, bool) and "boolean" not in names):
        yield f"{at}: {value!r} is not {rule}"


def _const(value: Any, rule: Any, _: Schema, root: Schema, at: str) -> Iterator[str]:
    yield from _enum(value, [rule], _, root, at)


def _enum(value: Any, rule: list[Any], _: Schema, root: Schema, at: str) -> Iterator[str]:
    if value not in rule:
        yield f"{at}: {value!r} is not one of {rule}"


def _pattern(value: Any, rule: str, _: Schema, root: Schema, at: str) -> Iterator[str]:
    if isinstance(value, str) and not re.search(rule, value):
        yield f"{at}: {value!r} does not match {rule}"


def _bound(value: Any, rule: int, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if isinstance(value, int):
        low, high = schema.get("minimum", value), schema.get("maximum", value)
        if not low <= value <= high:
            yield f"{at}: {value} is not within {low} and {high}"


def _size(value: Any, rule: int, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    kind = "Items" if isinstance(value, list) else "Length"
    if isinstance(value, list | str):
        low, high = schema.get(f"min{kind}", 0), schema.get(f"max{kind}", len(value))
        if not low <= len(value) <= high:
            yield f"{at}: has {len(value)} parts, not {low} to {high}"


def _required(value: Any, rule: list[str], _: Schema, root: Schema, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (f"{at}: {name} is missing" for name in rule if name not in value)


def _properties(value: Any, rule: Schema, _: Schema, root: Schema, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name in value.keys() & rule.keys():
            yield from faults(value[name], rule[name], root, f"{at}.{name}")


def _additional(value: Any, rule: Schema, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name in value.keys() - schema.get("properties", {}).keys():
            yield from faults(value[name], rule, root, f"{at}.{name}")


def _items(value: Any, rule: Schema, _: Schema, root: Schema, at: str) -> Iterator[str]:
    if isinstance(value, list):
        for i, item in enumerate(value):
            yield from faults(item, rule, root, f"{at}[{i}]")


def _if(value: Any, rule: Schema, schema: Schema, root: Schema, at: str) -> Iterator[str]:
    branch = "else" if faults(value, rule, root, at) else "then"
    yield from faults(value, schema.get(branch, {}), root, at)


_KEYWORDS = {
    "$ref": _ref,
    "type": _type,
    "const": _const,
    "enum": _enum,
    "pattern": _pattern,
    "minimum": _bound,
    "maximum": _bound,
    "minLength": _size,
    "minItems": _size,
    "maxItems": _size,
    "required": _required,
    "properties": _properties,
    "additionalProperties": _additional,
    "items": _items,
    "if": _if,
}
