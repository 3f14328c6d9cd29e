"""Which assessments a person may know of, and who may be named to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q, QuerySet

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.accounts.models import Membership
from openqmm.apps.assessments.models import Assessment
from openqmm.apps.programs import queries as programs
from openqmm.apps.programs.models import Application
from openqmm.core.errors import NotFound, NotPermitted
from openqmm.core.workflow import Actor, OrganisationKind, Role
from openqmm.web import clock

SCORING_ROLES = (Role.LEAD_ASSESSOR, Role.ASSESSOR)
TEAM_ROLES = (*SCORING_ROLES, Role.OBSERVER)
SITE_ROLES = (Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY)


def in_period(path: str = "") -> Q:
    """Return the condition that a place on a team, reached by `path`, holds today."""
    today = clock.today()
    begun = Q(**{f"{path}from_on__isnull": True}) | Q(**{f"{path}from_on__lte": today})
    lasts = Q(**{f"{path}until_on__isnull": True}) | Q(**{f"{path}until_on__gte": today})
    return begun & lasts


def assessments(by: Actor) -> QuerySet[Assessment]:
    """Return the assessments the actor may know of: all for the program administrator, their own
    for team members in the role they hold on it and for its days, their facilities' for a
    manufacturer. None of a manufacturer that other work bars them from.

    Each row carries `member_role`, `declared_at` and `finished_at` of the actor's own place on the
    team (None for everybody else).
    """
    own = Q(team__person=by.person_id, team__role=by.role) & in_period("team__")
    rows = Assessment.objects.annotate(
        mine=FilteredRelation("team", condition=own),
        member_role=F("mine__role"),
        declared_at=F("mine__no_conflict_at"),
        finished_at=F("mine__finished_at"),
    ).select_related("application__facility__organisation", "application__round", "contractor")
    barred = accounts.barred_organisations(by)
    rows = rows.exclude(application__facility__organisation__in=barred)
    if by.role is Role.PROGRAM_ADMINISTRATOR:
        return rows
    if by.role in SITE_ROLES:
        return rows.filter(application__facility__organisation=by.organisation_id)
    if by.role in SCORING_ROLES:
        return rows.filter(mine__isnull=False, contractor=by.organisation_id)
    if by.role is Role.OBSERVER:
        return rows.filter(mine__isnull=False)
    return rows.none()


def assessment(by: Actor, assessment_id: Any) -> Assessment:
    """Return one assessment the actor may know of, with its protocol version (NotFound)."""
    return _one(_with_protocol(assessments(by)), assessment_id)


def opened_to(by: Actor, assessment_id: Any) -> Assessment:
    """Return one assessment whose content the actor may see: a team member has declared first
    (NotPermitted)."""
    found = assessment(by, assessment_id)
    if found.member_role and found.declared_at is None:
        raise NotPermitted("Declare that you have no conflict of interest before you read on.")
    return found


def locked(by: Actor, assessment_id: Any) -> Assessment:
    """Return one assessment, its row locked until the transaction ends.

    Every change of an assessment, its team and its marks takes this lock, so that each sees what
    the one before it did.
    """
    return _one(_with_protocol(assessments(by)).select_for_update(of=("self",)), assessment_id)


def _with_protocol(rows: QuerySet[Assessment]) -> QuerySet[Assessment]:
    # The sealed source is hundreds of kilobytes and is read once per process elsewhere.
    return rows.select_related("application__round__protocol").defer(
        "application__round__protocol__source"
    )


def _one(rows: QuerySet[Assessment], assessment_id: Any) -> Assessment:
    found = rows.filter(pk=assessment_id).first()
    if found is None:
        raise NotFound("There is no such assessment.")
    return found


def final_assessments(by: Actor) -> QuerySet[Assessment]:
    """Return the assessments whose report is final and which wait to be rated; for the program
    administrator, who proposes ratings."""
    if by.role is not Role.PROGRAM_ADMINISTRATOR:
        return Assessment.objects.none()
    return assessments(by).filter(state="final")


def plannable(by: Actor) -> list[Application]:
    """Return the accepted applications without an assessment, for the program administrator."""
    return programs.accepted_without_assessment(by) if by.role is Role.PROGRAM_ADMINISTRATOR else []


def candidates(by: Actor, assessment: Assessment) -> list[accounts.PersonRow]:
    """Return the people the administrator may appoint: the contractor's assessors and the
    office's observers."""
    people = accounts.people_in_role(by, *TEAM_ROLES)
    return [
        row
        for row in people
        if row.role is Role.OBSERVER or row.organisation == assessment.contractor.name
    ]


def holds_role(person_id: Any, role: Role, contractor_id: UUID) -> bool:
    """Tell whether the person holds the role today where a team draws it from: the contractor for
    assessors, the program office for observers."""
    held = accounts.current().filter(person=person_id, role=role)
    if role is Role.OBSERVER:
        return held.filter(organisation__kind=OrganisationKind.PROGRAM_OFFICE).exists()
    return held.filter(organisation=contractor_id).exists()


def worked_at(person_id: Any, organisation_id: UUID) -> bool:
    """Tell whether the person has, or ever had, a role in an organisation, or declared other work
    for it."""
    held = Membership.objects.filter(person=person_id, organisation=organisation_id).exists()
    return held or accounts.has_declared_interest(person_id, organisation_id)
