"""What signing in and out leaves on the trail, passwords, and the end of sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from openqmm.apps.accounts import queries
from openqmm.apps.accounts.models import User
from openqmm.apps.audit import actions as audit
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import PUBLIC, Actor


def record_sign_in(*, person: User, means: Sequence[str]) -> None:
    """Write the event `person.signed_in`, with what the person proved."""
    _record(person, "person.signed_in", f"signed in by {' and '.join(means)}")


def record_sign_out(*, person: User, why: str = "") -> None:
    """Write the event `person.signed_out`; `why` when it was not the person's own doing."""
    _record(person, "person.signed_out", "was signed out" if why else "signed out", why)


def record_failure(*, email: str, what: str) -> None:
    """Write the event `person.sign_in_failed` on the trail of the person with this address.

    Nothing is written for an address that nobody has: people type passwords there.
    """
    person = queries.person_with_address(email)
    if person:
        _record_by_somebody(person, "person.sign_in_failed", f"typed a wrong {what} for {person}")


def record_lock_out(*, email: str) -> None:
    """Write the event `person.locked_out` on the trail of the person with this address."""
    person = queries.person_with_address(email)
    if person:
        sentence = f"caused {person} to be locked out for 15 minutes, after five wrong passwords"
        _record_by_somebody(person, "person.locked_out", sentence)


def set_password(*, person: User, password: str) -> None:
    """Set the person's password, which ends their sessions elsewhere; event
    `person.password_changed`. That it is good enough is the form's to check beforehand."""
    with audit.event(
        by=queries.actor_or_person(person),
        what="person.password_changed",
        on=person,
        sentence="changed their password",
    ):
        person.set_password(password)
        person.save(update_fields=["password"])
    _drop_sessions(person)


def end_sessions(*, by: Actor, person: User, why: str, keep: str = "") -> int:
    """End every session of a person, but for the one with the key `keep`, and return how many.
    Event `person.sessions_ended`. Their owner may, whoever keeps accounts, and the system."""
    if by.person_id != person.pk and not queries.keeps_accounts(by):
        raise NotPermitted("Only its owner or a program administrator ends a session.")
    keys = [row.key for row in queries.sessions_of(person.pk) if row.key != keep]
    with audit.event(
        by=by,
        what="person.sessions_ended",
        on=person,
        sentence=f"ended {len(keys)} sessions of {person}",
        why=why,
    ):
        Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)


def link_identity(*, person: User, provider: str, subject: str) -> None:
    """Tie a person to their identity at the single sign-on, for good; event
    `person.single_sign_on_linked`. Refused (NotPermitted) for a person tied to another one."""
    tied = SocialAccount.objects.filter(provider=provider)
    if tied.filter(user=person).exists() or tied.filter(uid=subject).exists():
        raise NotPermitted("This account belongs to another identity of the single sign-on.")
    with audit.event(
        by=queries.actor_or_person(person),
        what="person.single_sign_on_linked",
        on=person,
        sentence="signed in by single sign-on for the first time",
    ) as opened:
        opened.create(SocialAccount(user=person, provider=provider, uid=subject, extra_data={}))


def _record(person: User, what: str, sentence: str, why: str = "") -> None:
    by = queries.actor_or_person(person)
    with audit.event(by=by, what=what, on=person, sentence=sentence, why=why):
        pass


def _record_by_somebody(person: User, what: str, sentence: str) -> None:
    """Write an event of somebody unknown on the trail of the person's organisation."""
    organisation: Any = queries.actor_or_person(person).organisation_id
    with audit.event(
        by=PUBLIC, what=what, on=person, sentence=sentence, organisation_id=organisation
    ):
        pass


def _drop_sessions(person: User) -> None:
    """Forget what is known of sessions that the new password has ended."""
    UserSession.objects.filter(user=person).delete()
