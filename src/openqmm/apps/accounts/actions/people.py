"""Adding people, organisations and memberships; ending a membership; switching a person off."""

from __future__ import annotations

from datetime import date
from typing import Any

from openqmm.apps.accounts import policies, queries
from openqmm.apps.accounts.actions.rules import forbid, require
from openqmm.apps.accounts.models import Membership, Organisation, User
from openqmm.apps.audit import actions as audit
from openqmm.core.workflow import SYSTEM, Actor, OrganisationKind, Period, Role
from openqmm.web import clock


def add_organisation(*, by: Actor, name: str, kind: OrganisationKind, country: str) -> Organisation:
    """Add an organisation to the installation; event `organisation.added` on its own trail. A
    program administrator may (NotPermitted); refused (TransitionRefused) for a name that is taken.
    """
    forbid(policies.keeper_refusal(by))
    organisation = Organisation(name=name, kind=kind, country=country)
    with audit.event(
        by=by,
        what="organisation.added",
        on=organisation,
        sentence=f"added the organisation {name}",
        organisation_id=organisation.pk,
    ) as opened:
        require(policies.name_refusal(name))
        return opened.create(organisation)


def add_person(*, by: Actor, email: str, full_name: str, password: str | None = None) -> User:
    """Add a person; without a password they can sign in only by another means. Event
    `person.added`."""
    forbid(policies.keeper_refusal(by))
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
    *,
    by: Actor,
    person: User,
    organisation: Organisation,
    role: Role,
    from_on: date,
    until_on: date | None = None,
) -> Membership:
    """Give a person a role in an organisation for some days; event `membership.added` on its trail.

    A program administrator may, but not to themselves. Refused (NotPermitted) for a role that this
    kind of organisation does not have, or that does not go with one they hold there;
    (TransitionRefused) for days in the past or in which they have the role already.
    """
    forbid(policies.keeper_refusal(by))
    forbid(policies.oneself_refusal(by, person.pk))
    forbid(policies.role_refusal(organisation, role))
    membership = Membership(
        person=person,
        organisation=organisation,
        role=role,
        from_on=from_on,
        until_on=until_on,
        given_at=clock.now(),
    )
    with audit.event(
        by=by,
        what="membership.added",
        on=membership,
        sentence=f"made {person.full_name} {role.title.lower()} of {organisation.name}",
        organisation_id=organisation.pk,
    ) as opened:
        # Two roles given at once must see each other.
        User.objects.select_for_update().get(pk=person.pk)
        here = person.memberships.filter(organisation=organisation, ended_at__isnull=True)
        today = clock.today()
        others = [(m.role, Period(m.from_on, m.until_on)) for m in here]
        lasting = [one for one, p in others if p.until_on is None or p.until_on >= today]
        forbid(policies.combination_refusal(lasting, role))
        same = [period for one, period in others if one == role]
        require(policies.period_refusal(by, from_on, until_on, same, today))
        return opened.create(membership)


def tell_office(*, membership: Membership, reason: str) -> None:
    """Put on the trail of every program office that a role was given from the machine's command
    line, and why; event `access.given_by_command`. Refused (TransitionRefused) without a reason."""
    require(policies.reason_refusal(reason))
    role, person = membership.get_role_display().lower(), membership.person.full_name
    for office_id in queries.office_ids():
        with audit.event(
            by=SYSTEM,
            what="access.given_by_command",
            on=membership,
            sentence=(
                f"made {person} {role} of {membership.organisation.name} from the command line"
            ),
            why=reason,
            organisation_id=office_id,
        ):
            pass


def end_membership(*, by: Actor, membership_id: Any, reason: str) -> Membership:
    """End a membership at once, with the reason; its row stays, its keys open nothing any more.
    Event `membership.ended` on the organisation's trail. A program administrator may, but not their
    own (NotPermitted); refused (TransitionRefused) without a reason, when it has ended already, and
    for the last administrator."""
    forbid(policies.keeper_refusal(by))
    seen = queries.known_membership(by, membership_id)
    forbid(policies.oneself_refusal(by, seen.person_id))
    with audit.event(
        by=by,
        what="membership.ended",
        on=seen,
        sentence=_ended(seen),
        why=reason,
        organisation_id=seen.organisation_id,
    ) as opened:
        return end_within(opened, membership_id, reason)


def end_within(opened: audit.OpenEvent, membership_id: Any, reason: str) -> Membership:
    """End a membership within an event that is open already, under the same refusals."""
    rows = Membership.objects.select_for_update(of=("self",))
    row = rows.select_related("person", "organisation").get(pk=membership_id)
    today = clock.today()
    require(policies.ending_refusal(row, reason, today))
    leaving = row.role == Role.PROGRAM_ADMINISTRATOR
    others = queries.other_administrators(row.person_id)
    require(policies.last_administrator_refusal(leaving, others))
    return opened.update(row, until_on=today, ended_at=clock.now())


def deactivate_person(*, by: Actor, person_id: Any, reason: str) -> User:
    """Switch a person off: every session ends and every key and open invitation of theirs is dead,
    at once. Event `person.deactivated` on the trail of their organisation. A program administrator
    may, but not themselves (NotPermitted); refused (TransitionRefused) without a reason, twice, and
    for the last administrator."""
    return _switch(by, person_id, False, reason)


def reactivate_person(*, by: Actor, person_id: Any, reason: str) -> User:
    """Switch a person on again; sessions begun before stay ended. Event `person.reactivated`. Who
    may, and what is refused: as for switching off."""
    return _switch(by, person_id, True, reason)


def _switch(by: Actor, person_id: Any, active: bool, reason: str) -> User:
    forbid(policies.keeper_refusal(by))
    seen = queries.known_person(by, person_id)
    forbid(policies.oneself_refusal(by, seen.pk))
    verb = "switched on" if active else "switched off"
    with audit.event(
        by=by,
        what="person.reactivated" if active else "person.deactivated",
        on=seen,
        sentence=f"{verb} {seen.full_name}",
        why=reason,
        organisation_id=queries.home_of(seen),
    ) as opened:
        person = User.objects.select_for_update().get(pk=seen.pk)
        require(policies.activity_refusal(person, active, reason))
        is_admin = person.memberships.filter(
            role=Role.PROGRAM_ADMINISTRATOR, ended_at__isnull=True
        ).exists()
        others = queries.other_administrators(person.pk)
        require(policies.last_administrator_refusal(is_admin and not active, others))
        for invitation in [] if active else queries.open_invitations(person):
            opened.update(invitation, closed_at=clock.now())
        epoch = person.session_epoch + 1
        return opened.update(person, is_active=active, session_epoch=epoch)


def _ended(row: Membership) -> str:
    role = row.get_role_display().lower()
    return f"ended the role of {row.person.full_name} as {role} of {row.organisation.name}"
