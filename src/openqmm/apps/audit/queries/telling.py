"""Events as people read them: sentences, and under each what changed from what to what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext as _

from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.apps.audit.queries import naming
from openqmm.apps.audit.queries.selecting import readable
from openqmm.core.workflow import Actor, Role

SHOWN = 300
"""Characters of a value that a page shows; an export has it whole."""
FIELDS_SHOWN = 60
"""Fields of one event that a list shows; its own page and an export have them all."""

# People of one organisation in these roles see the same records; the others do not.
_SHARE_THEIR_RECORDS = (
    Role.PROGRAM_ADMINISTRATOR,
    Role.FACILITY_QUALITY_LEAD,
    Role.AUTHORISED_SIGNATORY,
)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field's value before and after an event, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RecordChange:
    """One record that an event made, changed or removed; `since_entry` tells whether its content
    was changed after it was first entered, by this event or another."""

    table: str
    id: str
    title: str
    verb: str
    fields: tuple[FieldChange, ...]
    since_entry: bool

    @property
    def all_new(self) -> bool:
        """Whether no field had a value before."""
        return not any(field.before for field in self.fields)


@dataclass(frozen=True, slots=True)
class Entry:
    """One event as people read it."""

    id: UUID
    seq: int
    at: datetime
    sentence: str
    by: str
    why: str
    records: tuple[RecordChange, ...]
    what: str
    subject: str
    subject_table: str
    subject_id: str
    left_out: int = 0

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """Every field changed, of whichever record."""
        return tuple(field for record in self.records for field in record.fields)

    @property
    def since_entry(self) -> bool:
        """Whether any of the records was changed after its first entry."""
        return any(record.since_entry for record in self.records)


def timeline(record: models.Model, by: Actor | None = None, *, limit: int = 50) -> list[Entry]:
    """Return the latest events about a record the caller may already see, newest first.

    What changed is told to those who made the change and to those who share all records with them;
    the rest read the sentence.
    """
    events = AuditEvent.objects.filter(
        subject_type=record._meta.label, subject_id=str(record.pk)
    ).order_by("-at", "-seq")[:limit]
    rows = list(events)
    told = {row.pk for row in rows if by is not None and _may_see_changes(by, row)}
    return _entries(by, rows, told, longest=SHOWN, most=FIELDS_SHOWN)


def recent(by: Actor, *, limit: int = 6) -> list[Entry]:
    """Return what the actor did last, newest first."""
    if by.person_id is None:
        return []
    events = AuditEvent.objects.filter(actor_id=by.person_id).order_by("-at", "-seq")[:limit]
    return _entries(by, list(events), set())


def entries(
    by: Actor, events: Iterable[AuditEvent], *, longest: int | None = None, most: int | None = None
) -> list[Entry]:
    """Return events that the actor may read with what each changed: values cut to `longest`
    characters, and at most `most` fields an event."""
    rows = list(events)
    return _entries(by, rows, {row.pk for row in rows}, longest=longest, most=most)


def record_entries(by: Actor, table: str, record_id: str) -> list[Entry]:
    """Return everything the actor may read about a record, newest first, with what changed of
    this record alone."""
    changed = AuditChange.objects.filter(
        table_name=table, record_id__in=naming.stored_ids([record_id])
    )
    model = naming.model_of(table)
    about = models.Q(pk__in=changed.values("event_id"))
    if model is not None:
        about |= models.Q(subject_type=model._meta.label, subject_id=record_id)
    events = AuditEvent.objects.filter(readable(by)).filter(about).order_by("-at", "-seq")
    rows = list(events[:500])
    told = {row.pk for row in rows}
    return _entries(by, rows, told, longest=SHOWN, only=(table, record_id))


def changed_since_entry(by: Actor, changes: Iterable[AuditChange]) -> set[naming.Reference]:
    """Return which of the records were changed after their first entry, as far as the actor may
    know: by events on the readable trail."""
    ids = {change.record_id for change in changes}
    if not ids:
        return set()
    later = AuditChange.objects.filter(
        readable(by, "event__"), record_id__in=ids, before__isnull=False
    )
    pairs = later.values_list("table_name", "record_id").distinct()
    return {(table, naming.plain_id(id_)) for table, id_ in pairs}


def fields_changed(change: AuditChange) -> Iterator[tuple[str, Any, Any]]:
    """Yield each column that a change gave another value, with the value before and after."""
    before, after = json.loads(change.before or "{}"), json.loads(change.after or "{}")
    for column in {**before, **after}:
        if before.get(column) != after.get(column):
            yield column, before.get(column), after.get(column)


def _may_see_changes(by: Actor, event: AuditEvent) -> bool:
    if by.person_id is not None and event.actor_id == by.person_id:
        return True
    same = event.actor_organisation_id == by.organisation_id is not None
    return same and by.role in _SHARE_THEIR_RECORDS and event.actor_role in _SHARE_THEIR_RECORDS


def _entries(
    by: Actor | None,
    rows: list[AuditEvent],
    told: set[UUID],
    *,
    longest: int | None = None,
    most: int | None = None,
    only: naming.Reference | None = None,
) -> list[Entry]:
    changes = _changes_of(told, only)
    if by is None or not changes:
        return [_entry(row, (), 0) for row in rows]
    told_rows = [change for of_event in changes.values() for change in of_event]
    teller = _Teller(by, told_rows, longest)
    found = []
    for row in rows:
        records = tuple(teller.record(change) for change in changes.get(row.pk, ()))
        found.append(_entry(row, *_at_most(records, most)))
    return found


def _changes_of(told: set[UUID], only: naming.Reference | None) -> dict[UUID, list[AuditChange]]:
    if not told:
        return {}
    rows = AuditChange.objects.filter(event__in=told)
    if only is not None:
        rows = rows.filter(table_name=only[0], record_id__in=naming.stored_ids([only[1]]))
    found: dict[UUID, list[AuditChange]] = {}
    for change in rows:
        found.setdefault(change.event_id, []).append(change)
    return found


def _at_most(
    records: tuple[RecordChange, ...], most: int | None
) -> tuple[tuple[RecordChange, ...], int]:
    """Return the first records whose fields fit, and how many records are left out."""
    if most is None:
        return records, 0
    kept, fields = 0, 0
    for record in records:
        fields += len(record.fields)
        if kept and fields > most:
            break
        kept += 1
    return records[:kept], len(records) - kept


class _Teller:
    """Puts changes into words, with every name looked up once."""

    def __init__(self, by: Actor, changes: list[AuditChange], longest: int | None) -> None:
        references = set()
        for change in changes:
            for text in filter(None, (change.before, change.after)):
                references |= naming.referred(change.table_name, json.loads(text))
        self.known = naming.names(by, references)
        self.later = changed_since_entry(by, changes)
        self.longest = longest

    def record(self, change: AuditChange) -> RecordChange:
        table, id_ = change.table_name, naming.plain_id(change.record_id)
        fields = tuple(
            FieldChange(
                naming.field_title(table, column),
                self._text(table, column, before),
                self._text(table, column, after),
            )
            for column, before, after in fields_changed(change)
            if (before, after) != (None, "")
        )
        title = naming.table_title(table)
        return RecordChange(table, id_, title, _verb(change), fields, (table, id_) in self.later)

    def _text(self, table: str, column: str, value: Any) -> str:
        text = naming.value_text(table, column, value, self.known)
        if self.longest is None or len(text) <= self.longest:
            return text
        return f"{text[: self.longest]}…"


def _verb(change: AuditChange) -> str:
    if change.before is None:
        return _("entered")
    return _("removed") if change.after is None else _("changed")


def _entry(row: AuditEvent, records: tuple[RecordChange, ...], left_out: int) -> Entry:
    return Entry(
        id=row.pk,
        seq=row.seq,
        at=row.at,
        sentence=f"{row.sentence[:1].upper()}{row.sentence[1:]}",
        by=f"{row.actor_name}, {row.get_actor_role_display().lower()}",
        why=row.why,
        records=records,
        what=row.what,
        subject=f"{naming.kind_title(row.subject_type)} {row.subject_id[:8]}",
        subject_table=naming.table_of(row.subject_type),
        subject_id=row.subject_id,
        left_out=left_out,
    )
