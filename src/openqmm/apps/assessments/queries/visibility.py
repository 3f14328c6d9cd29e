"""Blindness: whose marks a person may see, and from when. Every read of marks goes through here."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from openqmm.apps.assessments.models import (
    Assessment,
    Consensus,
    Remark,
    Score,
    TeamMember,
)
from openqmm.apps.assessments.queries.scope import SCORING_ROLES, SITE_ROLES, in_period
from openqmm.core.workflow import Actor, Role

REVEALED = frozenset({"consensus", "draft_report", "factual_check", "final", "rated"})
"""States in which the team's marks are open to the team. A suspended or cancelled assessment does
not say how far it had come, so its marks stay closed."""

REPORT_STATES = frozenset({"factual_check", "final", "rated"})
"""States in which the report is open to the facility and the program office."""


def scores_visible_to(by: Actor, assessment: Assessment) -> QuerySet[Score]:
    """Return the individual marks the actor may see.

    Until the consensus opens an assessor, the lead included, sees only their own; from then on the
    declared team sees all, its observer too. The program administrator sees them once the facility
    is rated. Nobody else sees an individual mark here, the facility never.
    """
    marks = Score.objects.filter(assessment=assessment.pk)
    if by.role is Role.PROGRAM_ADMINISTRATOR and assessment.state == "rated":
        return marks
    if by.role in SCORING_ROLES and assessment.state not in REVEALED:
        return marks.filter(_declared(by, assessment), assessor=by.person_id)
    if _on_revealed_team(by, assessment):
        return marks.filter(_declared(by, assessment))
    return marks.none()


def decisions_visible_to(by: Actor, assessment: Assessment) -> QuerySet[Consensus]:
    """Return the team's decisions the actor may see: the team's own, the administrator's once the
    facility is rated."""
    decisions = Consensus.objects.filter(assessment=assessment.pk)
    if by.role is Role.PROGRAM_ADMINISTRATOR and assessment.state == "rated":
        return decisions
    if _on_revealed_team(by, assessment):
        return decisions.filter(_declared(by, assessment))
    return decisions.none()


def remarks_visible_to(by: Actor, assessment: Assessment) -> QuerySet[Remark]:
    """Return the report's remarks the actor may see: the team from the consensus on, the facility
    and the program administrator from the factual check on."""
    found = Remark.objects.filter(assessment=assessment.pk)
    if _on_revealed_team(by, assessment):
        return found.filter(_declared(by, assessment))
    if assessment.state not in REPORT_STATES:
        return found.none()
    if by.role is Role.PROGRAM_ADMINISTRATOR:
        return found
    if by.role in SITE_ROLES:
        return found.filter(assessment__application__facility__organisation=by.organisation_id)
    return found.none()


def _on_revealed_team(by: Actor, assessment: Assessment) -> bool:
    return by.role in (*SCORING_ROLES, Role.OBSERVER) and assessment.state in REVEALED


def _declared(by: Actor, assessment: Assessment) -> Exists:
    member = TeamMember.objects.filter(
        in_period(),
        assessment=OuterRef("assessment"),
        person=by.person_id,
        role=by.role,
        no_conflict_at__isnull=False,
    )
    if by.role in SCORING_ROLES:
        member = member.filter(assessment__contractor=by.organisation_id)
    return Exists(member)
