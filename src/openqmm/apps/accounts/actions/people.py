"""Adding people, organisations and memberships."""

from __future__ import annotations

from datetime import date

from openqmm.apps.accounts.models import Membership, Organisation, User
from openqmm.apps.accounts.policies import combination_refusal, keeper_refusal, role_refusal
from openqmm.apps.audit import actions as audit
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Actor, OrganisationKind, Role
from openqmm.web import clock


def add_organisation(*, by: Actor, name: str, kind: OrganisationKind, country: str) -> Organisation:
    """Add an organisation to the installation; event `organisation.added` on its own trail."""
    _require_keeper(by)
    organisation = Organisation(name=name, kind=kind, country=country)
    with audit.event(
        by=by,
        what="organisation.added",
        on=organisation,
        sentence=f"added the organisation {name}",
        organisation_id=organisation.pk,
    ) as opened:
        return opened.create(organisation)


def add_person(*, by: Actor, email: str, full_name: str, password: str | None = None) -> User:
    """Add a person; without a password they can sign in only by another means. Event
    `person.added`."""
    _require_keeper(by)
    user = User(email=email.lower(), full_name=full_name, date_joined=clock.now())
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    with audit.event(
        by=by, what="person.added", on=user, sentence=f"added the person {full_name}"
    ) as opened:
        return opened.create(user)


def add_membership(
    *, by: Actor, person: User, organisation: Organisation, role: Role, from_on: date
) -> Membership:
    """Give a person a role in an organisation; event `membership.added` on its trail. Refused
    (NotPermitted) for a role that this kind of organisation does not have, or that does not go with
    one they hold there."""
    _require_keeper(by)
    held = person.memberships.filter(organisation=organisation).values_list("role", flat=True)
    refusal = role_refusal(organisation, role) or combination_refusal(held, role)
    if refusal:
        raise NotPermitted(refusal)
    membership = Membership(person=person, organisation=organisation, role=role, from_on=from_on)
    with audit.event(
        by=by,
        what="membership.added",
        on=membership,
        sentence=f"made {person.full_name} {role.title.lower()} of {organisation.name}",
        organisation_id=organisation.pk,
    ) as opened:
        return opened.create(membership)


def _require_keeper(by: Actor) -> None:
    refusal = keeper_refusal(by)
    if refusal:
        raise NotPermitted(refusal)
