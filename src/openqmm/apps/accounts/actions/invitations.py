"""Inviting a person: a link by which they set their password, once."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.mail import send_mail
from django.db import transaction
from django.utils.translation import gettext as _

from openqmm.apps.accounts import policies, queries
from openqmm.apps.accounts.actions.people import add_membership, add_person
from openqmm.apps.accounts.actions.rules import forbid, require
from openqmm.apps.accounts.models import Invitation, User
from openqmm.apps.audit import actions as audit
from openqmm.core.records import sha256_hex
from openqmm.core.workflow import SYSTEM, Actor, Role
from openqmm.web import clock, tenancy

Link = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who is to be invited, and the first role they are given."""

    email: str
    full_name: str
    organisation_id: Any
    role: Role
    from_on: date
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Invited:
    """A person with the link that was just made for them; it is shown this once."""

    person: User
    link: str


def invite_person(*, by: Actor, new: NewPerson, link: Link) -> Invited:
    """Add a person with their first role and invite them. Events `person.added`,
    `membership.added` and `person.invited`. A program administrator may (NotPermitted); refused
    (TransitionRefused) for an address that was ever given to anybody, and as for a membership."""
    forbid(policies.keeper_refusal(by))
    organisation = queries.known_organisation(by, new.organisation_id)
    with transaction.atomic():
        require(policies.address_refusal(new.email))
        person = add_person(by=by, email=new.email, full_name=new.full_name)
        add_membership(
            by=by,
            person=person,
            organisation=organisation,
            role=new.role,
            from_on=new.from_on,
            until_on=new.until_on,
        )
        return invite_again(by=by, person_id=person.pk, link=link)


def invite_again(*, by: Actor, person_id: Any, link: Link) -> Invited:
    """Make a new invitation for a person who has no password yet and send it to them; earlier ones
    open nothing any more. Event `person.invited` on the trail of their organisation. A program
    administrator may (NotPermitted); refused (TransitionRefused) for a person who has a password or
    is switched off."""
    forbid(policies.keeper_refusal(by))
    seen = queries.known_person(by, person_id)
    text = secrets.token_urlsafe(32)
    now = clock.now()
    hours = policies.INVITATION_HOURS
    with audit.event(
        by=by,
        what="person.invited",
        on=seen,
        sentence=f"invited {seen.full_name} to set a password",
        organisation_id=queries.home_of(seen),
    ) as opened:
        person = User.objects.select_for_update().get(pk=seen.pk)
        require(policies.inviting_refusal(person))
        for earlier in queries.open_invitations(person):
            opened.update(earlier, closed_at=now)
        opened.create(
            Invitation(
                person=person,
                digest=sha256_hex(text.encode()),
                made_at=now,
                expires_at=now + timedelta(hours=hours),
            )
        )
        address = link(text)
        transaction.on_commit(lambda: _send(person, address))
    return Invited(person, address)


@tenancy.scope(SYSTEM)
def accept_invitation(*, text: str, password: str) -> User:
    """Set the password of the person whom this link invited; the link opens nothing any more.
    Event `person.invitation_accepted` under the person's own name. NotFound for a link that was
    used, replaced or has lapsed. That the password is a good one is the form's to check."""
    digest = sha256_hex(text.encode())
    seen = queries.invited(digest)
    person = seen.person
    by = Actor(Role.PUBLIC, person.full_name, person.pk)
    with audit.event(
        by=by,
        what="person.invitation_accepted",
        on=person,
        sentence="accepted the invitation and set a password",
        organisation_id=queries.home_of(person),
    ) as opened:
        person = User.objects.select_for_update().get(pk=person.pk)
        opened.update(queries.invited(digest), closed_at=clock.now())
        return opened.update(person, password=make_password(password))


def _send(person: User, address: str) -> None:
    text = _(
        "%(name)s,\n\nthe program office has given you access to OpenQMM. Set your password by "
        "this link within %(hours)d hours; it works once:\n\n%(link)s\n\nIf you did not expect "
        "this, do nothing.\n"
    )
    words = {"name": person.full_name, "hours": policies.INVITATION_HOURS, "link": address}
    send_mail(_("Your access to OpenQMM"), text % words, None, [person.email], fail_silently=True)
