"""From an event's facts to the bytes its trail is made of (docs/reference/audit-trail.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from openqmm.core.records.canonical import canonical_json
from openqmm.core.records.tree import leaf_hash

FIRST = "0" * 64
"""What the first entry of a trail names as the one before it."""


def change_digest(salt: bytes, text: str) -> str:
    """Return the digest of a row's text under the salt of its event, in hexadecimal."""
    return sha256(salt + text.encode()).hexdigest()


def event_content(facts: Mapping[str, Any], changes: Sequence[Mapping[str, Any]]) -> str:
    """Return the canonical text of an event: its facts, and the digests of what it changed."""
    return canonical_json({**facts, "changes": list(changes)}).decode()


def content_digest(salt: bytes, content: str) -> str:
    """Return the digest of an event's content under its salt, in hexadecimal."""
    return sha256(salt + content.encode()).hexdigest()


def entry(trail: str, seq: int, prev: str, digest: str) -> bytes:
    """Return the canonical bytes of an entry; its parts have no character to escape."""
    return (f'{{"content":"{digest}","prev":"{prev}","seq":{seq},"trail":"{trail}"}}').encode()


def leaf_of(entry_bytes: bytes) -> bytes:
    """Return an entry's leaf hash."""
    return leaf_hash(entry_bytes)
