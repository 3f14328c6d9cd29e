"""Putting an event at the end of its trail: gapless, chained, and bound to what it changed.

Plain statements instead of models: this runs on every save. Format:
docs/reference/audit-trail.md.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from openqmm.core import records
from openqmm.core.records import NO_ENTRY, Change, Frontier
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
        changes = _changes(cursor, connection, act.id)
        head = _locked_head(cursor, connection, act.trail_id)
        at = clock.now()
        content = records.event_content(_facts(act, at), salt, changes)
        digest = records.content_digest(salt, content)
        entry = records.entry(str(act.trail_id), head.frontier.size, head.leaf, digest)
        leaf = records.leaf_hash(entry)
        _insert(cursor, connection, act, (head, at, salt, content, leaf))
        head.frontier.append(leaf)
        cursor.execute(
            "UPDATE audit_trailhead SET size = %s, leaf = %s, frontier = %s WHERE trail_id = %s",
            [
                head.frontier.size,
                leaf.hex(),
                json.dumps(head.frontier.to_hex()),
                _id(connection, act.trail_id),
            ],
        )


def _changes(cursor: Any, connection: Any, event_id: UUID) -> list[Change]:
    cursor.execute(
        "SELECT table_name, record_id, before, after FROM audit_auditchange "
        "WHERE event_id = %s ORDER BY id",
        [_id(connection, event_id)],
    )
    return [Change(*row) for row in cursor.fetchall()]


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
            [*key, NO_ENTRY],
        )
        cursor.execute(query, key)
        row = cursor.fetchone()
    size, leaf, frontier = row
    return _Head(leaf, Frontier.from_hex(size, json.loads(frontier)))


def _insert(cursor: Any, connection: Any, act: Act, written: tuple[Any, ...]) -> None:
    head, at, salt, content, leaf = written
    by = act.actor
    row = [
        _id(connection, act.id),
        _id(connection, act.trail_id),
        head.frontier.size,
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


def _facts(act: Act, at: datetime) -> records.Act:
    by = act.actor
    return records.Act(
        event=str(act.id),
        at=in_utc(at),
        actor_id=None if by.person_id is None else str(by.person_id),
        actor_name=by.name,
        actor_role=str(by.role),
        actor_organisation=None if by.organisation_id is None else str(by.organisation_id),
        what=act.what,
        sentence=act.sentence,
        why=act.why,
        subject_type=act.subject_type,
        subject_id=act.subject_id,
    )


def in_utc(moment: datetime) -> str:
    """Return a moment as the trail writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def _id(connection: Any, value: UUID | None) -> Any:
    """Return an id as the engine stores it."""
    if value is None or connection.features.has_native_uuid_field:
        return value
    return value.hex
