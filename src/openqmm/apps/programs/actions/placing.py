"""What the facilities make of the places they are offered."""

from __future__ import annotations

from typing import Any, Unpack

from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import queries
from openqmm.apps.programs.actions.drawing import MOVED_UP, move_up
from openqmm.apps.programs.actions.stepping import locked, next_state, step_event
from openqmm.apps.programs.models import Application
from openqmm.apps.signatures import actions as signatures
from openqmm.apps.signatures.actions import Means
from openqmm.core.workflow import Actor


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
    """Decline a place, which goes to the reserve list; event `application.decline` with the reason.

    Only an authorised signatory of its manufacturer may (NotPermitted); refused (TransitionRefused)
    when no place is offered, without a reason, or (Stale) on one that changed since `version`.
    """
    application = locked(by, application_id)
    audit.require_version(application, version)
    target = next_state(by, application, "decline", reason)
    with step_event(by, application, "decline", reason) as opened:
        opened.update(application, state=target, reason=reason.strip(), answer_by_on=None)
    move_up(application.round_id, MOVED_UP)
    return application
