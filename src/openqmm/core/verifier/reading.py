"""Reading files nobody vouches for: canonical or refused, always with a sentence."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_HEX = re.compile(r"[0-9a-f]{64}")

# In these files stand text, whole numbers and null under ASCII keys, and nothing else. For them
# the standard encoder's output is that of RFC 8785; whatever else there is fails the checks of
# shape, or this encoder spells it otherwise than it was written.
canonical = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode

_decode = json.JSONDecoder().decode

LARGEST = 2**53


class Unreadable(Exception):
    """A text that is not what it should be; the message is a sentence's end ("is not JSON")."""


def canonical_object(text: str) -> dict[str, Any]:
    """Return the JSON object in `text`, which must be spelt in canonical form (Unreadable)."""
    try:
        found = _decode(text)
    except (ValueError, RecursionError):
        raise Unreadable("is not JSON") from None
    if not isinstance(found, dict):
        raise Unreadable("is not a JSON object")
    try:
        text.encode()
        spelt = canonical(found)
    except UnicodeEncodeError:
        raise Unreadable("holds bytes that are not UTF-8") from None
    except (ValueError, RecursionError):
        raise Unreadable("is not in canonical form") from None
    if spelt != text:
        raise Unreadable("is not in canonical form")
    return found


def misfits(found: Any, shape: Mapping[str, Any]) -> str | None:
    """Return what is wrong with an object's fields, or None.

    `shape` gives for each field its type or a predicate; exactly these fields must stand there.
    """
    if not isinstance(found, dict):
        return "an object was expected"
    if found.keys() != shape.keys():
        odd = sorted(found.keys() ^ shape.keys())
        return f"fields missing or unknown: {', '.join(name[:40] for name in odd[:5])}"
    for name, fits in shape.items():
        value = found[name]
        if type(value) is not fits and (isinstance(fits, type) or not fits(value)):
            return f"{name} is malformed"
    return None


def is_text_or_null(value: Any) -> bool:
    """Whether this is text or null."""
    return value is None or isinstance(value, str)


def is_count(value: Any) -> bool:
    """Whether this is a whole number from 0 to 2**53."""
    return type(value) is int and 0 <= value <= LARGEST


def is_digest(value: Any) -> bool:
    """Whether this is a SHA-256 or other 32 bytes in lower-case hexadecimal."""
    return isinstance(value, str) and _HEX.fullmatch(value) is not None


def is_digest_or_null(value: Any) -> bool:
    """Whether this is a digest or null."""
    return value is None or is_digest(value)


def is_uuid(value: Any) -> bool:
    """Whether this is a UUID in dashed lower case."""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def is_uuid_or_null(value: Any) -> bool:
    """Whether this is a UUID or null."""
    return value is None or is_uuid(value)


def is_time(value: Any) -> bool:
    """Whether this is a UTC time with six digits of microseconds."""
    return isinstance(value, str) and _AT.fullmatch(value) is not None


def is_path(value: Any) -> bool:
    """Whether this is a list of digests, no longer than any tree is high."""
    return isinstance(value, list) and len(value) <= 64 and all(map(is_digest, value))


def path_bytes(path: list[str]) -> list[bytes]:
    """Return the digests of a path as bytes."""
    return [bytes.fromhex(node) for node in path]
