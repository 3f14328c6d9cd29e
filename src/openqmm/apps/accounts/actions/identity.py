"""Before the first signature: the identity check, and what the person then accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openqmm.apps.accounts import policies, queries
from openqmm.apps.accounts.actions.rules import forbid, require
from openqmm.apps.accounts.models import IdentityCheck
from openqmm.apps.audit import actions as audit
from openqmm.core.workflow import Actor
from openqmm.web import clock

ATTESTATION = (
    "I know that signing here with my own means of proof is the same as signing on paper by hand, "
    "and that it binds me in the same way. I keep these means to myself, let nobody sign for me, "
    "and tell the program office at once if I have lost one or believe that somebody else has it."
)


@dataclass(frozen=True, slots=True)
class Check:
    """How the identity was checked, in words, and which kind of document was seen.

    No number or copy of the document is kept.
    """

    method: str
    document_kind: str


def check_identity(*, by: Actor, person_id: Any, check: Check) -> IdentityCheck:
    """Record that a person's identity was checked; event `identity.checked` on the trail of their
    organisation. A program administrator may, never of themselves (NotPermitted); refused
    (TransitionRefused) without words, and a second time."""
    forbid(policies.keeper_refusal(by))
    person = queries.known_person(by, person_id)
    forbid(policies.oneself_refusal(by, person.pk))
    row = IdentityCheck(
        person=person,
        method=check.method.strip(),
        document_kind=check.document_kind.strip(),
        checked_by_id=by.person_id,
        checked_at=clock.now(),
    )
    with audit.event(
        by=by,
        what="identity.checked",
        on=person,
        sentence=f"recorded the identity check of {person.full_name}",
        organisation_id=queries.home_of(person),
    ) as opened:
        require(policies.checking_refusal(by, person))
        require(policies.reason_refusal(check.method))
        return opened.create(row)


def attest(*, by: Actor) -> IdentityCheck:
    """Accept, for oneself, what a signature here means; event `identity.attested` with the words.
    Refused (TransitionRefused) before the identity is checked, and a second time."""
    seen = queries.own_identity(by)
    require(policies.attesting_refusal(seen))
    with audit.event(
        by=by,
        what="identity.attested",
        on=seen.person,
        sentence="accepted that a signature here binds like one by hand",
        why=ATTESTATION,
    ) as opened:
        row = IdentityCheck.objects.select_for_update().get(pk=seen.pk)
        require(policies.attesting_refusal(row))
        return opened.update(row, attestation=ATTESTATION, attested_at=clock.now())
