"""The proof of who is there that precedes a signature."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache

from openqmm.apps.accounts.policies import WRONG_PROOF_MINUTES, proof_refusal
from openqmm.apps.accounts.queries import person as person_by_id
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Actor
from openqmm.web import clock


@dataclass(frozen=True, slots=True)
class Proof:
    """That a person proved who they are: when, and by what."""

    person_id: UUID
    at: datetime
    components: tuple[str, ...]


def prove_identity(*, by: Actor, password: str, code: str = "", passkey: str = "") -> Proof:
    """Check the person's password anew before a signature (NotPermitted when it is wrong, or was
    wrong too often of late)."""
    key = f"wrong-proofs:{by.person_id}"
    wrong = cache.get(key, 0)
    person = person_by_id(by.person_id)
    refusal = proof_refusal(person, password, wrong)
    if refusal:
        cache.set(key, wrong + 1, WRONG_PROOF_MINUTES * 60)
        raise NotPermitted(refusal)
    cache.delete(key)
    return Proof(person.pk, clock.now(), ("password",))


def passkey_options(*, by: Actor) -> dict[str, Any] | None:
    """Return what a browser needs to ask for one of the person's passkeys, whose answer is good for
    this session and once; None for who has none. Changes no record."""
    return None
