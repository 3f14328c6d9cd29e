"""Planning an assessment, appointing its team, and each member's declaration."""

from __future__ import annotations

from datetime import date
from typing import Any

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.accounts.models import Organisation
from openqmm.apps.assessments import policies, queries
from openqmm.apps.assessments.actions.rules import require, require_role, trail_of
from openqmm.apps.assessments.models import Assessment, TeamMember
from openqmm.apps.audit import actions as audit
from openqmm.apps.programs.models import Application
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock

OFFICE = (Role.PROGRAM_ADMINISTRATOR,)


def plan_assessment(*, by: Actor, application_id: Any, contractor_id: Any) -> Assessment:
    """Plan the assessment of an accepted application by a contractor; event `assessment.planned` on
    the contractor's trail. Only the program administrator may (NotPermitted); refused
    (TransitionRefused) before the place is accepted, for another kind of organisation, and a second
    time."""
    require_role(by, OFFICE, "plan an assessment")
    contractor = Organisation.objects.filter(pk=contractor_id).first()
    assessment = Assessment(application_id=application_id, contractor=contractor)
    with audit.event(
        by=by,
        what="assessment.planned",
        on=assessment,
        sentence=f"planned the assessment with {contractor}",
        organisation_id=contractor_id,
    ) as opened:
        application = (
            Application.objects.select_for_update(of=("self",))
            .select_related("facility", "round")
            .filter(pk=application_id)
            .first()
        )
        if application is None:
            raise NotFound("There is no such application.")
        require(policies.plan_refusal(application, contractor))
        assessment.application = application
        return opened.create(assessment)


def assign_member(
    *,
    by: Actor,
    assessment_id: Any,
    person_id: Any,
    role: Role,
    from_on: date | None = None,
    until_on: date | None = None,
) -> TeamMember:
    """Appoint a person to the team, from today when no day is said, to a last day if one is; event
    `assessment.member_assigned`. Only the program administrator may (NotPermitted). Refused
    (TransitionRefused) once scoring has begun, for a second lead, a fifth assessor or the same
    person twice, for somebody who does not hold the role today with the contractor (an observer:
    with the program office), and for anybody who ever worked for the manufacturer."""
    require_role(by, OFFICE, "appoint a team")
    seen = queries.assessment(by, assessment_id)
    person = accounts.person(person_id)
    facility = seen.application.facility
    member = TeamMember(
        assessment=seen,
        person=person,
        role=role,
        from_on=from_on or clock.today(),
        until_on=until_on,
    )
    with audit.event(
        by=by,
        what="assessment.member_assigned",
        on=seen,
        sentence=f"appointed {person.full_name} as {role.title.lower()} for {facility}",
        organisation_id=seen.contractor_id,
    ) as opened:
        assessment = queries.locked(by, assessment_id)
        require(policies.team_refusal(assessment))
        require(policies.period_refusal(member.from_on, until_on, clock.today()))
        require(policies.member_refusal(queries.team_of(assessment), person, role))
        maker = assessment.application.facility.organisation_id
        require(
            policies.person_refusal(
                assessment,
                person,
                role,
                holds_role=queries.holds_role(person_id, role, assessment.contractor_id),
                worked_at_site=queries.worked_at(person_id, maker),
            )
        )
        return opened.create(member)


def remove_member(*, by: Actor, assessment_id: Any, person_id: Any, reason: str) -> None:
    """Take a person off the team, with the reason; event `assessment.member_removed`. Only the
    program administrator may (NotPermitted); refused (TransitionRefused) without a reason and once
    scoring has begun, NotFound for somebody not on the team."""
    require_role(by, OFFICE, "change a team")
    seen = queries.assessment(by, assessment_id)
    name = accounts.person(person_id).full_name
    with audit.event(
        by=by,
        what="assessment.member_removed",
        on=seen,
        sentence=f"took {name} off the team",
        why=reason,
        organisation_id=seen.contractor_id,
    ) as opened:
        assessment = queries.locked(by, assessment_id)
        require(policies.team_refusal(assessment))
        require(policies.reason_refusal(True, reason))
        opened.delete(_member(assessment, person_id))


def set_member_period(
    *, by: Actor, assessment_id: Any, person_id: Any, until_on: date | None, reason: str
) -> TeamMember:
    """Set or move the last day of a person on the team, at any stage, with the reason; event
    `assessment.member_period_set`. After that day the assessment does not exist for them; what
    they did stays. Only the program administrator may (NotPermitted); refused (TransitionRefused)
    without a reason and for a day in the past, NotFound for somebody not on the team."""
    require_role(by, OFFICE, "change a team")
    seen = queries.assessment(by, assessment_id)
    name = accounts.person(person_id).full_name
    with audit.event(
        by=by,
        what="assessment.member_period_set",
        on=seen,
        sentence=f"set the last day of {name} on the team: {until_on or 'none'}",
        why=reason,
        organisation_id=seen.contractor_id,
    ) as opened:
        member = _member(queries.locked(by, assessment_id), person_id)
        require(policies.reason_refusal(True, reason))
        require(policies.period_refusal(member.from_on, until_on, clock.today()))
        return opened.update(member, until_on=until_on)


def declare_no_conflict(*, by: Actor, assessment_id: Any) -> TeamMember:
    """Record that the actor has no conflict of interest, for themselves alone; event
    `assessment.no_conflict_declared`. Only a member of the team may, once (TransitionRefused);
    until then nothing of the assessment's content is shown to them."""
    seen = queries.assessment(by, assessment_id)
    with audit.event(
        by=by,
        what="assessment.no_conflict_declared",
        on=seen,
        sentence="declared no conflict of interest",
        organisation_id=trail_of(by, seen),
    ) as opened:
        assessment = queries.locked(by, assessment_id)
        on_team = assessment.team.filter(person=by.person_id, role=by.role)
        member = on_team.select_for_update().first()
        require(policies.declaration_refusal(member))
        return opened.update(member, no_conflict_at=clock.now())


def _member(assessment: Assessment, person_id: Any) -> TeamMember:
    found = assessment.team.filter(person=person_id).first()
    if found is None:
        raise NotFound("There is no such person on the team.")
    return found
