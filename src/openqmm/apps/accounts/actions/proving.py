"""The proof of who is there that precedes a signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache

from openqmm.apps.accounts import policies, queries
from openqmm.apps.accounts.actions.factors import passkey_challenge, passkey_is_right, use_code
from openqmm.apps.accounts.models import User
from openqmm.apps.audit import actions as audit
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Actor
from openqmm.web import clock, tenancy


@dataclass(frozen=True, slots=True)
class Proof:
    """That a person proved who they are: when, and by what."""

    person_id: UUID
    at: datetime
    components: tuple[str, ...]


def prove_identity(*, by: Actor, password: str, code: str = "", passkey: str = "") -> Proof:
    """Check anew, every time, the person's password and a code of their authenticator or a passkey.

    No earlier proof is remembered, a code works once, recovery codes do not sign. Refused
    (NotPermitted) when a component is missing or wrong, or was wrong five times within 15 minutes;
    each wrong attempt leaves the event `person.proof_failed`. Attempts are counted before they
    are made, in a transaction of their own: call this before opening one (RuntimeError otherwise).
    """
    person = queries.person(by.person_id)
    given = bool(code or passkey)
    _refuse(
        policies.component_refusal(
            given=given,
            has_factor=queries.has_second_factor(person.pk),
            required=settings.SIGNING_NEEDS_SECOND_FACTOR,
        )
    )
    components = _attempt(by, person, password, code=code, passkey=passkey)
    return Proof(person.pk, clock.now(), components)


def prove_owner(*, person: User, password: str, code: str = "", needs_code: bool) -> None:
    """Check the password, and where `needs_code` a code or recovery code, before a person changes
    how they sign in; refused, counted and recorded as `prove_identity` does."""
    if needs_code and not code:
        raise NotPermitted("Type a code of your authenticator, or a recovery code, as well.")
    by = queries.actor_or_person(person)
    _attempt(by, person, password, code=code if needs_code else "", recovery=True)


def _attempt(
    by: Actor,
    person: User,
    password: str,
    *,
    code: str = "",
    passkey: str = "",
    recovery: bool = False,
) -> tuple[str, ...]:
    taken = _take_attempt(person)
    if taken is None:
        raise NotPermitted(policies.TOO_MANY_PROOFS)
    password_right = person.check_password(password)
    second = None
    # A code is used up only together with the right password: else anybody could use up codes.
    if code:
        second = password_right and use_code(person, code, recovery=recovery)
    elif passkey:
        second = passkey_is_right(person, passkey)
    refusal = policies.proof_refusal(password_right=password_right, second_right=second)
    if refusal:
        _record_failure(by, person, last=taken == policies.MOST_WRONG_PROOFS - 1)
        raise NotPermitted(refusal)
    cache.delete_many(_attempt_keys(person))
    if second is None:
        return ("password",)
    return ("password", "passkey" if passkey else "code")


def _attempt_keys(person: User) -> list[str]:
    return [f"proof:{person.pk}:{number}" for number in range(policies.MOST_WRONG_PROOFS)]


def _take_attempt(person: User) -> int | None:
    """Take one of the person's attempts, and return its number; None when all are used up. Two
    processes never take the same."""
    with tenancy.apart():
        for number, key in enumerate(_attempt_keys(person)):
            if cache.add(key, 1, policies.WRONG_PROOF_MINUTES * 60):
                return number
    return None


def _record_failure(by: Actor, person: User, *, last: bool) -> None:
    with audit.event(
        by=by, what="person.proof_failed", on=person, sentence="did not prove who they are"
    ):
        pass
    if last:
        with audit.event(
            by=by,
            what="person.locked_out",
            on=person,
            sentence="was locked out of signing for 15 minutes after five wrong proofs",
        ):
            pass


def _refuse(refusal: str | None) -> None:
    if refusal:
        raise NotPermitted(refusal)


def passkey_options(*, by: Actor) -> dict[str, Any] | None:
    """Return what a browser needs to ask for one of the person's passkeys, whose answer is good for
    this session and once; None for who has none. Changes no record."""
    if not any(factor.kind == "webauthn" for factor in queries.factors_of(by.person_id)):
        return None
    return passkey_challenge(person=queries.person(by.person_id))
