"""May this be signed, by this person, by what they were shown? None, or the refusal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from openqmm.core.workflow import Actor

if TYPE_CHECKING:
    from openqmm.apps.signatures.queries import Paper

CHALLENGE_MINUTES = 10

NOT_SHOWN = (
    f"What you were shown can no longer be signed: it was signed already, or more than "
    f"{CHALLENGE_MINUTES} minutes have passed. Nothing was signed. Read it again and sign."
)
CHANGED = "It was changed after you opened it. Nothing was signed. Read it again before you sign."


def signer_refusal(by: Actor) -> str | None:
    """Return why the actor can sign nothing at all, or None."""
    if by.person_id is None:
        return "Only a person can sign."
    return None


def challenge_refusal(
    taken: dict[str, str] | None, *, by: Actor, paper: Paper, now: datetime
) -> str | None:
    """Return why a challenge that was taken does not stand for this person, this record, this
    meaning and this content now, or None."""
    if taken is None or UUID(taken["person"]) != by.person_id:
        return NOT_SHOWN
    if now >= datetime.fromisoformat(taken["until"]):
        return NOT_SHOWN
    return None if taken["digest"] == paper.digest(by) else CHANGED


def expires_at(now: datetime) -> datetime:
    """Return until when a challenge given now can be used."""
    return now + timedelta(minutes=CHALLENGE_MINUTES)
