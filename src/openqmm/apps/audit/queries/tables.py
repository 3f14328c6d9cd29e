"""The trail as rows for spreadsheets and other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db.models import QuerySet

from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.apps.audit.queries import naming
from openqmm.apps.audit.queries.telling import changed_since_entry, fields_changed
from openqmm.core.records import line_writer
from openqmm.core.workflow import Actor
from openqmm.reports.spreadsheet import spreadsheet_safe

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
    "event_id",
    "seq",
    "changed_since_entry",
)
_AT_ONCE = 500


def trail_csv(by: Actor, events: QuerySet[AuditEvent]) -> Iterator[str]:
    """Yield events that the actor may read as lines of CSV: a row for each field an event changed,
    one for an event that changed none. Cells are guarded against being run as formulas."""
    writer = line_writer()
    yield writer.writerow(COLUMNS)
    for rows in _some(events.prefetch_related("changes").iterator(chunk_size=_AT_ONCE)):
        changes = [change for row in rows for change in row.changes.all()]
        later = changed_since_entry(by, changes)
        for row in rows:
            details = [cells for change in row.changes.all() for cells in _details(change, later)]
            for detail in details or [("", "", "", "", "", "")]:
                cells = (*_facts(row), *detail[:5], str(row.pk), str(row.seq), detail[5])
                yield writer.writerow([spreadsheet_safe(cell) for cell in cells])


def _facts(row: AuditEvent) -> tuple[str, ...]:
    return (
        row.at.isoformat(timespec="seconds"),
        row.what,
        row.sentence,
        row.why,
        row.actor_name,
        row.actor_role,
        row.subject_type,
        row.subject_id,
    )


def _details(change: AuditChange, later: set[naming.Reference]) -> Iterator[tuple[str, ...]]:
    id_ = naming.plain_id(change.record_id)
    since = "yes" if (change.table_name, id_) in later else "no"
    for column, before, after in fields_changed(change):
        old, new = naming.plain_text(before), naming.plain_text(after)
        yield change.table_name, id_, column, old, new, since


def _some(rows: Iterable[AuditEvent]) -> Iterator[list[AuditEvent]]:
    left = iter(rows)
    while taken := list(islice(left, _AT_ONCE)):
        yield taken
