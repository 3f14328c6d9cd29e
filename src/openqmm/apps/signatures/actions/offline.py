"""A signature as a file that can be checked without this platform."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from openqmm.apps.audit import queries as audit
from openqmm.apps.audit.actions.proving import newest_anchor_proof
from openqmm.apps.audit.models import AuditChange, AuditEvent, Signature
from openqmm.apps.signatures.queries import facts_of
from openqmm.core import records
from openqmm.core.errors import NotFound
from openqmm.core.records import canonical_json
from openqmm.core.records.signatures import SIGNATURE_FORMAT
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.web import tenancy


def offline_copy(*, by: Actor, record: models.Model, signature_id: Any) -> tuple[str, str]:
    """Return a file's name and its text: a signature under a record the caller may already see,
    with all that its digests cover (NotFound for another record's signature).

    Where the trail that tells of it is the reader's own organisation's, the file has its place
    there and, once anchored, its proof; how long another's trail is tells what others do. No
    record is changed, no event written.
    """
    # As the system: what the trail holds of a signature may stand where the reader does not read.
    with tenancy.scope(SYSTEM):
        row = _signature(record, signature_id)
        change = _change(row)
        own = change is not None and change.event.trail_id == by.organisation_id
        document = _document(row) | {
            "row": None if change is None else change.after,
            "place": _place(change.event) if change is not None and own else None,
            "proof": _proof(change.event) if change is not None and own else None,
        }
    return f"signature-{str(row.pk)[:8]}.json", canonical_json(document).decode() + "\n"


def _signature(record: models.Model, signature_id: Any) -> Signature:
    try:
        row = Signature.objects.filter(
            pk=signature_id, record_type=record._meta.label, record_id=str(record.pk)
        ).first()
    except (ValidationError, ValueError):
        row = None
    if row is None:
        raise NotFound("There is no such signature.")
    return row


def _document(row: Signature) -> dict[str, Any]:
    facts = facts_of(row)
    return {
        "format": SIGNATURE_FORMAT,
        "id": facts.id,
        "statement": row.statement,
        "digest": row.digest,
        "signed_at": facts.signed_at,
        "zone": row.zone,
        "challenge": row.challenge,
        "components": list(facts.components),
        "binding": row.binding,
    }


def _change(row: Signature) -> AuditChange | None:
    """Return what the trail holds of the signature's making."""
    return (
        AuditChange.objects.filter(
            table_name="audit_signature",
            record_id__in=(row.pk.hex, str(row.pk)),
            before__isnull=True,
        )
        .select_related("event")
        .first()
    )


def _place(event: AuditEvent) -> dict[str, Any]:
    return {
        "trail": str(event.trail_id),
        "seq": event.seq,
        "event": str(event.pk),
        "leaf": event.leaf,
    }


def _proof(event: AuditEvent) -> str | None:
    size = audit.standing(event.trail_id).size
    anchor = newest_anchor_proof(event.trail_id, least=event.seq + 1, most=size)
    if anchor is None:
        return None
    path = records.inclusion_path(audit.leaves(event.trail_id, anchor.size), event.seq)
    return records.event_proof(str(event.trail_id), audit.stored_event(event), path, anchor)
