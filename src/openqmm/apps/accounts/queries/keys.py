"""Keys to the REST interface: whose they are, and what one that is shown opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from openqmm.apps.accounts.models import ApiKey
from openqmm.apps.accounts.queries.acting import current
from openqmm.core.errors import NotFound
from openqmm.core.records import sha256_hex
from openqmm.core.workflow import SYSTEM, Actor, Scope
from openqmm.web import clock, tenancy


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as its owner and the office see it; its text is shown once, when it is made."""

    id: UUID
    name: str
    prefix: str
    scopes: tuple[str, ...]
    acts_as: str
    made_at: datetime
    expires_on: date
    used_on: date | None
    state: str
    tone: str


def own_keys(by: Actor) -> list[KeyRow]:
    """Return the actor's own keys, whichever membership each is bound to, the latest first."""
    return keys_of(by.person_id)


def own_key(by: Actor, key_id: Any) -> ApiKey:
    """Return one of the actor's own keys (NotFound)."""
    found = ApiKey.objects.filter(pk=key_id, membership__person=by.person_id)
    key = found.select_related("membership__organisation").first()
    if key is None:
        raise NotFound("There is no such key.")
    return key


def keys_of(person_id: Any) -> list[KeyRow]:
    """Return the keys of a person the caller may already see."""
    alive = set(current().filter(person=person_id).values_list("pk", flat=True))
    rows = ApiKey.objects.filter(membership__person=person_id)
    return [_row(key, alive) for key in rows.select_related("membership__organisation")]


@tenancy.scope(SYSTEM)
def live_key(text: str) -> ApiKey | None:
    """Return the key of this text, if it opens anything today: not revoked, not past its last day,
    of a membership that holds and a person who is not switched off. Read as the system: nobody is
    known to be there yet."""
    key = (
        ApiKey.objects.filter(
            digest=sha256_hex(text.encode()),
            revoked_at__isnull=True,
            expires_on__gte=clock.today(),
        )
        .select_related("membership__person", "membership__organisation")
        .first()
    )
    if key is None or not current().filter(pk=key.membership_id).exists():
        return None
    return key


def _row(key: ApiKey, alive: set[UUID]) -> KeyRow:
    membership = key.membership
    state, tone = _state(key, alive)
    return KeyRow(
        id=key.pk,
        name=key.name,
        prefix=key.prefix,
        scopes=tuple(Scope(scope).title for scope in key.scopes),
        acts_as=f"{membership.get_role_display()}, {membership.organisation.name}",
        made_at=key.made_at,
        expires_on=key.expires_on,
        used_on=key.used_on,
        state=state,
        tone=tone,
    )


def _state(key: ApiKey, alive: set[UUID]) -> tuple[str, str]:
    if key.revoked_at is not None:
        return "revoked", "stop"
    if key.expires_on < clock.today():
        return "expired", "neutral"
    if key.membership_id not in alive:
        return "its role has ended", "stop"
    return "valid", "done"
