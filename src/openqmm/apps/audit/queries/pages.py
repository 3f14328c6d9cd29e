"""What the page of one event and of one record show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.audit.queries.naming import plain_id, table_title
from openqmm.apps.audit.queries.replaying import AsOf, record_as_of
from openqmm.apps.audit.queries.selecting import event_of, readable
from openqmm.apps.audit.queries.telling import Entry, entries, record_entries
from openqmm.apps.audit.queries.whole import Anchored, anchored, standing
from openqmm.core.errors import NotFound
from openqmm.core.records import content_digest
from openqmm.core.workflow import Actor


@dataclass(frozen=True, slots=True)
class EventPage:
    """An event with its hashes and its place on the trail; the salt stays in the database and in
    the event's proof."""

    entry: Entry
    event: AuditEvent
    digest: str
    size: int
    anchored: Anchored | None
    before: UUID | None
    after: UUID | None


@dataclass(frozen=True, slots=True)
class RecordPage:
    """A record's whole story, and how it stood at a moment."""

    title: str
    id: str
    entries: list[Entry]
    as_of: AsOf | None


def event_page(by: Actor, event_id: Any) -> EventPage:
    """Return one event that the actor may read (NotFound)."""
    event = event_of(by, event_id)
    (entry,) = entries(by, [event])
    return EventPage(
        entry=entry,
        event=event,
        digest=content_digest(bytes.fromhex(event.salt), event.content),
        size=standing(event.trail_id).size,
        anchored=anchored(event),
        before=_beside(by, event, -1),
        after=_beside(by, event, 1),
    )


def record_page(by: Actor, table: str, record_id: str, moment: datetime) -> RecordPage:
    """Return what the readable trail tells of a record (NotFound where it tells nothing)."""
    id_ = plain_id(record_id)
    told = record_entries(by, table, id_)
    if not told:
        raise NotFound("There is no such record on this trail.")
    changed = any(entry.records for entry in told)
    as_of = record_as_of(by, table, id_, moment) if changed else None
    return RecordPage(table_title(table), id_, told, as_of)


def _beside(by: Actor, event: AuditEvent, step: int) -> UUID | None:
    """Return the next or the previous event of the trail, where the actor may read it."""
    rows = AuditEvent.objects.filter(trail_id=event.trail_id, seq=event.seq + step)
    return rows.filter(readable(by)).values_list("pk", flat=True).first()
