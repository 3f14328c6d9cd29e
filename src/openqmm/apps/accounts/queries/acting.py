"""Who people are here: actors, memberships, and the organisations they may name."""

from __future__ import annotations

from base64 import b32encode
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.utils import decrypt
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet

from openqmm.apps.accounts.models import Membership, Organisation, User
from openqmm.core.errors import NotFound
from openqmm.core.workflow import PUBLIC, SYSTEM, Actor, OrganisationKind, Role
from openqmm.web import clock, tenancy


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
    with tenancy.identity(user.pk):
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


def organisation_name(kind: OrganisationKind) -> str:
    """Return the name of the one organisation of this kind, empty where there is none: every
    installation has one program office, whose name is no secret."""
    return Organisation.objects.filter(kind=kind).values_list("name", flat=True).first() or ""


@tenancy.scope(SYSTEM)
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


@dataclass(frozen=True, slots=True)
class FactorRow:
    """One of a person's second factors, as its owner sees it."""

    id: int
    kind: str
    name: str
    added_at: datetime


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of a person's sessions, as its owner sees it."""

    key: str
    address: str
    browser: str
    began_at: datetime


def actor_or_person(user: User) -> Actor:
    """Return the actor of a person's first membership; a person without one acts as the public,
    under their own name: for the trail only."""
    actor = actor_of(user, None)
    if actor.person_id is not None:
        return actor
    return Actor(role=Role.PUBLIC, name=user.full_name, person_id=user.pk)


def roles_of(person_id: UUID) -> set[str]:
    """Return the roles a person holds today, anywhere."""
    with tenancy.identity(person_id):
        return set(current().filter(person_id=person_id).values_list("role", flat=True))


def keeps_accounts(by: Actor) -> bool:
    """Return whether the actor keeps the accounts of others."""
    return by.role in {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}


def person_with_address(email: str) -> User | None:
    """Return the active person with this address, whatever its case, or None."""
    return User.objects.filter(email__iexact=email.strip(), is_active=True).first()


def person_linked(provider: str, subject: str) -> User | None:
    """Return the active person tied to this identity at the single sign-on, or None."""
    return User.objects.filter(
        socialaccount__provider=provider, socialaccount__uid=subject, is_active=True
    ).first()


def factors_of(person_id: UUID) -> list[FactorRow]:
    """Return a person's own second factors, recovery codes left out, oldest first."""
    found = Authenticator.objects.filter(user_id=person_id).exclude(type="recovery_codes")
    return [
        FactorRow(row.pk, row.type, row.data.get("name", ""), row.created_at)
        for row in found.order_by("created_at")
    ]


def has_second_factor(person_id: UUID) -> bool:
    """Return whether a person has an authenticator or a passkey of their own."""
    found = Authenticator.objects.filter(user_id=person_id)
    return found.exclude(type="recovery_codes").exists()


def recovery_codes_left(person_id: UUID) -> int:
    """Return how many recovery codes a person has not used yet."""
    row = Authenticator.objects.filter(user_id=person_id, type="recovery_codes").first()
    return len(row.wrap().get_unused_codes()) if row else 0


def sessions_of(person_id: UUID) -> list[SessionRow]:
    """Return a person's sessions that are still there, newest first."""
    found = UserSession.objects.filter(user_id=person_id).order_by("-created_at")
    alive = set(
        Session.objects.filter(
            session_key__in=[row.session_key for row in found], expire_date__gt=clock.now()
        ).values_list("session_key", flat=True)
    )
    return [
        SessionRow(row.session_key, row.ip, row.user_agent, row.created_at)
        for row in found
        if row.session_key in alive
    ]


def totp_counters() -> list[int]:
    """Return the numbers of the periods of 30 seconds whose codes are good now: this one, and one
    on either side for clocks that are a little off."""
    now = int(clock.now().timestamp()) // 30
    return [now, now - 1, now + 1]


def totp_secret(person_id: UUID, *, own: bool = False) -> str:
    """Return the secret of a person's authenticator app; in a demonstration, where they have none
    of their `own`, the known one. Empty when there is none."""
    row = Authenticator.objects.filter(user_id=person_id, type="totp").first()
    if row:
        return decrypt(row.data["secret"])
    if settings.DEMO and not own:
        known = sha256(f"demonstration:{person_id}".encode()).digest()[:20]
        return b32encode(known).decode("ascii")
    return ""


def used_code_key(person_id: UUID, counter: int) -> str:
    """Return under which key it is kept that the code of a period was used."""
    return f"code-used:{person_id}:{counter}"


def demo_code(by: Actor) -> str:
    """Return a code of the actor's authenticator that is good now and not used yet, for the pages
    of a demonstration to show; empty anywhere else, and when all are used up."""
    if not settings.DEMO or by.person_id is None:
        return ""
    secret = totp_secret(by.person_id)
    for counter in totp_counters():
        if cache.get(used_code_key(by.person_id, counter)) is None:
            return format_hotp_value(hotp_value(secret, counter))
    return ""
