"""Keys to the REST interface: made, revoked, and noticed when first used on a day."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from openqmm.apps.accounts import policies, queries
from openqmm.apps.accounts.actions.rules import require
from openqmm.apps.accounts.models import ApiKey, Membership
from openqmm.apps.audit import actions as audit
from openqmm.core.errors import NotFound, NotPermitted
from openqmm.core.records import sha256_hex
from openqmm.core.workflow import Actor, Scope
from openqmm.web import clock, tenancy

MARK = "oqmm"
"""What every key begins with, so that scanners of source code and logs find one that leaked."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key with its text, which is shown this once."""

    key: ApiKey
    text: str


def make_key(*, by: Actor, name: str, scopes: list[str], expires_on: date) -> NewKey:
    """Make a key that acts as the actor does now: in this role, for this organisation. Event
    `key.made` on its trail. Whoever holds a membership may; refused (TransitionRefused) without a
    scope, for one that is not known, and for a day later than a year from now."""
    membership = queries.current().filter(
        person=by.person_id, organisation=by.organisation_id, role=by.role
    )
    bound: Membership | None = membership.first()
    if bound is None:
        raise NotPermitted("A key belongs to a role that you hold; you hold none today.")
    prefix, secret = f"{MARK}_{secrets.token_hex(4)}", secrets.token_urlsafe(32)
    text = f"{prefix}_{secret}"
    key = ApiKey(
        membership=bound,
        name=name,
        prefix=prefix,
        digest=sha256_hex(text.encode()),
        scopes=sorted(scopes),
        made_at=clock.now(),
        expires_on=expires_on,
    )
    with audit.event(
        by=by, what="key.made", on=key, sentence=f"made the key {prefix} ({name})"
    ) as opened:
        require(policies.key_refusal(scopes, expires_on, clock.today()))
        return NewKey(opened.create(key), text)


def revoke_key(*, by: Actor, key_id: Any) -> ApiKey:
    """Revoke one's own key; it opens nothing from the next request on. Event `key.revoked`.
    NotFound for somebody else's; one that is revoked stays as it is."""
    seen = queries.own_key(by, key_id)
    with audit.event(
        by=by,
        what="key.revoked",
        on=seen,
        sentence=f"revoked the key {seen.prefix}",
        organisation_id=seen.membership.organisation_id,
    ) as opened:
        key = ApiKey.objects.select_for_update().get(pk=seen.pk)
        if key.revoked_at is not None:
            raise NotFound("There is no such key in use.")
        return opened.update(key, revoked_at=clock.now())


def use_key(text: str) -> tuple[Actor, frozenset[Scope]] | None:
    """Return whom a key lets act and for what, or None for one that opens nothing. Its first use on
    a day is an event, `key.used`, in a transaction of its own: the request has begun none yet."""
    key = queries.live_key(text)
    if key is None:
        return None
    by = queries.actor_as(key.membership)
    if key.used_on != clock.today():
        _note_use(by, key)
    return by, frozenset(Scope(scope) for scope in key.scopes)


def _note_use(by: Actor, seen: ApiKey) -> None:
    with (
        tenancy.scope(by),
        audit.event(
            by=by,
            what="key.used",
            on=seen,
            sentence=f"used the key {seen.prefix}, first on this day",
        ) as opened,
    ):
        opened.update(seen, used_on=clock.today())
