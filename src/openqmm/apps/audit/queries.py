"""Reading the trail: per record, per organisation, and in sentences."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Q, QuerySet

from openqmm.apps.audit.models import INSTALLATION, AuditChange, AuditEvent
from openqmm.core.records import line_writer
from openqmm.core.workflow import Actor, OrganisationKind, Role
from openqmm.reports.spreadsheet import spreadsheet_safe

SHOWN = 300
"""Characters of a value that a page shows; an export has it whole."""

COLUMNS = (
    "at_utc",
    "event",
    "sentence",
    "why",
    "actor",
    "actor_role",
    "subject_type",
    "subject_id",
    "record_type",
    "record_id",
    "field",
    "before",
    "after",
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after an event."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as people read it."""

    at: datetime
    sentence: str
    by: str
    why: str
    changes: tuple[FieldChange, ...]
    what: str
    subject: str


def timeline(record: models.Model, *, limit: int = 50) -> list[Entry]:
    """Return the latest events about a record the caller may already see, newest first."""
    events = AuditEvent.objects.filter(
        subject_type=record._meta.label, subject_id=str(record.pk)
    ).order_by("-at", "-seq")[:limit]
    return _entries(events, with_changes=False)


def trail(by: Actor, *, what: str = "", text: str = "") -> QuerySet[AuditEvent]:
    """Return the events an auditor may read, newest first: those of the own organisation; the
    program office's auditor also reads those done by the office anywhere, and the
    installation's own."""
    if by.role is not Role.RECORDS_AUDITOR:
        return AuditEvent.objects.none()
    own = Q(trail_id=by.organisation_id)
    if by.organisation_kind is OrganisationKind.PROGRAM_OFFICE:
        own |= Q(actor_organisation_id=by.organisation_id) | Q(trail_id=INSTALLATION)
    events = AuditEvent.objects.filter(own).order_by("-at", "-seq")
    if what:
        events = events.filter(what=what)
    if text:
        events = events.filter(
            Q(sentence__icontains=text)
            | Q(actor_name__icontains=text)
            | Q(why__icontains=text)
            | Q(subject_id__istartswith=text)
        )
    return events


def event_kinds(by: Actor) -> list[str]:
    """Return the kinds of event on the trail that the auditor may read, in alphabetical order."""
    return list(trail(by).order_by("what").values_list("what", flat=True).distinct())


def entries(events: Iterable[AuditEvent], *, longest: int | None = None) -> list[Entry]:
    """Return events of the trail with what each changed, values cut to `longest` characters."""
    found = _entries(events, with_changes=True)
    if longest is None:
        return found
    return [
        replace(entry, changes=tuple(_cut(change, longest) for change in entry.changes))
        for entry in found
    ]


def trail_csv(events: QuerySet[AuditEvent]) -> Iterator[str]:
    """Yield the trail as lines of CSV: a row for each field an event changed, one for an event
    that changed none. Cells are guarded against being run as formulas."""
    writer = line_writer()
    yield writer.writerow(COLUMNS)
    for row in events.prefetch_related("changes").iterator(chunk_size=500):
        event = (
            row.at.isoformat(timespec="seconds"),
            row.what,
            row.sentence,
            row.why,
            row.actor_name,
            row.actor_role,
            row.subject_type,
            row.subject_id,
        )
        details = [
            (change.table_name, change.record_id, c.field, _plain(c.before), _plain(c.after))
            for change in row.changes.all()
            for c in _field_changes(change)
        ]
        for detail in details or [("", "", "", "", "")]:
            yield writer.writerow([spreadsheet_safe(cell) for cell in (*event, *detail)])


def recent(by: Actor, *, limit: int = 6) -> list[Entry]:
    """Return what the actor did last, newest first."""
    if by.person_id is None:
        return []
    events = AuditEvent.objects.filter(actor_id=by.person_id).order_by("-at", "-seq")[:limit]
    return _entries(events, with_changes=False)


def _entries(events: Iterable[AuditEvent], *, with_changes: bool) -> list[Entry]:
    rows = list(events)
    changes: dict[UUID, list[FieldChange]] = {}
    if with_changes:
        for change in AuditChange.objects.filter(event__in=[row.pk for row in rows]):
            changes.setdefault(change.event_id, []).extend(_field_changes(change))
    return [
        Entry(
            at=row.at,
            sentence=f"{row.sentence[:1].upper()}{row.sentence[1:]}",
            by=f"{row.actor_name}, {row.get_actor_role_display().lower()}",
            why=row.why,
            changes=tuple(changes.get(row.pk, ())),
            what=row.what,
            subject=f"{row.subject_type.split('.')[-1]} {row.subject_id[:8]}",
        )
        for row in rows
    ]


def _field_changes(change: AuditChange) -> list[FieldChange]:
    before, after = json.loads(change.before or "{}"), json.loads(change.after or "{}")
    return [
        FieldChange(name, before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


def _plain(value: Any) -> str:
    if value is None or isinstance(value, str):
        return value or ""
    return json.dumps(value, ensure_ascii=False)


def _cut(change: FieldChange, longest: int) -> FieldChange:
    return replace(
        change, before=_shortened(change.before, longest), after=_shortened(change.after, longest)
    )


def _shortened(value: Any, longest: int) -> Any:
    text = _plain(value)
    return value if len(text) <= longest else f"{text[:longest]}…"
