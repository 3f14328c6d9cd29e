"""May this actor do this at all? Whether the moment is right is `openqmm.core.programs.steps`.

`require` raises what the moment forbids, `require_permission` what no later moment would lift.
"""

from __future__ import annotations

from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.workflow import Actor, Role


def require(refusal: str | None) -> None:
    """Raise a refusal (TransitionRefused)."""
    if refusal:
        raise TransitionRefused(refusal)


def require_permission(refusal: str | None) -> None:
    """Raise a refusal that no later moment would lift (NotPermitted)."""
    if refusal:
        raise NotPermitted(refusal)


def office_refusal(by: Actor) -> str | None:
    """Return why the actor may not configure rounds, or None."""
    if by.role in {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}:
        return None
    return "Only a program administrator configures rounds."


def drafting_refusal(by: Actor) -> str | None:
    """Return why the actor may not write an application, or None."""
    if by.role is Role.FACILITY_QUALITY_LEAD:
        return None
    return "Only a facility quality lead writes an application."
