"""Moving an assessment along its states."""

from __future__ import annotations

from datetime import date
from typing import Any

from openqmm.apps.assessments import policies, queries
from openqmm.apps.assessments.actions.rules import require, trail_of
from openqmm.apps.assessments.models import Assessment
from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.actions import OpenEvent
from openqmm.core.errors import TransitionRefused
from openqmm.core.workflow import Actor
from openqmm.core.workflow.states import ASSESSMENT


def advance(
    *,
    by: Actor,
    assessment_id: Any,
    event: str,
    reason: str = "",
    visit: tuple[date, date] | None = None,
    version: int | None = None,
) -> Assessment:
    """Take one step of the assessment's state table, all but `rate`; event `assessment.<event>`.

    The table says which role may; a lead assessor only on the assessment they lead, and declared.
    Refused (TransitionRefused) from another state, without a reason where one is due, and while the
    step's guard is not met: scoring begins with two declared assessors or more, the consensus
    opens when all have finished, the report is drafted when every disagreement is decided. Refused
    (Stale) on an assessment that changed since `version`. `visit` gives the days when the visit is
    scheduled. One that is resumed goes back to the state it was suspended from.
    """
    if event == "rate":
        raise TransitionRefused("A facility is rated when the board issues its rating.")
    transition = ASSESSMENT.transition(event)
    seen = queries.opened_to(by, assessment_id)
    audit.require_version(seen, version)
    ASSESSMENT.require(seen.state, event, by.role, came_from=seen.suspended_from)
    with audit.event(
        by=by,
        what=f"assessment.{event}",
        on=seen,
        sentence=transition.done,
        why=reason,
        organisation_id=trail_of(by, seen),
    ) as opened:
        assessment = queries.locked(by, assessment_id)
        audit.require_version(assessment, version)
        came_from = assessment.suspended_from
        target = ASSESSMENT.require(assessment.state, event, by.role, came_from=came_from)
        require(policies.reason_refusal(transition.reasoned, reason))
        require(policies.visit_refusal(event, visit))
        require(policies.step_refusal(event, queries.readiness(assessment)))
        changes: dict[str, Any] = {"state": target}
        if visit is not None:
            changes |= {"visit_from": visit[0], "visit_to": visit[1]}
        if event in {"suspend", "resume"}:
            changes["suspended_from"] = assessment.state if event == "suspend" else ""
        return opened.update(assessment, **changes)


def rate_assessment(*, by: Actor, assessment: Assessment, opened: OpenEvent) -> Assessment:
    """Take the step `rate` within the event that issues the rating. The state table says who may
    (NotPermitted) and from which state (TransitionRefused)."""
    row = Assessment.objects.select_for_update().get(pk=assessment.pk)
    target = ASSESSMENT.require(row.state, "rate", by.role)
    return opened.update(row, state=target)
