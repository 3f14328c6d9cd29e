"""How the actions of this app turn a refusal into an error."""

from __future__ import annotations

from openqmm.core.errors import NotPermitted, TransitionRefused


def forbid(refusal: str | None) -> None:
    """Raise NotPermitted when there is a refusal that no later moment lifts."""
    if refusal:
        raise NotPermitted(refusal)


def require(refusal: str | None) -> None:
    """Raise TransitionRefused when there is a refusal."""
    if refusal:
        raise TransitionRefused(refusal)
