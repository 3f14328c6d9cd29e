"""What waits for a person about access."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from openqmm.apps.accounts.queries.identity import (
    CONFIRMERS,
    SIGNERS,
    open_resets,
    own_identity,
    unchecked_signers,
)
from openqmm.apps.accounts.queries.reviews import earliest_due
from openqmm.core.workflow import Actor
from openqmm.web import clock
from openqmm.web.next_steps import NextStep

TOLD_BEFORE_DAYS = 14
"""How long before its last day a recertification is among what there is to do."""


def next_steps(by: Actor) -> list[NextStep]:
    """Return what the actor must do next here: recertify, check identities, confirm a reset, or
    accept what their signature means."""
    return [*_recertify(by), *_resets(by), *_identities(by), *_own(by)]


def _recertify(by: Actor) -> list[NextStep]:
    due = earliest_due(by)
    if due is None or due[0] > clock.today() + timedelta(days=TOLD_BEFORE_DAYS):
        return []
    due_on, count = due
    about = "1 membership" if count == 1 else f"{count} memberships"
    late = due_on < clock.today()
    return [NextStep("Recertify who has access", reverse("accounts:reviews"), about, due_on, late)]


def _resets(by: Actor) -> list[NextStep]:
    if by.role not in CONFIRMERS:
        return []
    return [
        NextStep(
            "Confirm the reset of a lost second factor",
            reverse("accounts:resets"),
            row.person.full_name,
        )
        for row in open_resets(by)
        if by.person_id not in {row.asked_by_id, row.person_id}
    ]


def _identities(by: Actor) -> list[NextStep]:
    return [
        NextStep(
            "Check the identity of a person who signs",
            reverse("accounts:person", args=[person.pk]),
            person.full_name,
        )
        for person in unchecked_signers(by)
        if person.pk != by.person_id
    ]


def _own(by: Actor) -> list[NextStep]:
    check = own_identity(by) if by.role in SIGNERS else None
    if check is None or check.attested_at is not None:
        return []
    label = "Accept what your signature means"
    return [NextStep(label, reverse("accounts:attest"), "before you first sign")]
