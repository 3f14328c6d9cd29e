"""May this person be given this role, and have they proved who they are?"""

from __future__ import annotations

from collections.abc import Collection

from openqmm.apps.accounts.models import Organisation, User
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


def proof_refusal(person: User, password: str, wrong: int = 0) -> str | None:
    """Return why the person has not proved who they are, or None; `wrong` counts the passwords
    that were wrong of late."""
    if wrong >= MOST_WRONG_PROOFS:
        return f"Too many wrong passwords. Try again in {WRONG_PROOF_MINUTES} minutes."
    if person.check_password(password):
        return None
    return "The password is not right. Nothing was signed."
