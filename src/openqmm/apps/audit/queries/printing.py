"""The trail as it is printed."""

from __future__ import annotations

from datetime import datetime

from openqmm.apps.audit.models import AnchoredHead
from openqmm.apps.audit.queries.naming import moment_text
from openqmm.apps.audit.queries.selecting import Wanted, Whole, trail
from openqmm.apps.audit.queries.telling import Entry, RecordChange, entries
from openqmm.apps.audit.queries.whole import Standing
from openqmm.core.workflow import Actor
from openqmm.reports.trail_pdf import PrintedEntry, PrintedRecord, Printout

FIELDS_PRINTED = 200
"""Fields of one entry that are printed; an import of thousands of rows is read elsewhere."""


def printout(
    by: Actor, wanted: Wanted, own: Whole, standing: Standing, moment: datetime
) -> Printout:
    """Return what a printout of the entries that the actor looks for says at a moment."""
    found = entries(by, trail(by, wanted), most=FIELDS_PRINTED)
    return Printout(
        organisation=own.name,
        trail=str(own.id),
        filters=wanted.in_words(),
        printed_by=by.name,
        printed_at=moment_text(moment),
        size=standing.size,
        root=standing.root,
        anchor=anchor_words(own),
        entries=[_entry(entry) for entry in found],
    )


def anchor_words(of: Whole) -> str:
    """Return how far a trail is anchored, in a sentence."""
    newest = AnchoredHead.objects.filter(trail_id=of.id).select_related("anchor")
    head = newest.order_by("-anchor_id").first()
    if head is None:
        return "Not yet anchored."
    return (
        f"The first {head.size:,} events are anchored at {moment_text(head.anchor.at)} under "
        f"checkpoint {head.anchor.position + 1}."
    )


def _entry(entry: Entry) -> PrintedEntry:
    return PrintedEntry(
        seq=entry.seq,
        at=moment_text(entry.at),
        by=entry.by,
        sentence=entry.sentence,
        why=entry.why,
        what=entry.what,
        about=entry.subject,
        records=[_record(record) for record in entry.records],
        left_out=entry.left_out,
    )


def _record(record: RecordChange) -> PrintedRecord:
    fields = [(field.field, field.before, field.after) for field in record.fields]
    return PrintedRecord(record.title, record.id[:8], record.verb, record.since_entry, fields)
