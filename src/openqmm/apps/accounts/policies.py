"""May this person be given this role, and have they proved who they are?"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from openqmm.apps.accounts.models import Organisation
from openqmm.core.workflow import ROLES_IN, Actor, OrganisationKind, Role


def keeper_refusal(by: Actor) -> str | None:
    """Return why the actor may not add people, organisations or memberships, or None."""
    if by.role in {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}:
        return None
    return "Only a program administrator adds people and organisations."


def role_refusal(organisation: Organisation, role: Role) -> str | None:
    """Return why the organisation cannot give this role, or None."""
    kind = OrganisationKind(organisation.kind)
    if role in ROLES_IN[kind]:
        return None
    return f"A {kind.title.lower()} has no {role.title.lower()}."


_SCORING = frozenset({Role.LEAD_ASSESSOR, Role.ASSESSOR})


def combination_refusal(held: Collection[str], role: Role) -> str | None:
    """Return why a person who holds these roles in an organisation cannot have this one too.

    The trail tells its auditor of every mark, so that an auditor who scores would not score blind.
    """
    both = {*held, role}
    if Role.RECORDS_AUDITOR in both and _SCORING & both:
        return (
            "Who scores for a contractor does not audit its trail: the scores would not be blind."
        )
    return None


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
