"""May this be disclosed, to whom, until when? None, or the refusal as a sentence."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from openqmm.core.workflow import Actor, Role


def signatory_refusal(by: Actor) -> str | None:
    """Return why the actor may neither sign nor withdraw a consent, or None."""
    if by.role is Role.AUTHORISED_SIGNATORY:
        return None
    return "Only the facility's authorised signatory signs and withdraws consents."


def until_refusal(until_on: date, *, valid_until: date | None, today: date) -> str | None:
    """Return why a disclosure cannot last until a day, or None."""
    if until_on < today:
        return "The last day lies in the past."
    if valid_until is not None and until_on > valid_until:
        day = f"{valid_until.day} {valid_until:%B %Y}"
        return f"The rating is valid until {day}; it cannot be shown longer."
    return None


def recipients_refusal(
    audience: str, chosen: Collection[Any], known: Collection[Any]
) -> str | None:
    """Return why these recipients do not fit the audience, or None."""
    if audience == "public" and chosen:
        return "A public disclosure names no recipients."
    if audience == "named" and not chosen:
        return "Name at least one purchaser."
    if not set(chosen) <= set(known):
        return "One of the recipients is not a purchaser in the program."
    return None
