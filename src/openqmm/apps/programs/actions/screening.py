"""Screening applications: judging the criteria, deciding, asking and answering."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.actions.stepping import locked, next_state, step_event
from openqmm.apps.programs.models import Application, CriterionDecision
from openqmm.core.programs import steps
from openqmm.core.workflow import Actor
from openqmm.web import clock

DECISIONS = frozenset({"ask_information", "find_eligible", "find_ineligible"})


@transaction.atomic
def screen_application(
    *, by: Actor, application_id: Any, version: int | None = None
) -> Application:
    """Judge an application by the public records now loaded and keep the criteria with them; event
    `application.begin_screening`, or `application.screened_again` when it is being screened.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) while the round
    takes applications, and for an application that is decided or (Stale) changed since `version`.
    """
    application = locked(by, application_id)
    audit.require_version(application, version)
    policies.require(steps.screening_refusal(application.round))
    judged = queries.screening_of(application)
    if application.state != "screening":
        target = next_state(by, application, "begin_screening")
        with step_event(by, application, "begin_screening") as opened:
            return opened.update(application, state=target, screening=judged)
    policies.require_permission(policies.office_refusal(by))
    with audit.event(
        by=by,
        what="application.screened_again",
        on=application,
        sentence=f"screened again: {application.facility.name} for {application.round.name}",
        organisation_id=application.facility.organisation_id,
    ) as opened:
        return opened.update(application, screening=judged)


@transaction.atomic
def decide_criterion(
    *,
    by: Actor,
    application_id: Any,
    criterion: str,
    verdict: str,
    reason: str,
) -> CriterionDecision:
    """Decide, as a person, a criterion that the records leave open; event
    `application.decide_criterion` with the reason. A later decision stands over an earlier one.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) without a reason,
    for a criterion that the records decide, and while the application is not being screened.
    """
    policies.require_permission(policies.office_refusal(by))
    application = locked(by, application_id)
    stored = {c["id"]: c for c in queries.stored_criteria(application)}
    found = stored.get(criterion)
    policies.require(steps.criterion_refusal(application.round, application.state, found))
    policies.require(steps.reason_refusal(True, reason))
    if verdict not in {"met", "not_met"} or found is None:
        policies.require("Choose whether the criterion is met.")
    row = CriterionDecision(
        application=application,
        criterion=criterion,
        about=found["reason"] if found else "",
        verdict=verdict,
        reason=reason.strip(),
        decided_at=clock.now(),
        decided_by_id=by.person_id,
    )
    words = "met" if verdict == "met" else "not met"
    with audit.event(
        by=by,
        what="application.decide_criterion",
        on=application,
        sentence=f"found {criterion.replace('_', ' ')} {words}: {application.facility.name}",
        why=reason.strip(),
        organisation_id=application.facility.organisation_id,
    ) as opened:
        return opened.create(row)


@transaction.atomic
def decide_screening(
    *, by: Actor, application_id: Any, event: str, reason: str, version: int | None = None
) -> Application:
    """Find an application eligible or ineligible, or ask for information; event
    `application.<event>` with the reason. A request gives the days the program allows to answer.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) without a reason,
    out of order, against the criteria as judged (a person decides what the records leave open),
    and (Stale) on an application that changed since the `version` that was read.
    """
    if event not in DECISIONS:
        policies.require("That is no decision of the screening.")
    application = locked(by, application_id)
    audit.require_version(application, version)
    target = next_state(by, application, event, reason)
    policies.require(steps.screening_refusal(application.round))
    criteria = queries.stored_criteria(application)
    policies.require(steps.decision_refusal(event, criteria))
    days = queries.program_of(application.round).clocks.information_days
    answer_by = clock.today() + timedelta(days=days) if event == "ask_information" else None
    with step_event(by, application, event, reason) as opened:
        return opened.update(
            application, state=target, reason=reason.strip(), answer_by_on=answer_by
        )


@transaction.atomic
def answer_request(
    *, by: Actor, application_id: Any, reason: str, version: int | None = None
) -> Application:
    """Answer the office's request for information; event `application.give_information` with the
    answer in `reason`. The application goes back to screening, to be judged anew.

    Only its manufacturer's quality lead or signatory may (NotPermitted); refused
    (TransitionRefused) when nothing was asked, without words, or (Stale) where the application
    changed since `version`. A late answer is taken: the office decides.
    """
    application = locked(by, application_id)
    audit.require_version(application, version)
    target = next_state(by, application, "give_information", reason)
    with step_event(by, application, "give_information", reason) as opened:
        return opened.update(
            application, state=target, information=reason.strip(), answer_by_on=None
        )
