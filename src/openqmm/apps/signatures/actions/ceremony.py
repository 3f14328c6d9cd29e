"""The ceremony of signing: show, prove who is there, sign. Each signature goes through all of it.

A challenge stands for what one person was shown. It is kept on the server, where all its processes
see it, and whoever uses it takes it away, whatever comes of the attempt.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NotRequired, TypedDict
from uuid import uuid4

from django.core.cache import cache

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.accounts.actions import passkey_options, prove_identity
from openqmm.apps.accounts.policies import signing_refusal
from openqmm.apps.audit.actions import OpenEvent
from openqmm.apps.audit.models import Signature
from openqmm.apps.signatures import policies
from openqmm.apps.signatures.queries import Paper, facts_of
from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.records import signatures as records
from openqmm.core.workflow import Actor
from openqmm.web import clock

ZONE = "UTC"


class Means(TypedDict):
    """What a person hands in to sign. Without a `challenge`, which every page gives, they were
    shown nothing and sign what stands."""

    password: str
    code: NotRequired[str]
    passkey: NotRequired[str]
    challenge: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Ceremony:
    """What a page shows a person who is about to sign. `refusal` says why they cannot yet.

    `needs_code` says that a code or a passkey is asked for, `passkey` is what the browser needs to
    ask for one, `demo_code` what a demonstration's authenticator shows.
    """

    name: str
    role: str
    organisation: str
    meaning: str
    reading: tuple[tuple[Any, Any], ...]
    statement: str
    digest: str
    challenge: str
    until: datetime
    refusal: str
    needs_code: bool
    passkey: dict[str, Any] | None
    demo_code: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """That a person was shown a text, known by its digest, and proved who they are to sign it."""

    by: Actor
    digest: str
    challenge: str
    components: tuple[str, ...]


def begin(*, by: Actor, paper: Paper, asks_passkey: bool = False) -> Ceremony:
    """Give the person a challenge for what they are being shown: for this content, record and
    meaning, for ten minutes and one attempt. Writes no event, for nothing is changed.

    A page `asks_passkey`, where the person may use one in place of a code.
    """
    statement = paper.statement(by)
    digest = records.statement_digest(statement)
    refusal = policies.signer_refusal(by) or signing_refusal(by.person_id)
    challenge = "" if refusal else secrets.token_urlsafe(32)
    until = policies.expires_at(clock.now())
    if challenge:
        kept = {"person": str(by.person_id), "digest": digest, "until": until.isoformat()}
        cache.set(_key(challenge), kept, policies.CHALLENGE_MINUTES * 60)
    return Ceremony(
        name=by.name,
        role=by.role.title,
        organisation=by.organisation_name,
        meaning=paper.meaning,
        reading=paper.reading,
        statement=statement,
        digest=digest,
        challenge=challenge,
        until=until,
        refusal=refusal or "",
        needs_code=bool(challenge) and accounts.has_second_factor(by.person_id),
        passkey=passkey_options(by=by) if challenge and asks_passkey else None,
        demo_code=accounts.demo_code(by),
    )


def confirm(
    *,
    by: Actor,
    paper: Paper,
    password: str,
    code: str = "",
    passkey: str = "",
    challenge: str | None = None,
) -> Confirmed:
    """Take the challenge away and check both components anew: no session and no earlier proof
    stands in for them.

    Call it before opening a transaction: an attempt counts whatever becomes of the step. Refused
    (NotPermitted) for whoever cannot sign yet or does not prove who they are, (TransitionRefused)
    for a challenge that is used, too old, somebody else's, or of something else than what stands.
    """
    for refusal in (policies.signer_refusal(by), signing_refusal(by.person_id)):
        if refusal:
            raise NotPermitted(refusal)
    if challenge is None:
        challenge = begin(by=by, paper=paper).challenge
    taken = _take(challenge)
    refused = policies.challenge_refusal(taken, by=by, paper=paper, now=clock.now())
    if refused:
        raise TransitionRefused(refused)
    proof = prove_identity(by=by, password=password, code=code, passkey=passkey)
    return Confirmed(by, paper.digest(by), challenge, proof.components)


def sign(opened: OpenEvent, *, paper: Paper, confirmed: Confirmed) -> Signature:
    """Write the signature within an open event. Refused (TransitionRefused) where what stands is
    no longer what was confirmed: call it with the record locked."""
    by = confirmed.by
    statement = paper.statement(by)
    if records.statement_digest(statement) != confirmed.digest:
        raise TransitionRefused(policies.CHANGED)
    signature = Signature(
        id=uuid4(),
        signer_id=by.person_id,
        signer_name=by.name,
        signer_role=by.role,
        organisation_name=by.organisation_name,
        meaning=paper.meaning,
        signed_at=clock.now(),
        zone=ZONE,
        record_type=paper.record._meta.label,
        record_id=str(paper.record.pk),
        statement=statement,
        digest=confirmed.digest,
        challenge=confirmed.challenge,
        components=" + ".join(confirmed.components),
    )
    signature.binding = records.binding(facts_of(signature))
    return opened.create(signature)


def _take(challenge: str) -> dict[str, str] | None:
    """Return what a challenge stands for and take it away; of two who try at once, one gets it."""
    kept = cache.get(_key(challenge))
    return kept if cache.delete(_key(challenge)) else None


def _key(challenge: str) -> str:
    return f"to-sign:{records.statement_digest(challenge)}"
