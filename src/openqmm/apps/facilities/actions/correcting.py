"""Correcting what a manufacturer entered about its facility."""

from __future__ import annotations

from typing import Any

from openqmm.apps.audit import actions as audit
from openqmm.apps.facilities import policies, queries
from openqmm.apps.facilities.models import Facility
from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.records.merging import tidied
from openqmm.core.workflow import Actor


def correct_facility(
    *, by: Actor, facility_id: Any, version: int, name: str, address: str, reason: str
) -> Facility:
    """Correct the name or the address of an own facility, with the reason; event
    `facility.corrected` on its organisation's trail. FEI, DUNS and country say which site it is,
    and stay.

    Only its quality lead may (NotPermitted, NotFound for a facility of others). Refused
    (TransitionRefused) without a reason and (Stale) where somebody else saved meanwhile; what
    stands already, sent again, changes nothing.
    """
    refusal = policies.correcting_refusal(by)
    if refusal:
        raise NotPermitted(refusal)
    seen = queries.facility(by, facility_id)
    written = {"name": tidied(name), "address": tidied(address)}
    if all(getattr(seen, field) == value for field, value in written.items()):
        return seen
    refusal = policies.correction_refusal(**written, reason=reason)
    if refusal:
        raise TransitionRefused(refusal)
    with audit.event(
        by=by,
        what="facility.corrected",
        on=seen,
        sentence=f"corrected the facility {seen.name}, FEI {seen.fei}",
        why=reason.strip(),
        organisation_id=seen.organisation_id,
    ) as opened:
        facility = Facility.objects.select_for_update().get(pk=seen.pk)
        audit.require_version(facility, version)
        return opened.update(facility, **written)
