"""Every signature as pages, files and the interface show it, and whether it holds."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import models

from openqmm.apps.audit.models import AuditEvent, Signature
from openqmm.apps.signatures.queries.changes import (
    CONTENT_UNKNOWN,
    Source,
    Told,
    first_change,
    told_of,
)
from openqmm.core.records import canonical_json
from openqmm.core.records import signatures as records
from openqmm.core.workflow import SYSTEM, Role
from openqmm.web import tenancy

HOLDS = "holds"
SUPERSEDED = "superseded"
DOES_NOT_HOLD = "does not hold"
TONES = {HOLDS: "done", SUPERSEDED: "warn", DOES_NOT_HOLD: "stop"}


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature as it is shown everywhere: printed name, role, organisation, meaning, date and
    time with the zone, and `state`.

    "holds": what stands in the record is what was signed. "superseded": it was changed
    afterwards, `changed` says by whom and when. "does not hold": the signature was not made under
    this record as it stands in the database; `fault` says why.
    """

    id: UUID
    name: str
    role: str
    organisation: str
    meaning: str
    at: datetime
    zone: str
    digest: str
    components: str
    state: str
    changed: Told | None = None
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether what stands in the record is what was signed."""
        return self.state == HOLDS

    @property
    def tone(self) -> str:
        """The tone of its state."""
        return TONES[self.state]

    @property
    def when(self) -> str:
        """The moment of signing, with its zone."""
        return f"{self.at.day} {self.at:%B %Y, %H:%M:%S} {self.zone}"

    @property
    def explanation(self) -> str:
        """The state in a sentence."""
        if self.state == HOLDS:
            return "What was signed is what stands here."
        if self.changed is None:
            return self.fault
        moment = self.changed.at.astimezone(UTC)
        return (
            f"Changed after it was signed: {self.changed.by} {self.changed.sentence} on "
            f"{moment.day} {moment:%B %Y, %H:%M:%S} UTC."
        )

    @property
    def line(self) -> str:
        """All of it in one line, for a table's cell."""
        return (
            f"{self.name}, {self.role}, {self.organisation}: {self.meaning} {self.when}. "
            f"Signature {self.state}; digest {self.digest}"
        )

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data for files and the interface."""
        changed = self.changed
        return {
            "id": str(self.id),
            "name": self.name,
            "role": self.role,
            "organisation": self.organisation,
            "meaning": self.meaning,
            "signed_at": self.at.isoformat(),
            "zone": self.zone,
            "digest": self.digest,
            "state": self.state,
            "explanation": self.explanation,
            "changed_at": None if changed is None else changed.at.isoformat(),
        }


def signature_views(
    record: models.Model,
    content: Callable[[], Mapping[str, Any]],
    sources: Sequence[Source] = (),
    *,
    replaced_by: str = "",
) -> list[SignatureView]:
    """Return the signatures under a record the caller may already see, oldest first.

    `content` reads what stands there now, `sources` are the rows it is made of, in which a change
    after signing is looked for. `replaced_by` is the event that replaced the record as a whole,
    where one has. Whether a signature holds does not depend on who asks: all that it is compared
    with is read here, whoever may see it.
    """
    under = {"record_type": record._meta.label, "record_id": str(record.pk)}
    with tenancy.scope(SYSTEM):
        found = list(Signature.objects.filter(**under))
        if not found:
            return []
        made = told_of("audit_signature", [row.pk for row in found])
        now = canonical_json(dict(content()))
        return [
            _judged(row, made.get(row.pk.hex), now, sources, _replaced(row, replaced_by))
            for row in found
        ]


def _judged(
    row: Signature,
    made: Told | None,
    now: bytes,
    sources: Sequence[Source],
    replaced: Told | None,
) -> SignatureView:
    if fault := _fault(row, made):
        return _view(row, DOES_NOT_HOLD, fault=fault)
    if replaced is not None:
        return _view(row, SUPERSEDED, changed=replaced)
    signed = json.loads(row.statement)["content"]
    if now == canonical_json(signed):
        return _view(row, HOLDS)
    changed = first_change(sources, after=made)
    if changed is None:
        return _view(row, DOES_NOT_HOLD, fault=CONTENT_UNKNOWN)
    return _view(row, SUPERSEDED, changed=changed)


def _view(
    row: Signature, state: str, *, changed: Told | None = None, fault: str = ""
) -> SignatureView:
    return SignatureView(
        id=row.pk,
        name=row.signer_name,
        role=Role(row.signer_role).title,
        organisation=row.organisation_name,
        meaning=row.meaning,
        at=row.signed_at,
        zone=row.zone,
        digest=row.digest,
        components=row.components,
        state=state,
        changed=changed,
        fault=fault,
    )


def facts_of(row: Signature) -> records.SignedFacts:
    """Return a signature's own facts as its binding covers them."""
    return records.SignedFacts(
        id=str(row.pk),
        digest=row.digest,
        signed_at=f"{row.signed_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
        zone=row.zone,
        challenge=row.challenge,
        components=tuple(row.components.split(" + ")),
    )


def _fault(row: Signature, made: Told | None) -> str | None:
    """Return why a row is no signature made here under its record, or None."""
    if records.statement_digest(row.statement) != row.digest:
        return "The text that was signed does not give the signature's digest."
    if records.binding(facts_of(row)) != row.binding:
        return "The signature was altered after it was made."
    if _columns(row) != _stated(row):
        return "The signature stands under another record, name or meaning than was signed."
    if made is None:
        return "The audit trail does not know of this signature."
    if (made.row.get("digest"), made.row.get("binding")) != (row.digest, row.binding):
        return "The signature is not the one that the audit trail tells of."
    if made.subject != (row.record_type, row.record_id):
        return "The signature was made under another record."
    return None


def _columns(row: Signature) -> tuple[str, ...]:
    return (
        row.record_type,
        row.record_id,
        row.meaning,
        str(row.signer_id),
        row.signer_name,
        row.signer_role,
        row.organisation_name,
    )


def _stated(row: Signature) -> tuple[str, ...]:
    stated = json.loads(row.statement)
    record, signer = stated["record"], stated["signer"]
    return (
        record["type"],
        record["id"],
        stated["meaning"],
        signer["id"],
        signer["name"],
        signer["role"],
        signer["organisation"],
    )


def _replaced(row: Signature, what: str) -> Told | None:
    if not what:
        return None
    event = (
        AuditEvent.objects.filter(
            what=what,
            subject_type=row.record_type,
            subject_id=row.record_id,
            at__gte=row.signed_at,
        )
        .order_by("at", "seq")
        .first()
    )
    return None if event is None else Told.of(event)
