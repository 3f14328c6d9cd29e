"""A record as it stood at any moment, from the changes on the trail."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openqmm.apps.audit.models import AuditChange
from openqmm.apps.audit.queries import naming
from openqmm.apps.audit.queries.selecting import readable
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor


@dataclass(frozen=True, slots=True)
class AsOf:
    """A record at a moment: its row as the database wrote it (None when it was not there), the
    same in words, and when it last changed before."""

    row: dict[str, Any] | None
    fields: tuple[tuple[str, str], ...]
    changed_at: datetime | None
    elsewhere: bool


def record_as_of(by: Actor, table: str, record_id: str, moment: datetime) -> AsOf:
    """Return a record as it stood at a moment, by the changes on the trail that the actor may
    read; NotFound where these tell of no such record.

    `elsewhere` says that a change before stands on a trail the actor may not read: between two
    changes read here the record was changed by another.
    """
    rows = AuditChange.objects.filter(
        readable(by, "event__"),
        table_name=table,
        record_id__in=naming.stored_ids([record_id]),
    ).order_by("id")
    changes = list(rows.values_list("event__at", "before", "after"))
    if not changes:
        raise NotFound("There is no such record on this trail.")
    text: str | None = None
    changed_at, elsewhere = None, False
    for at, before, after in changes:
        if at > moment:
            break
        elsewhere |= not _continues(text, before)
        text, changed_at = after, at
    row = None if text is None else json.loads(text)
    return AsOf(row, _in_words(by, table, row), changed_at, elsewhere)


def _continues(last: str | None, before: str | None) -> bool:
    """Whether a change goes on from the last one, columns that came or went in between aside."""
    if last is None or before is None:
        return last is before
    ended, begins = json.loads(last), json.loads(before)
    return all(ended[name] == begins[name] for name in ended.keys() & begins.keys())


def _in_words(by: Actor, table: str, row: dict[str, Any] | None) -> tuple[tuple[str, str], ...]:
    if row is None:
        return ()
    known = naming.names(by, naming.referred(table, row))
    return tuple(
        (naming.field_title(table, column), naming.value_text(table, column, value, known))
        for column, value in row.items()
    )
