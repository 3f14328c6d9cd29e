"""Signing and submitting an application, and withdrawing one."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from openqmm.apps.accounts.actions import prove_identity
from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.actions.stepping import changed_refusal, locked, next_state, step_event
from openqmm.apps.programs.models import Application
from openqmm.core.programs import steps
from openqmm.core.workflow import Actor
from openqmm.web import clock


def submit_application(
    *, by: Actor, application_id: Any, password: str, read: str | None = None, code: str = ""
) -> Application:
    """Sign an application as it stands and submit it; event `application.submit` with the signature
    bound to its whole content.

    `read` is the digest of what the signer was shown, when a page showed it. Only an authorised
    signatory of its manufacturer may, with their password and code (NotPermitted). Refused
    (TransitionRefused) when it is no draft any more, was changed since it was read, lacks a part,
    or the round takes no applications today.
    """
    _submittable(by, queries.application(by, application_id), read)
    # Before the transaction: an attempt is counted whatever becomes of the step.
    prove_identity(by=by, password=password, code=code)
    with transaction.atomic():
        application = locked(by, application_id)
        target = _submittable(by, application, read)
        with step_event(by, application, "submit") as opened:
            content = queries.submission_content(application)
            meaning = content["meaning"]
            audit.sign(opened, by=by, record=application, content=content, meaning=meaning)
            return opened.update(application, state=target, submitted_at=clock.now())


def _submittable(by: Actor, application: Application, read: str | None) -> str:
    """Return the state submitting leads to, or raise the refusal."""
    target = next_state(by, application, "submit")
    policies.require(changed_refusal(application, read))
    policies.require(steps.submitting_refusal(application, application.round, clock.today()))
    return target


@transaction.atomic
def withdraw_application(
    *, by: Actor, application_id: Any, reason: str, version: int | None = None
) -> Application:
    """Withdraw an application, whatever became of it so far; event `application.withdraw` with the
    reason. A place it held is free again.

    Only its manufacturer's quality lead or signatory may (NotPermitted); refused
    (TransitionRefused) when it is over, without a reason, or (Stale) when it changed since
    `version`.
    """
    application = locked(by, application_id)
    audit.require_version(application, version)
    target = next_state(by, application, "withdraw", reason)
    with step_event(by, application, "withdraw", reason) as opened:
        return opened.update(application, state=target, reason=reason.strip(), answer_by_on=None)
