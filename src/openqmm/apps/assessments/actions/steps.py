"""Moving an assessment along its states."""

from __future__ import annotations

from datetime import date
from typing import Any, Unpack

from openqmm.apps.assessments import policies, queries
from openqmm.apps.assessments.actions.rules import require, trail_of
from openqmm.apps.assessments.models import Assessment
from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.actions import OpenEvent
from openqmm.apps.signatures import actions as signatures
from openqmm.apps.signatures.actions import Means
from openqmm.core.errors import TransitionRefused
from openqmm.core.workflow import Actor
from openqmm.core.workflow.states import ASSESSMENT

_ELSEWHERE = {
    "rate": "A facility is rated when the board issues its rating.",
    "finalise": "The report becomes final by the signature of its lead assessor.",
}


def advance(
    *,
    by: Actor,
    assessment_id: Any,
    event: str,
    reason: str = "",
    visit: tuple[date, date] | None = None,
    version: int | None = None,
) -> Assessment:
    """Take one step of the assessment's state table, all but `rate` and the signed `finalise`;
    event `assessment.<event>`.

    The table says which role may; a lead assessor only on the assessment they lead, and declared.
    Refused (TransitionRefused) from another state, without a reason where one is due, and while the
    step's guard is not met: scoring begins with two declared assessors or more, the consensus
    opens when all have finished, the report is drafted when every disagreement is decided. Refused
    (Stale) on an assessment that changed since `version`. `visit` gives the days when the visit is
    scheduled. One that is resumed goes back to the state it was suspended from.
    """
    if event in _ELSEWHERE:
        raise TransitionRefused(_ELSEWHERE[event])
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


def sign_report(*, by: Actor, assessment_id: Any, **means: Unpack[Means]) -> Assessment:
    """Sign the report as its lead, which makes it final; event `assessment.finalise` on the
    contractor's trail, with the signature over the report and the digest of every mark.

    Only the lead assessor of this assessment may, proving who they are (NotPermitted, NotFound).
    Refused (TransitionRefused) in another state, while an assessor has not finished or a
    disagreement is undecided, or when what was read is not what stands.
    """
    seen = signable_report(by=by, assessment_id=assessment_id)
    confirmed = signatures.confirm(by=by, paper=queries.report_paper(seen), **means)
    with audit.event(
        by=by,
        what="assessment.finalise",
        on=seen,
        sentence="signed and finalised the report",
        organisation_id=trail_of(by, seen),
    ) as opened:
        assessment = queries.locked(by, assessment_id)
        target = ASSESSMENT.require(assessment.state, "finalise", by.role)
        paper = queries.report_paper(assessment)
        signatures.sign(opened, paper=paper, confirmed=confirmed)
        return opened.update(assessment, state=target)


def signable_report(*, by: Actor, assessment_id: Any) -> Assessment:
    """Return an assessment whose report the actor may sign now; the refusals are those of
    `sign_report`."""
    seen = queries.opened_to(by, assessment_id)
    ASSESSMENT.require(seen.state, "finalise", by.role)
    require(policies.step_refusal("finalise", queries.readiness(seen)))
    return seen


def rate_assessment(*, by: Actor, assessment: Assessment, opened: OpenEvent) -> Assessment:
    """Take the step `rate` within the event that issues the rating. The state table says who may
    (NotPermitted) and from which state (TransitionRefused)."""
    row = Assessment.objects.select_for_update().get(pk=assessment.pk)
    target = ASSESSMENT.require(row.state, "rate", by.role)
    return opened.update(row, state=target)
