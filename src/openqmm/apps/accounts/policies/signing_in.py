"""Has this person proved who they are, and does their session still hold?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from openqmm.core.workflow import Role

MOST_WRONG_PROOFS = 5
WRONG_PROOF_MINUTES = 15


TOO_MANY_PROOFS = f"Too many wrong passwords. Try again in {WRONG_PROOF_MINUTES} minutes."


def proof_refusal(*, password_right: bool, second_right: bool | None) -> str | None:
    """Return why a person has not proved who they are, or None; `second_right` is None where no
    second component was given. Which of the two was wrong is not told."""
    if password_right and second_right is not False:
        return None
    if second_right is None:
        return "The password is not right. Nothing was signed."
    return "The password or the second proof is not right. Nothing was signed."


IDLE = timedelta(minutes=15)
LONGEST_SESSION = timedelta(hours=12)

# Somebody who only reads what was published to them may do without; everybody else proves more
# than a password.
_SECOND_FACTOR_OFFERED = frozenset({Role.PURCHASER_ANALYST})


def session_refusal(signed_in_at: datetime, seen_at: datetime, now: datetime) -> str | None:
    """Return why a session is over by the server's clock, or None. The clock going back ends it
    too: nobody can say then how long it has lasted."""
    if not signed_in_at <= seen_at <= now:
        return "The clock was changed."
    if now - signed_in_at >= LONGEST_SESSION:
        return "You had been signed in for 12 hours."
    if now - seen_at >= IDLE:
        return "You were signed out after 15 minutes without activity."
    return None


def second_factor_required(roles: Collection[str]) -> bool:
    """Return whether a person who holds these roles signs in with a second factor."""
    return any(role not in _SECOND_FACTOR_OFFERED for role in roles)


def removal_refusal(roles: Collection[str], others: int) -> str | None:
    """Return why a person may not remove a second factor, or None; `others` are those left."""
    if others or not second_factor_required(roles):
        return None
    return "Your role needs a second factor. Add another one first, then remove this one."


def component_refusal(*, given: bool, has_factor: bool, required: bool) -> str | None:
    """Return why a proof lacks its second component, or None. Without one only where the person
    has no second factor, and the installation does not ask for one."""
    if given or not (has_factor or required):
        return None
    if has_factor:
        return "A signature takes your password and a code of your authenticator, or a passkey."
    return "A signature takes a second factor. Set one up on the page “Your sign-in” first."
