"""Adding a manufacturer's facility."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.facilities import policies, queries
from openqmm.apps.facilities.models import Facility
from openqmm.core.errors import InvalidRecords, NotPermitted, Problem, TransitionRefused
from openqmm.core.registry.identity import country_code, normalise_duns, normalise_fei
from openqmm.core.workflow import Actor


@dataclass(frozen=True, slots=True)
class FacilityEntry:
    """A facility as its quality lead enters it; numbers and country in any usual spelling."""

    name: str
    fei: str
    duns: str
    address: str
    country: str
    facility_type: str


@transaction.atomic
def add_facility(*, by: Actor, entry: FacilityEntry) -> Facility:
    """Add a facility to the actor's own organisation; event `facility.added` on its trail.

    Only a facility quality lead may (NotPermitted). Refused for an FEI, DUNS or country that is
    none (InvalidRecords), and for an FEI the organisation has entered before (TransitionRefused).
    """
    refusal = policies.adding_refusal(by)
    if refusal:
        raise NotPermitted(refusal)
    read = {
        "FEI": normalise_fei(entry.fei),
        "DUNS": normalise_duns(entry.duns),
        "country": country_code(entry.country),
    }
    faults = [
        Problem(f"this is no {field}", column=field) for field, value in read.items() if not value
    ]
    if faults:
        raise InvalidRecords("The facility", faults)
    if queries.has_facility(by, read["FEI"] or ""):
        raise TransitionRefused(f"Your organisation has a facility with the FEI {read['FEI']}.")
    facility = Facility(
        organisation_id=by.organisation_id,
        name=entry.name,
        fei=read["FEI"] or "",
        duns=read["DUNS"] or "",
        address=entry.address,
        country=read["country"] or "",
        facility_type=entry.facility_type,
    )
    with audit.event(
        by=by,
        what="facility.added",
        on=facility,
        sentence=f"added the facility {entry.name}, FEI {facility.fei}",
    ) as opened:
        return opened.create(facility)
