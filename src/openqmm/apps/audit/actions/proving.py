"""Proofs that stand without the platform: of a trail's head, and of one event."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth import get_user_model

from openqmm.apps.audit import queries
from openqmm.apps.audit.actions.checkpoints import configured_folder
from openqmm.apps.audit.actions.events import event
from openqmm.apps.audit.actions.trail import in_utc
from openqmm.apps.audit.models import Anchor, AnchoredHead, AuditEvent
from openqmm.core import records
from openqmm.core.errors import NotFound
from openqmm.core.records import AnchorProof, Head
from openqmm.core.records.notes import tlog_proof
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.web import tenancy


def newest_anchor_proof(trail_id: UUID, *, most: int, least: int = 0) -> AnchorProof | None:
    """Return the proof of a trail's newest anchored head of at least `least` and at most `most`
    events that a published checkpoint covers, or None while there is none."""
    heads = AnchoredHead.objects.filter(trail_id=trail_id, size__gte=least, size__lte=most)
    head = heads.select_related("anchor").order_by("-anchor_id").first()
    # The checkpoint is published after the anchor: the very newest may have none yet.
    while head is not None:
        if text := configured_folder().read(head.anchor.position + 1):
            return _anchor_proof(head, text)
        head = heads.filter(anchor_id__lt=head.anchor_id).order_by("-anchor_id").first()
    return None


def prove_event(*, by: Actor, event_id: Any) -> str:
    """Return the proof of one event, a JSON text that `openqmm verify` reads.

    A records auditor who may read the event (NotFound); NotFound also while it is not anchored.
    Event `trail.proof_taken`.
    """
    found, anchor = _anchored_event(by, event_id)
    path = records.inclusion_path(queries.leaves(found.trail_id, anchor.size), found.seq)
    proof = records.event_proof(str(found.trail_id), queries.stored_event(found), path, anchor)
    _note(by, found)
    return proof


def prove_tick(*, by: Actor, event_id: Any) -> str:
    """Return the C2SP tlog-proof of the tick under which an event is anchored; who may, and what
    is written and refused: as for `prove_event`."""
    found, anchor = _anchored_event(by, event_id)
    _note(by, found)
    return anchor.tlog_proof


def _anchored_event(by: Actor, event_id: Any) -> tuple[AuditEvent, AnchorProof]:
    found = queries.event_of(by, event_id)
    # As the system: the event is read, and the trail it stands on may be another organisation's.
    with tenancy.scope(SYSTEM):
        size = queries.standing(found.trail_id).size
        anchor = newest_anchor_proof(found.trail_id, least=found.seq + 1, most=size)
    if anchor is None:
        raise NotFound("The event is not anchored yet; that happens every five minutes.")
    return found, anchor


@tenancy.scope(SYSTEM)
def _anchor_proof(head: AnchoredHead, checkpoint: str) -> AnchorProof:
    # As the system: an anchor's tree is over every trail's head; the proof names no other.
    row = head.anchor
    placed = {
        one.slot: Head(str(one.trail_id), one.size, one.root, bytes.fromhex(one.salt))
        for one in row.heads.all()
    }
    seed = bytes.fromhex(row.seed)
    made = records.anchor_again(row.tick, in_utc(row.at), seed, placed, row.capacity)
    ticks = Anchor.objects.filter(position__lte=row.position).order_by("position")
    leaves = [
        records.Anchor(tick, in_utc(at), 0, {}, (), root).leaf()
        for tick, at, root in ticks.values_list("tick", "at", "root")
    ]
    proof = tlog_proof(row.position, records.inclusion_path(leaves, row.position), checkpoint)
    return records.anchor_proof(made, placed[head.slot], proof)


def _note(by: Actor, found: AuditEvent) -> None:
    person = get_user_model()(pk=by.person_id)
    with event(
        by=by,
        what="trail.proof_taken",
        on=person,
        sentence=f"took the proof of event {found.seq}",
        why=f"event {found.pk} on trail {found.trail_id}",
    ):
        pass
