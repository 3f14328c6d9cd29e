"""May this auditor take this step of a review? None, or the refusal as a sentence."""

from __future__ import annotations

from openqmm.apps.audit.models import TrailReview
from openqmm.core.workflow import Actor, Role, reason_fault


def reviewer_refusal(by: Actor) -> str | None:
    """Return why the actor reviews no trail, or None."""
    if by.role is Role.RECORDS_AUDITOR and by.organisation_id is not None:
        return None
    return "Only a records auditor reviews the trail."


def noting_refusal(by: Actor, review: TrailReview) -> str | None:
    """Return why the actor can note nothing in a review, or None."""
    if review.closed_at is not None:
        return "The review is signed off; nothing in it changes."
    if review.reviewer_id != by.person_id:
        return f"This is the review of {review.reviewer_name}; open one of your own."
    return None


def exception_refusal(exception: bool, words: str) -> str | None:
    """Return why an exception cannot be noted with these words, or None."""
    return reason_fault(words) if exception else None


def closing_refusal(review: TrailReview, outcome: str) -> str | None:
    """Return why a review cannot be signed off, or None."""
    waiting = review.sample.filter(exception=None).count()
    if waiting:
        verb = "waits" if waiting == 1 else "wait"
        plural = "" if waiting == 1 else "s"
        return f"{waiting} event{plural} of the sample still {verb} to be looked at."
    return reason_fault(outcome)
