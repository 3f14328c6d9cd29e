"""What the trail tells of a signature, and of the rows that signed content is made of."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models

from openqmm.apps.audit.models import AuditChange, AuditEvent

CONTENT_UNKNOWN = (
    "What stands here is not what was signed, and the audit trail tells of no change that made "
    "it so."
)


@dataclass(frozen=True, slots=True)
class Told:
    """An event of the trail, as far as a signature needs it; `row` is what it wrote."""

    event_id: UUID
    at: datetime
    by: str
    sentence: str
    subject: tuple[str, str]
    row: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, event: AuditEvent, row: str | None = None) -> Told:
        """Return what an event tells."""
        return cls(
            event.pk,
            event.at,
            event.actor_name,
            event.sentence,
            (event.subject_type, event.subject_id),
            json.loads(row or "{}"),
        )


@dataclass(frozen=True, slots=True)
class Source:
    """The rows of a table in which `key` is `value`, as far as signed content is made of them:
    by all of their columns, or by those named."""

    model: type[models.Model]
    key: str
    value: Any
    columns: Collection[str] = ()

    @classmethod
    def row(cls, record: models.Model, *columns: str) -> Source:
        """Return one record as a source."""
        return cls(type(record), record._meta.pk.column, record.pk, columns)

    def touched(self, before: dict[str, Any], after: dict[str, Any]) -> bool:
        """Tell whether a change of a row of this table is one of what was signed."""
        wanted = _plain(self.value)
        if wanted not in (_plain(before.get(self.key)), _plain(after.get(self.key))):
            return False
        names = self.columns or {*before, *after}
        return any(before.get(name) != after.get(name) for name in names)


def told_of(table: str, ids: Iterable[Any]) -> dict[str, Told]:
    """Return the events that made these rows, by the rows' ids without dashes."""
    wanted = [spelling for id_ in ids for spelling in (id_.hex, str(id_))]
    if not wanted:
        return {}
    changes = AuditChange.objects.filter(
        table_name=table, record_id__in=wanted, before__isnull=True
    ).select_related("event")
    return {_plain(change.record_id): Told.of(change.event, change.after) for change in changes}


def first_change(sources: Sequence[Source], *, after: Told | None) -> Told | None:
    """Return the first event after a signature's own that changed what it was bound to."""
    if after is None or not sources:
        return None
    by_table = {source.model._meta.db_table: source for source in sources}
    changes = (
        AuditChange.objects.filter(table_name__in=by_table, event__at__gte=after.at)
        .exclude(event_id=after.event_id)
        .select_related("event")
        .order_by("event__at", "event__seq", "id")
    )
    for change in changes.iterator(chunk_size=200):
        rows = [json.loads(text or "{}") for text in (change.before, change.after)]
        if by_table[change.table_name].touched(*rows):
            return Told.of(change.event)
    return None


def _plain(value: Any) -> str:
    """Return an id as both engines would write it without dashes."""
    return str(value).replace("-", "")
