"""A lost second factor: one person of the office asks for its removal, another confirms."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from openqmm.apps.accounts import policies, queries
from openqmm.apps.accounts.actions.rules import forbid, require
from openqmm.apps.accounts.models import FactorReset, User
from openqmm.apps.audit import actions as audit
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.web import clock


def ask_factor_reset(*, by: Actor, person_id: Any, reason: str) -> FactorReset:
    """Ask that a person's lost second factor be removed; nothing happens until another confirms.
    Event `person.factor_reset_asked` on the trail of their organisation. A program administrator
    may, but not for themselves (NotPermitted); refused (TransitionRefused) without a reason, and
    while a request waits."""
    forbid(policies.keeper_refusal(by))
    seen = queries.known_person(by, person_id)
    forbid(policies.oneself_refusal(by, seen.pk))
    now = clock.now()
    row = FactorReset(person=seen, reason=reason, asked_by_id=by.person_id, asked_at=now)
    with audit.event(
        by=by,
        what="person.factor_reset_asked",
        on=seen,
        sentence=f"asked to remove the lost second factor of {seen.full_name}",
        why=reason,
        organisation_id=queries.home_of(seen),
    ) as opened:
        require(policies.reason_refusal(reason))
        waiting = FactorReset.objects.select_for_update().filter(
            person=seen, confirmed_at__isnull=True
        )
        for earlier in waiting:
            require(policies.waiting_refusal(earlier, now))
            opened.delete(earlier)
        return opened.create(row)


def confirm_factor_reset(*, by: Actor, reset_id: Any) -> FactorReset:
    """Confirm a request: the second factor is removed and every session of the person ends; they
    set up a new one when they next sign in. Event `person.factor_reset` with the reason of the
    request. Another administrator or board member of the office may, who is neither the one who
    asked nor the person (TransitionRefused); NotFound for everybody else."""
    seen = queries.open_reset(by, reset_id)
    with audit.event(
        by=by,
        what="person.factor_reset",
        on=seen.person,
        sentence=f"removed the lost second factor of {seen.person.full_name}",
        why=seen.reason,
        organisation_id=queries.home_of(seen.person),
    ) as opened:
        row = FactorReset.objects.select_for_update().get(pk=seen.pk)
        now = clock.now()
        require(policies.confirming_refusal(by, row, now))
        _remove(opened, row.person)
        confirmer = User.objects.get(pk=by.person_id)
        return opened.update(row, confirmed_by=confirmer, confirmed_at=now)


def reset_factor_by_command(*, person: User, reason: str) -> FactorReset:
    """Remove a lost second factor from the machine's command line, where the office has nobody
    else to confirm; refused (NotPermitted) where it has. Event `person.factor_reset`, done by the
    system, on the trail of the person's organisation."""
    if queries.can_be_confirmed(person.pk):
        raise NotPermitted("The office has people enough: one asks, another confirms, in the page.")
    now = clock.now()
    row = FactorReset(person=person, reason=reason, asked_at=now, confirmed_at=now)
    with audit.event(
        by=SYSTEM,
        what="person.factor_reset",
        on=person,
        sentence=f"removed the lost second factor of {person.full_name} from the command line",
        why=reason,
        organisation_id=queries.home_of(person),
    ) as opened:
        require(policies.reason_refusal(reason))
        for earlier in FactorReset.objects.filter(person=person, confirmed_at__isnull=True):
            opened.delete(earlier)
        _remove(opened, person)
        return opened.create(row)


def _remove(opened: audit.OpenEvent, person: User) -> None:
    if apps.is_installed("allauth.mfa"):
        # The library's own rows; the trail knows them by the triggers on their table.
        apps.get_model("mfa", "Authenticator").objects.filter(user=person).delete()
    opened.update(person, session_epoch=person.session_epoch + 1)
