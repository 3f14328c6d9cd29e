"""What every step of an application has in common: it is locked, checked, and told in one event."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.actions import OpenEvent
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.models import Application
from openqmm.core.programs import steps
from openqmm.core.workflow import Actor
from openqmm.core.workflow.states import APPLICATION


def locked(by: Actor, application_id: Any) -> Application:
    """Return an application the actor may know of, as it stands, held until the transaction ends
    (NotFound)."""
    Application.objects.select_for_update().filter(pk=application_id).first()
    return queries.application(by, application_id)


def next_state(by: Actor, application: Application, event: str, reason: str = "") -> str:
    """Return the state a step leads to; refused by the state table, or for want of a reason."""
    target = APPLICATION.require(application.state, event, by.role)
    reasoned = APPLICATION.transition(event).reasoned
    policies.require(steps.reason_refusal(reasoned, reason))
    return target


@contextmanager
def step_event(
    by: Actor, application: Application, event: str, reason: str = ""
) -> Iterator[OpenEvent]:
    """Open the event `application.<event>` on the applicant's trail."""
    done = APPLICATION.transition(event).done
    with audit.event(
        by=by,
        what=f"application.{event}",
        on=application,
        sentence=f"{done}: {application.facility.name} for {application.round.name}",
        why=reason.strip(),
        organisation_id=application.facility.organisation_id,
    ) as opened:
        yield opened
