"""Signing and submitting an application, and withdrawing one."""

from __future__ import annotations

from typing import Any, Unpack

from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.actions.drawing import MOVED_UP, move_up
from openqmm.apps.programs.actions.stepping import locked, next_state, step_event
from openqmm.apps.programs.models import Application
from openqmm.apps.signatures import actions as signatures
from openqmm.apps.signatures.actions import Means
from openqmm.core.programs import steps
from openqmm.core.workflow import Actor
from openqmm.web import clock


def submit_application(*, by: Actor, application_id: Any, **means: Unpack[Means]) -> Application:
    """Sign an application as it stands and submit it; event `application.submit` with the signature
    bound to its whole content.

    Only an authorised signatory of its manufacturer may, proving who they are (NotPermitted).
    Refused (TransitionRefused) when it is no draft any more, was changed since it was read, lacks a
    part, or the round takes no applications today.
    """
    application = queries.application(by, application_id)
    _submitted_state(by, application)
    confirmed = signatures.confirm(by=by, paper=queries.submission_paper(application), **means)
    with transaction.atomic():
        application = locked(by, application_id)
        target = _submitted_state(by, application)
        with step_event(by, application, "submit") as opened:
            paper = queries.submission_paper(application)
            signatures.sign(opened, paper=paper, confirmed=confirmed)
            return opened.update(application, state=target, submitted_at=clock.now())


def _submitted_state(by: Actor, application: Application) -> str:
    target = next_state(by, application, "submit")
    policies.require(steps.submitting_refusal(application, application.round, clock.today()))
    return target


@transaction.atomic
def withdraw_application(
    *, by: Actor, application_id: Any, reason: str, version: int | None = None
) -> Application:
    """Withdraw an application, whatever became of it so far; event `application.withdraw` with the
    reason. A place it held goes to the reserve list.

    Only its manufacturer's quality lead or signatory may (NotPermitted); refused
    (TransitionRefused) when it is over, without a reason, or (Stale) when it changed since
    `version`.
    """
    application = locked(by, application_id)
    audit.require_version(application, version)
    target = next_state(by, application, "withdraw", reason)
    held_a_place = application.state in steps.HOLDING_A_PLACE
    with step_event(by, application, "withdraw", reason) as opened:
        opened.update(application, state=target, reason=reason.strip(), answer_by_on=None)
    if held_a_place:
        move_up(application.round_id, MOVED_UP)
    return application
