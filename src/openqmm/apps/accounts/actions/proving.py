"""The proof of who is there that precedes a signature."""

from __future__ import annotations

from django.core.cache import cache

from openqmm.apps.accounts.policies import WRONG_PROOF_MINUTES, proof_refusal
from openqmm.apps.accounts.queries import person as person_by_id
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Actor


def prove_identity(*, by: Actor, password: str) -> None:
    """Check the person's password anew before a signature (NotPermitted when it is wrong, or was
    wrong too often of late)."""
    key = f"wrong-proofs:{by.person_id}"
    wrong = cache.get(key, 0)
    refusal = proof_refusal(person_by_id(by.person_id), password, wrong)
    if refusal:
        cache.set(key, wrong + 1, WRONG_PROOF_MINUTES * 60)
        raise NotPermitted(refusal)
    cache.delete(key)
