"""May this person be given this role, and have they proved who they are?"""

from __future__ import annotations

from openqmm.apps.accounts.models import Organisation, User
from openqmm.core.workflow import ROLES_IN, OrganisationKind, Role


def role_refusal(organisation: Organisation, role: Role) -> str | None:
    """Return why the organisation cannot give this role, or None."""
    kind = OrganisationKind(organisation.kind)
    if role in ROLES_IN[kind]:
        return None
    return f"A {kind.title.lower()} has no {role.title.lower()}."


def proof_refusal(person: User, password: str) -> str | None:
    """Return why the person has not proved who they are, or None."""
    if person.check_password(password):
        return None
    return "The password is not right. Nothing was signed."
