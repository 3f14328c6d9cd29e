"""Keeping files of evidence, replacing them by new versions, withdrawing them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.evidence import policies, queries
from openqmm.apps.evidence.actions.receiving import LookedOver, looked_over, store
from openqmm.apps.evidence.models import EvidenceFile
from openqmm.core.errors import FileRefused, NotPermitted, TransitionRefused
from openqmm.core.records import kind_of, safe_name
from openqmm.core.workflow import Actor
from openqmm.web import clock


@dataclass(frozen=True, slots=True)
class EvidenceEntry:
    """What is said of a file that is sent: its name as given, its mark, the time it covers."""

    name: str
    confidentiality: str
    period_from: date | None = None
    period_until: date | None = None


def add_evidence(
    *, by: Actor, facility_id: Any, entry: EvidenceEntry, content: Iterable[bytes]
) -> EvidenceFile:
    """Keep a file as evidence of a facility; event `evidence.added` on its trail.

    The facility's quality lead and signatory may (NotPermitted; NotFound for a facility of
    somebody else). Refused (FileRefused) for a file that is not taken, with event
    `evidence.refused`.
    """
    _require_keeper(by)
    facility = queries.own_facility(by, facility_id)
    first = uuid4()
    return _kept(
        by,
        EvidenceFile(id=first, series=first, facility=facility, **_said(entry)),
        content,
        what="evidence.added",
        sentence="added the evidence",
    )


def add_version(
    *, by: Actor, evidence_id: Any, entry: EvidenceEntry, content: Iterable[bytes], reason: str
) -> EvidenceFile:
    """Keep a new version of a file beside the ones before it; event `evidence.replaced`.

    Its owner's quality lead and signatory may (NotPermitted, NotFound). Refused (TransitionRefused)
    without a reason, for a withdrawn file, a derived one, and one that has a newer version;
    otherwise as `add_evidence`.
    """
    _require_keeper(by)
    row = queries.evidence(by, evidence_id)
    _refuse(
        policies.reason_refusal(reason) or _replacing_refusal(row, newer=queries.has_newer(row))
    )
    following = EvidenceFile(
        series=row.series,
        version=row.version + 1,
        replaces=row,
        facility=row.facility,
        **_said(entry),
    )
    try:
        return _kept(
            by,
            following,
            content,
            what="evidence.replaced",
            sentence=f"replaced version {row.version} of the evidence {row.name} by",
            why=reason.strip(),
        )
    except IntegrityError:
        # Somebody else's version came in while this one was looked over.
        raise TransitionRefused(_replacing_refusal(row, newer=True) or "") from None


def add_rendition(
    *, by: Actor, evidence_id: Any, entry: EvidenceEntry, content: Iterable[bytes]
) -> EvidenceFile:
    """Keep a file that was made from a file of evidence, marked as derived from it; event
    `evidence.derived`. May and refused as `add_evidence`."""
    _require_keeper(by)
    row = queries.evidence(by, evidence_id)
    own = uuid4()
    return _kept(
        by,
        EvidenceFile(id=own, series=own, derived_from=row, facility=row.facility, **_said(entry)),
        content,
        what="evidence.derived",
        sentence=f"kept, made from the evidence {row.name},",
    )


@transaction.atomic
def withdraw_evidence(*, by: Actor, evidence_id: Any, reason: str) -> EvidenceFile:
    """Withdraw a file: assessors no longer see it, its bytes stay; event `evidence.withdrawn`.

    Its owner's quality lead and signatory may (NotPermitted, NotFound). Refused (TransitionRefused)
    without a reason, and a second time.
    """
    _require_keeper(by)
    row = queries.evidence(by, evidence_id)
    _refuse(
        policies.reason_refusal(reason)
        or policies.withdrawal_refusal(withdrawn=bool(row.withdrawn_at))
    )
    with audit.event(
        by=by,
        what="evidence.withdrawn",
        on=row,
        sentence=f"withdrew the evidence {row.name}, version {row.version}",
        why=reason.strip(),
        organisation_id=row.organisation_id,
    ) as opened:
        return opened.update(row, withdrawn_at=clock.now(), withdrawn_because=reason.strip())


def _kept(
    by: Actor,
    row: EvidenceFile,
    content: Iterable[bytes],
    *,
    what: str,
    sentence: str,
    why: str = "",
) -> EvidenceFile:
    refusal = policies.entry_refusal(
        row.name, row.confidentiality, (row.period_from, row.period_until)
    )
    if refusal:
        raise FileRefused(refusal)
    with looked_over(by=by, facility=row.facility, name=row.name, content=content) as looked:
        _fill(row, by, looked)
        with audit.event(
            by=by,
            what=what,
            on=row,
            sentence=f"{sentence} {row.name}, SHA-256 {row.sha256}",
            why=why,
            organisation_id=row.organisation_id,
        ) as opened:
            opened.create(row)
            # Before the row is committed: never a row without its bytes. Bytes without a row,
            # after a crash between the two, are found by the nightly check.
            store().keep(row.organisation_id, looked.received)
    return row


def _fill(row: EvidenceFile, by: Actor, looked: LookedOver) -> None:
    kind = kind_of(row.name)
    row.organisation_id = row.facility.organisation_id
    row.media_type = kind.media_type if kind else ""
    row.size, row.sha256 = looked.received.size, looked.received.sha256
    row.pages, row.scanned_at = looked.facts.pages, looked.scanned_at
    row.uploaded_by_id, row.uploaded_at = by.person_id, clock.now()


def _replacing_refusal(row: EvidenceFile, *, newer: bool) -> str | None:
    return policies.replacing_refusal(
        derived=row.derived_from_id is not None, withdrawn=bool(row.withdrawn_at), newer=newer
    )


def _said(entry: EvidenceEntry) -> dict[str, Any]:
    return {
        "name": safe_name(entry.name),
        "confidentiality": entry.confidentiality,
        "period_from": entry.period_from,
        "period_until": entry.period_until,
    }


def _require_keeper(by: Actor) -> None:
    refusal = policies.keeping_refusal(by)
    if refusal:
        raise NotPermitted(refusal)


def _refuse(refusal: str | None) -> None:
    if refusal:
        raise TransitionRefused(refusal)
