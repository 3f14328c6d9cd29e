"""Who people are here: actors, memberships, and the organisations they may name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from openqmm.apps.accounts.models import Membership, Organisation, User
from openqmm.core.errors import NotFound
from openqmm.core.workflow import PUBLIC, Actor, OrganisationKind, Role
from openqmm.web import clock


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A membership as the organisation switcher shows it."""

    id: UUID
    organisation: str
    role: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person another role may choose, with where they work."""

    id: UUID
    name: str
    email: str
    organisation: str
    role: Role


def memberships_of(person_id: UUID) -> list[MembershipRow]:
    """Return the memberships of a person that hold today."""
    return [
        MembershipRow(membership.id, membership.organisation.name, membership.get_role_display())
        for membership in current().filter(person_id=person_id)
    ]


def actor_of(user: Any, membership_id: str | None) -> Actor:
    """Return the actor a signed-in user is: by the chosen membership, or the first that holds
    today. A person without one, a person switched off, or nobody is the public."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return PUBLIC
    held = list(current().filter(person_id=user.pk))
    chosen = next((m for m in held if str(m.id) == membership_id), None)
    membership = chosen or (held[0] if held else None)
    return actor_as(membership) if membership else PUBLIC


def actor_as(membership: Membership) -> Actor:
    """Return the actor that a membership makes of its person."""
    return Actor(
        role=Role(membership.role),
        name=membership.person.full_name,
        person_id=membership.person_id,
        organisation_id=membership.organisation_id,
        organisation_name=membership.organisation.name,
        organisation_kind=OrganisationKind(membership.organisation.kind),
    )


def active_membership(by: Actor) -> MembershipRow | None:
    """Return the membership the actor acts by."""
    membership = (
        current()
        .filter(person_id=by.person_id, organisation_id=by.organisation_id, role=by.role)
        .first()
    )
    if membership is None:
        return None
    return MembershipRow(membership.id, membership.organisation.name, membership.get_role_display())


def people_in_role(by: Actor, *roles: Role) -> list[PersonRow]:
    """Return who holds one of `roles` today; only for the office, which appoints them."""
    if by.role is not Role.PROGRAM_ADMINISTRATOR:
        return []
    return [
        _person_row(m)
        for m in current()
        .filter(role__in=roles)
        .order_by("organisation__name", "person__full_name")
    ]


def organisations(by: Actor, kind: OrganisationKind) -> list[Organisation]:
    """Return the organisations of a kind that the actor may name: purchasers for a signatory,
    contractors for the office; none for anybody else."""
    may_name = {
        OrganisationKind.PURCHASER: {Role.AUTHORISED_SIGNATORY},
        OrganisationKind.CONTRACTOR: {Role.PROGRAM_ADMINISTRATOR},
    }
    if by.role not in may_name.get(kind, set()):
        return []
    return list(Organisation.objects.filter(kind=kind))


def demo_people() -> list[PersonRow]:
    """Return one person per role, the one longest in it, for the demonstration's sign-in."""
    rows: dict[tuple[str, str], PersonRow] = {}
    for m in current().order_by("role", "from_on", "organisation__name", "person__full_name"):
        rows.setdefault((m.role, m.organisation.kind), _person_row(m))
    return list(rows.values())


def _person_row(membership: Membership) -> PersonRow:
    person = membership.person
    organisation = membership.organisation.name
    return PersonRow(person.pk, person.full_name, person.email, organisation, Role(membership.role))


def person(person_id: Any) -> User:
    """Return an active person by id (NotFound)."""
    try:
        found = User.objects.filter(pk=person_id, is_active=True).first()
    except (ValidationError, ValueError):
        found = None
    if found is None:
        raise NotFound("There is no such person.")
    return found


def may_read_access(by: Actor) -> bool:
    """Tell whether the actor reads who has access here: the program office's administrators, who
    change it, and its records auditor, who does not."""
    office = by.organisation_kind is OrganisationKind.PROGRAM_OFFICE
    return by.role in {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM} or (
        by.role is Role.RECORDS_AUDITOR and office
    )


def require_reader(by: Actor) -> None:
    """Raise NotFound for an actor who may not know who has access here."""
    if not may_read_access(by):
        raise NotFound("There is no such page.")


def current() -> QuerySet[Membership]:
    """Return the memberships that hold now: begun, not over, not ended, of people not switched
    off."""
    day = clock.today()
    return (
        Membership.objects.filter(from_on__lte=day, person__is_active=True, ended_at__isnull=True)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=day))
        .select_related("person", "organisation")
        .order_by("organisation__name", "role")
    )


def has_second_factor(person_id: UUID) -> bool:
    """Return whether the person has an authenticator or a passkey."""
    return False


def demo_code(by: Actor) -> str:
    """Return a code of the actor's authenticator that is good now and not used yet, for the pages
    of a demonstration to show; empty anywhere else."""
    return ""
