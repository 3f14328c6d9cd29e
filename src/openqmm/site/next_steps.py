"""What waits for a person, gathered from every app that has something to say."""

from __future__ import annotations

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.assessments import queries as assessments
from openqmm.apps.audit import queries as audit
from openqmm.apps.disclosure import queries as disclosure
from openqmm.apps.facilities import queries as facilities
from openqmm.apps.programs import queries as programs
from openqmm.apps.ratings import queries as ratings
from openqmm.core.workflow import Actor
from openqmm.web.next_steps import NextStep


def next_steps(by: Actor) -> list[NextStep]:
    """Return what the actor must do next, in no order."""
    return [
        *programs.next_steps(by),
        *facilities.next_steps(by),
        *assessments.next_steps(by),
        *ratings.next_steps(by),
        *disclosure.next_steps(by),
        *accounts.next_steps(by),
        *audit.next_steps(by),
    ]
