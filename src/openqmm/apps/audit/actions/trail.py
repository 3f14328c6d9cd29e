"""Putting an event at the end of its trail: gapless, chained, and bound to what it changed.

Plain statements instead of models: this runs on every save. Format:
docs/reference/audit-trail.md.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from openqmm.core.records import entries
from openqmm.core.records.tree import Frontier
from openqmm.core.workflow import Actor
from openqmm.web import clock

_COLUMNS = (
    "id, trail_id, seq, at, actor_id, actor_name, actor_role, actor_organisation_id, what, "
    "sentence, why, subject_type, subject_id, salt, content, prev, leaf"
)


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what to which record, and on whose trail it stands."""

    id: UUID
    trail_id: UUID
    actor: Actor
    what: str
    sentence: str
    why: str
    subject_type: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class _Head:
    size: int
    leaf: str
    frontier: Frontier


def append(act: Act) -> None:
    """Write the event with the changes captured for it, as the next of its trail.

    The trail's head is locked until the transaction ends, so that two writers come one after the
    other; the time is taken under the lock, so that a trail's times never go back.
    """
    connection = transaction.get_connection()
    salt = secrets.token_bytes(32)
    with connection.cursor() as cursor:
        changes = _changes(cursor, connection, act.id, salt)
        head = _locked_head(cursor, connection, act.trail_id)
        at = clock.now()
        content = entries.event_content(_facts(act, at), changes)
        entry = entries.entry(
            str(act.trail_id), head.size, head.leaf, entries.content_digest(salt, content)
        )
        leaf = entries.leaf_of(entry)
        _insert(cursor, connection, act, (head, at, salt, content, leaf))
        grown = head.frontier.append(leaf)
        cursor.execute(
            "UPDATE audit_trailhead SET size = %s, leaf = %s, frontier = %s WHERE trail_id = %s",
            [head.size + 1, leaf.hex(), json.dumps(grown.to_hex()), _id(connection, act.trail_id)],
        )


def _changes(cursor: Any, connection: Any, event_id: UUID, salt: bytes) -> list[dict[str, Any]]:
    cursor.execute(
        "SELECT table_name, record_id, before, after FROM audit_auditchange "
        "WHERE event_id = %s ORDER BY id",
        [_id(connection, event_id)],
    )
    return [
        {
            "table": table,
            "record": record,
            "before": None if before is None else entries.change_digest(salt, before),
            "after": None if after is None else entries.change_digest(salt, after),
        }
        for table, record, before, after in cursor.fetchall()
    ]


def _locked_head(cursor: Any, connection: Any, trail_id: UUID) -> _Head:
    lock = "FOR UPDATE" if connection.features.has_select_for_update else ""
    query = f"SELECT size, leaf, frontier FROM audit_trailhead WHERE trail_id = %s {lock}"  # noqa: S608
    key = [_id(connection, trail_id)]
    cursor.execute(query, key)
    row = cursor.fetchone()
    if row is None:
        cursor.execute(
            "INSERT INTO audit_trailhead (trail_id, size, leaf, frontier) "
            "VALUES (%s, 0, %s, '[]') ON CONFLICT DO NOTHING",
            [*key, entries.FIRST],
        )
        cursor.execute(query, key)
        row = cursor.fetchone()
    size, leaf, frontier = row
    return _Head(size, leaf, Frontier.from_hex(size, json.loads(frontier)))


def _insert(cursor: Any, connection: Any, act: Act, written: tuple[Any, ...]) -> None:
    head, at, salt, content, leaf = written
    by = act.actor
    row = [
        _id(connection, act.id),
        _id(connection, act.trail_id),
        head.size,
        connection.ops.adapt_datetimefield_value(at),
        _id(connection, by.person_id),
        by.name,
        str(by.role),
        _id(connection, by.organisation_id),
        act.what,
        act.sentence,
        act.why,
        act.subject_type,
        act.subject_id,
        salt.hex(),
        content,
        head.leaf,
        leaf.hex(),
    ]
    marks = ", ".join(["%s"] * len(row))
    cursor.execute(f"INSERT INTO audit_auditevent ({_COLUMNS}) VALUES ({marks})", row)  # noqa: S608


def _facts(act: Act, at: datetime) -> dict[str, Any]:
    by = act.actor
    return {
        "actor": {
            "id": None if by.person_id is None else str(by.person_id),
            "name": by.name,
            "organisation": None if by.organisation_id is None else str(by.organisation_id),
            "role": str(by.role),
        },
        "at": f"{at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "event": str(act.id),
        "sentence": act.sentence,
        "subject": {"id": act.subject_id, "type": act.subject_type},
        "what": act.what,
        "why": act.why,
    }


def _id(connection: Any, value: UUID | None) -> Any:
    """Return an id as the engine stores it."""
    if value is None or connection.features.has_native_uuid_field:
        return value
    return value.hex
