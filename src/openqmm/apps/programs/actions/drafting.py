"""Writing an application: a draft is the manufacturer's own until it is signed."""

from __future__ import annotations

from datetime import date
from typing import Any, TypedDict

from django.db import transaction

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.audit import actions as audit
from openqmm.apps.audit import queries as trail
from openqmm.apps.facilities import queries as facilities
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.actions.stepping import locked
from openqmm.apps.programs.models import Application, Round
from openqmm.core.errors import NotFound
from openqmm.core.programs import steps
from openqmm.core.records.merging import tidied
from openqmm.core.workflow import Actor
from openqmm.web import clock


class ApplicationEntry(TypedDict, total=False):
    """What a quality lead writes in an application. What is not named stays as it is, so that each
    step of the writing is saved by itself; a draft may leave any of it empty."""

    contact_name: str
    contact_email: str
    contact_phone: str
    deputy_name: str
    deputy_email: str
    activities: list[str]
    size_band: str
    sector: str
    products: str
    dosage_forms: list[str]
    last_inspected_on: date | None
    last_classification: str
    statement: str
    willing_visit: bool
    willing_observers: bool
    willing_data: bool
    clean_record: bool
    in_commerce: bool
    confidential: list[str]


@transaction.atomic
def start_application(*, by: Actor, round_id: Any, facility_id: Any) -> Application:
    """Begin a draft for an own facility and an open round, with the actor as contact and what the
    public records say of activities and the last inspection; event `application.started`.

    Only a facility quality lead may (NotPermitted), for a facility of their own organisation
    (NotFound for any other). Refused (TransitionRefused) when the round takes no applications, or
    the facility has one in it already that is not withdrawn.
    """
    policies.require_permission(policies.drafting_refusal(by))
    facility = facilities.facility(by, facility_id)
    row = Round.objects.select_for_update().filter(pk=round_id).exclude(state="draft").first()
    if row is None:
        raise NotFound("There is no such round.")
    policies.require(steps.applying_refusal(row, clock.today()))
    if queries.live_application(by, row.pk, facility.pk):
        policies.require(f"{facility.name} has an application to {row.name} already.")
    person = accounts.person(by.person_id)
    application = Application(
        round=row,
        facility=facility,
        contact_name=person.full_name,
        contact_email=person.email,
        **queries.prefilled(facility),
    )
    with audit.event(
        by=by,
        what="application.started",
        on=application,
        sentence=f"began an application: {facility.name} for {row.name}",
        organisation_id=facility.organisation_id,
    ) as opened:
        return opened.create(application)


@transaction.atomic
def edit_application(
    *, by: Actor, application_id: Any, version: int, entry: ApplicationEntry
) -> Application:
    """Save what a draft says over the version it was written from; event `application.edited` with
    each field before and after. What stands already, sent again, changes nothing.

    Only a facility quality lead may (NotPermitted), and only while it is a draft
    (TransitionRefused): what was signed does not change. Refused (Stale) where somebody else saved
    one of the same fields meanwhile; two people at two steps do not meet.
    """
    policies.require_permission(policies.drafting_refusal(by))
    application = locked(by, application_id)
    if application.state != "draft":
        policies.require("The application was signed; what it says cannot be changed.")
    written = {name: tidied(value) for name, value in entry.items()}
    if all(getattr(application, name) == value for name, value in written.items()):
        return application
    if application.version != version and not trail.untouched_since(application, version, written):
        audit.require_version(application, version)
    with audit.event(
        by=by,
        what="application.edited",
        on=application,
        sentence=f"edited the application: {application.facility.name} for "
        f"{application.round.name}",
        organisation_id=application.facility.organisation_id,
    ) as opened:
        return opened.update(application, **written)
