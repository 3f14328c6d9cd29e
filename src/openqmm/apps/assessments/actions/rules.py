"""How an action turns a refusal into an error, and whose trail an assessment's events are on."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from openqmm.apps.assessments import policies
from openqmm.apps.assessments.models import Assessment
from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.workflow import Actor, OrganisationKind, Role


def require(refusal: str | None) -> None:
    """Raise TransitionRefused when there is a refusal."""
    if refusal:
        raise TransitionRefused(refusal)


def require_role(by: Actor, allowed: Sequence[Role], verb: str) -> None:
    """Raise NotPermitted for an actor whose role may never do this."""
    refusal = policies.role_refusal(by.role, allowed, verb)
    if refusal:
        raise NotPermitted(refusal)


def trail_of(by: Actor, assessment: Assessment) -> UUID | None:
    """Return the organisation whose trail an act is on: what the office does to an assessment is
    on its contractor's, what anybody else does on their own organisation's."""
    office = by.organisation_kind is OrganisationKind.PROGRAM_OFFICE
    return assessment.contractor_id if office else by.organisation_id
