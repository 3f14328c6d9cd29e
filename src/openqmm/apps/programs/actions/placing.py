"""Giving the places of a round, and what the facilities make of theirs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Unpack

from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.actions.stepping import locked, next_state, step_event
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.signatures import actions as signatures
from openqmm.apps.signatures.actions import Means
from openqmm.core.programs import shipped_program, steps
from openqmm.core.workflow import Actor
from openqmm.web import clock

DECISIONS = frozenset({"select", "reserve", "not_select"})


@transaction.atomic
def decide_place(
    *, by: Actor, application_id: Any, event: str, reason: str, version: int | None = None
) -> Application:
    """Select an application, put it on the reserve list or do not select it; event
    `application.<event>` with the reason. An offer stands for the days the program allows.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) without a reason,
    out of order, when every place of the round's cap is taken, and (Stale) on an application that
    changed since the `version` that was read.
    """
    if event not in DECISIONS:
        policies.require("That is no decision about a place.")
    round_id = queries.application(by, application_id).round_id
    # The cap is the round's: two people giving its last place must come one after the other.
    Round.objects.select_for_update().filter(pk=round_id).first()
    application = locked(by, application_id)
    audit.require_version(application, version)
    target = next_state(by, application, event, reason)
    taken = queries.places_taken(application.round_id)
    policies.require(steps.selecting_refusal(application.round, event, taken))
    days = shipped_program(application.round.program_id).clocks.acceptance_days
    answer_by = clock.today() + timedelta(days=days) if event == "select" else None
    with step_event(by, application, event, reason) as opened:
        return opened.update(
            application, state=target, reason=reason.strip(), answer_by_on=answer_by
        )


def accept_place(*, by: Actor, application_id: Any, **means: Unpack[Means]) -> Application:
    """Sign the acceptance of a place; event `application.accept` with the signature bound to the
    application as it was offered the place.

    Only an authorised signatory of its manufacturer may, proving who they are (NotPermitted);
    refused (TransitionRefused) when no place is offered, or what was read is not what stands.
    """
    application = queries.application(by, application_id)
    next_state(by, application, "accept")
    confirmed = signatures.confirm(by=by, paper=queries.acceptance_paper(application), **means)
    with transaction.atomic():
        application = locked(by, application_id)
        target = next_state(by, application, "accept")
        with step_event(by, application, "accept") as opened:
            paper = queries.acceptance_paper(application)
            signatures.sign(opened, paper=paper, confirmed=confirmed)
            return opened.update(application, state=target, answer_by_on=None)


@transaction.atomic
def decline_place(
    *, by: Actor, application_id: Any, reason: str, version: int | None = None
) -> Application:
    """Decline a place, which is free again for the reserve list; event `application.decline` with
    the reason.

    Only an authorised signatory of its manufacturer may (NotPermitted); refused (TransitionRefused)
    when no place is offered, without a reason, or (Stale) on one that changed since `version`.
    """
    application = locked(by, application_id)
    audit.require_version(application, version)
    target = next_state(by, application, "decline", reason)
    with step_event(by, application, "decline", reason) as opened:
        return opened.update(application, state=target, reason=reason.strip(), answer_by_on=None)
