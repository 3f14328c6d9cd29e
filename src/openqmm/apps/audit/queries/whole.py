"""Whole trails, event by event, as they leave the platform and as they are verified."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from openqmm.apps.audit.models import AnchoredHead, AuditEvent, TrailHead
from openqmm.apps.audit.queries.selecting import Whole
from openqmm.core.records import (
    AnchorProof,
    Change,
    Frontier,
    StoredEvent,
    trail_head_line,
    trail_lines,
)
from openqmm.core.workflow import SYSTEM
from openqmm.web import tenancy

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a trail has come: its size and its root."""

    size: int
    root: str


@dataclass(frozen=True, slots=True)
class Anchored:
    """Where the anchors first held an event: when, and under which checkpoint."""

    at: datetime
    checkpoint: int


def standing(trail_id: UUID) -> Standing:
    """Return how far a trail has come."""
    head = TrailHead.objects.filter(pk=trail_id).first()
    if head is None:
        return Standing(0, Frontier().root().hex())
    frontier = Frontier.from_hex(head.size, json.loads(head.frontier))
    return Standing(head.size, frontier.root().hex())


def whole_lines(whole: Whole, standing: Standing, anchor: AnchorProof | None) -> Iterator[str]:
    """Yield a trail as it stood, in the format that `openqmm verify` reads."""
    yield trail_head_line(
        str(whole.id), whole.name, size=standing.size, root=standing.root, anchor=anchor
    )
    yield from trail_lines(stored_events(whole.id, standing.size))


def stored_events(trail_id: UUID, size: int) -> Iterator[StoredEvent]:
    """Yield the first `size` events of a trail in their order, each with its changes."""
    rows = AuditEvent.objects.filter(trail_id=trail_id, seq__lt=size).order_by("seq")
    for row in rows.prefetch_related("changes").iterator(chunk_size=_AT_ONCE):
        yield stored_event(row)


def stored_event(row: AuditEvent) -> StoredEvent:
    """Return an event as an exported trail has it."""
    changes = [Change(c.table_name, c.record_id, c.before, c.after) for c in row.changes.all()]
    return StoredEvent(row.seq, row.prev, row.leaf, row.salt, row.content, changes)


@tenancy.scope(SYSTEM)
def leaves(trail_id: UUID, size: int) -> list[bytes]:
    """Return the leaf hashes of the first `size` events of a trail, which tell nothing of them."""
    rows = AuditEvent.objects.filter(trail_id=trail_id, seq__lt=size).order_by("seq")
    return [bytes.fromhex(leaf) for leaf in rows.values_list("leaf", flat=True)]


def anchored(event: AuditEvent) -> Anchored | None:
    """Return the first anchor that holds an event the caller may already read, or None while it is
    not anchored."""
    # As the system: the office's auditor reads what the office did on another's trail.
    with tenancy.scope(SYSTEM):
        return _anchored(event)


def _anchored(event: AuditEvent) -> Anchored | None:
    heads = AnchoredHead.objects.filter(trail_id=event.trail_id, size__gt=event.seq)
    head = heads.select_related("anchor").order_by("anchor_id").first()
    return head and Anchored(head.anchor.at, head.anchor.position + 1)
