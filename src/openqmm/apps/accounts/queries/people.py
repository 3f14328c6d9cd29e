"""People and organisations as the office sees them: lists, and one person's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Prefetch, Q

from openqmm.apps.accounts.models import (
    FactorReset,
    IdentityCheck,
    Interest,
    Invitation,
    Membership,
    Organisation,
    User,
)
from openqmm.apps.accounts.queries.acting import current, require_reader
from openqmm.apps.accounts.queries.keys import KeyRow, keys_of
from openqmm.apps.audit import queries as audit
from openqmm.core.errors import NotFound
from openqmm.core.workflow import ROLES_IN, SYSTEM, Actor, OrganisationKind, Role
from openqmm.web import clock, tenancy


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person in the list, with what they may act as today."""

    id: UUID
    name: str
    email: str
    roles: tuple[str, ...]
    state: str
    tone: str


@dataclass(frozen=True, slots=True)
class MembershipLine:
    """A membership on a person's page; `open` while it may still be ended."""

    id: UUID
    role: str
    organisation: str
    from_on: date
    until_on: date | None
    state: str
    tone: str
    open: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """Everything the office keeps about a person's access."""

    person: User
    state: str
    tone: str
    memberships: list[MembershipLine]
    identity: IdentityCheck | None
    invitation: Invitation | None
    reset: FactorReset | None
    keys: list[KeyRow]
    interests: list[Interest]
    timeline: list[audit.Entry]


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in the list, with how many people act for it today."""

    id: UUID
    name: str
    kind: str
    country: str
    people: int


def people(by: Actor, *, text: str = "", organisation: str = "") -> list[PersonLine]:
    """Return the people whose name, address or organisation has the words, by name; for those who
    may read who has access (NotFound)."""
    require_reader(by)
    held = Prefetch("memberships", queryset=current(), to_attr="held")
    rows = User.objects.prefetch_related(held).order_by("full_name", "email")
    if text:
        rows = rows.filter(
            Q(full_name__icontains=text)
            | Q(email__icontains=text)
            | Q(memberships__organisation__name__icontains=text)
        ).distinct()
    if organisation:
        rows = rows.filter(memberships__organisation__name=organisation).distinct()
    return [_line(row) for row in rows]


def person_page(by: Actor, person_id: Any) -> PersonPage:
    """Return one person's access, whoever they are (NotFound for those who may not read it)."""
    person = known_person(by, person_id)
    rows = person.memberships.select_related("organisation").order_by("-from_on", "role")
    state, tone = _state(person)
    return PersonPage(
        person=person,
        state=state,
        tone=tone,
        memberships=[_membership_line(row) for row in rows],
        identity=IdentityCheck.objects.select_related("checked_by").filter(person=person).first(),
        invitation=open_invitations(person).first(),
        reset=FactorReset.objects.filter(person=person, confirmed_at__isnull=True).first(),
        keys=keys_of(person.pk),
        interests=list(person.interests.select_related("organisation")),
        timeline=audit.timeline(person),
    )


def known_person(by: Actor, person_id: Any) -> User:
    """Return a person, switched off or not (NotFound)."""
    require_reader(by)
    found = User.objects.filter(pk=person_id).first()
    if found is None:
        raise NotFound("There is no such person.")
    return found


def known_membership(by: Actor, membership_id: Any) -> Membership:
    """Return a membership, ended or not, with its person and organisation (NotFound)."""
    require_reader(by)
    rows = Membership.objects.select_related("person", "organisation")
    found = rows.filter(pk=membership_id).first()
    if found is None:
        raise NotFound("There is no such membership.")
    return found


def organisation_lines(by: Actor) -> list[OrganisationLine]:
    """Return every organisation of the installation, by name (NotFound)."""
    require_reader(by)
    acting = dict(
        current().order_by().values_list("organisation").annotate(n=Count("person", distinct=True))
    )
    return [
        OrganisationLine(
            row.pk, row.name, row.get_kind_display(), row.country, acting.get(row.pk, 0)
        )
        for row in Organisation.objects.all()
    ]


def known_organisation(by: Actor, organisation_id: Any) -> Organisation:
    """Return an organisation of the installation (NotFound)."""
    require_reader(by)
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise NotFound("There is no such organisation.")
    return found


def places(by: Actor) -> list[tuple[str, str]]:
    """Return every role that may be given, as a choice of organisation and role."""
    require_reader(by)
    return [
        (f"{row.pk}:{role}", f"{row.name}: {role.title.lower()}")
        for row in Organisation.objects.all()
        for role in sorted(ROLES_IN[OrganisationKind(row.kind)])
    ]


def open_invitations(person: User) -> Any:
    """Return the invitations of a person that still open: not used, not replaced, not lapsed."""
    return person.invitations.filter(closed_at__isnull=True, expires_at__gt=clock.now())


@tenancy.scope(SYSTEM)
def invited(digest: str) -> Invitation:
    """Return the invitation whose link has this digest, while it opens (NotFound). Read as the
    system: whoever has the link is the public still."""
    found = (
        Invitation.objects.filter(
            digest=digest,
            closed_at__isnull=True,
            expires_at__gt=clock.now(),
            person__is_active=True,
        )
        .select_related("person")
        .first()
    )
    if found is None:
        raise NotFound("There is no such invitation.")
    return found


def other_administrators(person_id: Any) -> int:
    """Return how many other people administer the program today, with no end in sight."""
    others = current().filter(role=Role.PROGRAM_ADMINISTRATOR, until_on__isnull=True)
    return others.exclude(person=person_id).values("person").distinct().count()


def home_of(person: User) -> UUID | None:
    """Return the organisation on whose trail a person's own access stands: that of their first
    membership."""
    return (
        person.memberships.order_by("given_at", "from_on")
        .values_list("organisation", flat=True)
        .first()
    )


def office_ids() -> list[UUID]:
    """Return the program offices of the installation."""
    offices = Organisation.objects.filter(kind=OrganisationKind.PROGRAM_OFFICE)
    return list(offices.values_list("pk", flat=True))


def _line(person: User) -> PersonLine:
    state, tone = _state(person)
    roles = tuple(f"{m.get_role_display()}, {m.organisation.name}" for m in person.held)
    return PersonLine(person.pk, person.full_name, person.email, roles, state, tone)


def _state(person: User) -> tuple[str, str]:
    if not person.is_active:
        return "switched off", "stop"
    if not person.has_usable_password():
        return "invited", "warn"
    return "active", "done"


def _membership_line(row: Membership) -> MembershipLine:
    today = clock.today()
    over = row.until_on is not None and row.until_on < today
    if row.ended_at is not None or over:
        state, tone = "ended", "neutral"
    elif row.from_on > today:
        state, tone = "to come", "info"
    else:
        state, tone = "current", "done"
    return MembershipLine(
        id=row.pk,
        role=row.get_role_display(),
        organisation=row.organisation.name,
        from_on=row.from_on,
        until_on=row.until_on,
        state=state,
        tone=tone,
        open=state != "ended",
    )
