"""A signature as a file that can be checked without this platform."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from openqmm.apps.audit.models import AuditChange, Signature
from openqmm.apps.signatures.queries.views import facts_of
from openqmm.core.errors import NotFound
from openqmm.core.records import canonical_json
from openqmm.core.records.signatures import SIGNATURE_FORMAT
from openqmm.core.workflow import SYSTEM
from openqmm.web import tenancy


def offline_copy(record: models.Model, signature_id: Any) -> tuple[str, str]:
    """Return a file's name and its text: a signature under a record the caller may already see,
    with all that its digests cover and the row that the audit trail holds of it (NotFound for
    another record's signature)."""
    try:
        row = Signature.objects.filter(
            pk=signature_id, record_type=record._meta.label, record_id=str(record.pk)
        ).first()
    except (ValidationError, ValueError):
        row = None
    if row is None:
        raise NotFound("There is no such signature.")
    facts = facts_of(row)
    document = {
        "format": SIGNATURE_FORMAT,
        "id": facts.id,
        "statement": row.statement,
        "digest": row.digest,
        "signed_at": facts.signed_at,
        "zone": row.zone,
        "challenge": row.challenge,
        "components": list(facts.components),
        "binding": row.binding,
        "trail": _on_the_trail(row),
        "proof": None,
    }
    return f"signature-{facts.id[:8]}.json", canonical_json(document).decode() + "\n"


@tenancy.scope(SYSTEM)
def _on_the_trail(row: Signature) -> dict[str, Any] | None:
    """Return where the trail tells of the signature, and the row as it was written there: an event
    proof or an exported trail holds its digest."""
    change = (
        AuditChange.objects.filter(
            table_name="audit_signature",
            record_id__in=(row.pk.hex, str(row.pk)),
            before__isnull=True,
        )
        .select_related("event")
        .first()
    )
    if change is None:
        return None
    event = change.event
    return {
        "trail": str(event.trail_id),
        "seq": event.seq,
        "event": str(event.pk),
        "leaf": event.leaf,
        "row": change.after,
    }
