"""What both engines' rows have in common: one spelling of ids and times, and which tables count."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

_EVENTS = """
    SELECT id, trail_id, seq, at, actor_id, actor_name, actor_role, actor_organisation_id, what,
        sentence, why, subject_type, subject_id, salt, content, prev, leaf
    FROM audit_auditevent ORDER BY trail_id, seq, id
"""
_CHANGES = """
    SELECT c.event_id, c.table_name, c.record_id, c.before, c.after
    FROM audit_auditchange c LEFT JOIN audit_auditevent e ON e.id = c.event_id
    ORDER BY e.id IS NULL, e.trail_id, e.seq, e.id, c.id
"""
_ANCHORS = "SELECT tick, position, at, seed, capacity, root FROM audit_anchor ORDER BY position"
_ANCHORED_HEADS = """
    SELECT h.anchor_id, h.trail_id, h.slot, h.size, h.root, h.salt
    FROM audit_anchoredhead h LEFT JOIN audit_anchor a ON a.tick = h.anchor_id
    ORDER BY a.tick IS NULL, a.position, h.anchor_id, h.slot
"""
_HEADS = "SELECT trail_id, size, leaf, frontier FROM audit_trailhead"

TRAIL_TABLES = frozenset(
    {
        "audit_auditevent",
        "audit_auditchange",
        "audit_trailhead",
        "audit_anchor",
        "audit_anchoredhead",
    }
)
APPEND_ONLY = (*sorted(TRAIL_TABLES - {"audit_trailhead"}), "audit_signature")

# Which forms were sent before: kept a week, and read by no rule but the one that answers again.
_NO_RECORDS = frozenset({"audit_doneonce"})
# Every other table of our apps holds records, and these of libraries; a new app is added here.
_OF_LIBRARIES = frozenset({"mfa_authenticator", "socialaccount_socialaccount"})
_PREFIXES = (
    "accounts_",
    "assessments_",
    "audit_",
    "disclosure_",
    "evidence_",
    "facilities_",
    "programs_",
    "protocols_",
    "ratings_",
)
_CAPTURES = frozenset({"INSERT", "UPDATE", "DELETE"})
_REFUSES = frozenset({"UPDATE", "DELETE"})

_HEX = re.compile(r"[0-9a-f]{32}")
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(\.\d{1,6})?(\+00:00|Z)?")
_UUIDS = frozenset({"id", "trail_id", "event_id", "actor_id", "actor_organisation_id"})


class TrailRows:
    """The part of a `Source` (core.verifier) that is the same on every engine."""

    def events(self) -> Iterator[dict[str, Any]]:
        """Rows of the events, by trail, seq, id."""
        return map(spelt, self._stream(_EVENTS))

    def changes(self) -> Iterator[dict[str, Any]]:
        """Rows of the changes in the order of the events; strays come last."""
        return map(spelt, self._stream(_CHANGES))

    def anchors(self) -> Iterator[dict[str, Any]]:
        """Rows of the anchors, by position."""
        return map(spelt, self._stream(_ANCHORS))

    def anchored_heads(self) -> Iterator[dict[str, Any]]:
        """Rows of the anchored heads, in the order of the anchors; strays come last."""
        return map(spelt, self._stream(_ANCHORED_HEADS))

    def heads(self) -> Iterator[dict[str, Any]]:
        """Rows of the trails' heads."""
        return map(spelt, self._stream(_HEADS))

    def _stream(self, statement: str, given: Sequence[Any] = ()) -> Iterator[Mapping[str, Any]]:
        raise NotImplementedError


def spelt(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with ids, times, bytes and lists as the verifier expects them."""
    return {name: _spelt(name, value) for name, value in row.items()}


def _spelt(name: str, value: Any) -> Any:
    if name == "at":
        return spelt_time(value)
    if name in _UUIDS:
        return spelt_id(value)
    if name == "frontier" and isinstance(value, str):
        return _list(value)
    return bytes(value).hex() if isinstance(value, (bytes, memoryview)) else value


def spelt_id(value: Any) -> Any:
    """Return a UUID in dashed lower case, whatever the engine keeps; anything else as it is."""
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and _HEX.fullmatch(value):
        return str(UUID(value))
    return value


def spelt_time(value: Any) -> Any:
    """Return a time as UTC with six digits and a Z; anything else as it is."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    day, time, fraction, _ = found.groups()
    return f"{day}T{time}.{(fraction or '.')[1:]:0<6}Z"


def _list(text: str) -> list[Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return [text]
    return found if isinstance(found, list) else [text]


def record_tables(tables: Iterable[str]) -> list[str]:
    """Return those of a database's tables whose every row must be on the trail."""
    return sorted(
        table
        for table in tables
        if table in _OF_LIBRARIES
        or (table.startswith(_PREFIXES) and table not in TRAIL_TABLES | _NO_RECORDS)
    )


def unguarded(tables: Iterable[str], guards: Mapping[str, set[str]]) -> str | None:
    """Return which tables lack a trigger for which statement, or None.

    `guards` gives the statements for which each table has a trigger that is switched on.
    """
    faults = []
    needed = [(table, _CAPTURES) for table in record_tables(tables)]
    needed += [(table, _REFUSES) for table in APPEND_ONLY]
    for table, statements in needed:
        lacking = statements - guards.get(table, set())
        if lacking:
            faults.append(f"{table} has no trigger on {', '.join(sorted(lacking))}")
    return "; ".join(faults) or None
