"""Consent to disclose a rating, publishing by it, and its withdrawal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Unpack
from uuid import UUID, uuid4

from django.db import transaction

from openqmm.apps.accounts.queries import organisations
from openqmm.apps.audit import actions as audit
from openqmm.apps.disclosure import queries
from openqmm.apps.disclosure.models import AUDIENCES, SCOPES, Disclosure, DisclosureRecipient
from openqmm.apps.disclosure.policies import (
    recipients_refusal,
    signatory_refusal,
    until_refusal,
)
from openqmm.apps.disclosure.queries.consents import live_of, own_rating
from openqmm.apps.ratings.models import Rating
from openqmm.apps.ratings.queries import is_valid
from openqmm.apps.signatures import actions as signatures
from openqmm.apps.signatures.actions import Confirmed, Means
from openqmm.apps.signatures.queries import Paper
from openqmm.core.errors import InvalidInput, NotPermitted, Problem, TransitionRefused
from openqmm.core.workflow import SYSTEM, Actor, OrganisationKind, reason_fault
from openqmm.core.workflow.states import DISCLOSURE
from openqmm.web import clock


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """The terms a signatory signs: what is shown, to whom, and until which day."""

    scope: str
    audience: str
    until_on: date
    recipient_ids: Collection[Any] = ()

    def disclosure(self, rating: Rating, id_: UUID) -> Disclosure:
        """Return the disclosure that these terms would make, not stored."""
        return Disclosure(
            id=id_,
            rating=rating,
            scope=self.scope,
            audience=self.audience,
            until_on=self.until_on,
        )


def record_consent(
    *,
    by: Actor,
    rating_id: Any,
    entry: ConsentEntry,
    disclosure_id: UUID | None = None,
    **means: Unpack[Means],
) -> Disclosure:
    """Sign the consent to disclose a valid rating; it is published at once.

    The facility's authorised signatory may, proving who they are; the signature is bound to
    the rating's digest, scope, audience and last day, and to the id that a page gave the consent.
    Events `disclosure.consented` and, by the system, `disclosure.published`, both on the
    facility's organisation's trail. Refused without proof, for a rating that is not valid, for
    terms that do not fit or are not what was read, and where the same audience sees the rating
    already.
    """
    _refuse(signatory_refusal(by))
    rating = own_rating(by, rating_id)
    recipients = {str(id_) for id_ in entry.recipient_ids}
    _check_terms(by, rating, entry, recipients)
    disclosure = entry.disclosure(rating, disclosure_id or uuid4())
    paper = queries.consent_paper(disclosure, recipients)
    confirmed = signatures.confirm(by=by, paper=paper, **means)
    disclosure.state = DISCLOSURE.require("none", "consent", by.role)
    disclosure.consented_at = clock.now()
    with transaction.atomic():
        _sign(confirmed, disclosure, recipients)
        return _publish(disclosure, by)


def paper_of(
    *,
    by: Actor,
    rating_id: Any,
    entry: ConsentEntry,
    disclosure_id: UUID,
    reading: Collection[tuple[Any, Any]],
) -> Paper:
    """Return a consent by these terms as its signatory would sign it; changes nothing. Only for the
    own rating (NotFound)."""
    disclosure = entry.disclosure(own_rating(by, rating_id), disclosure_id)
    return queries.consent_paper(disclosure, [str(id_) for id_ in entry.recipient_ids], reading)


def withdraw_consent(
    *, by: Actor, disclosure_id: Any, reason: str, version: int | None = None
) -> Disclosure:
    """Withdraw a consent; from this moment nobody outside sees the rating through it.

    The facility's authorised signatory may. Event `disclosure.withdrawn`, on the facility's
    organisation's trail. Refused without a reason, when it is withdrawn already, or (Stale) changed
    since `version`.
    """
    _refuse(signatory_refusal(by))
    found = queries.disclosure_of(by, disclosure_id)
    if refusal := reason_fault(reason):
        raise _fault(f"The reason: {refusal}")
    with audit.event(
        by=by,
        what="disclosure.withdrawn",
        on=found,
        sentence="withdrew the consent to disclose the rating",
        why=reason,
        organisation_id=by.organisation_id,
    ) as opened:
        locked = Disclosure.objects.select_for_update().get(pk=found.pk)
        audit.require_version(locked, version)
        target = DISCLOSURE.require(locked.state, "withdraw", by.role)
        return opened.update(locked, state=target, withdrawn_at=clock.now(), reason=reason)


def _sign(confirmed: Confirmed, disclosure: Disclosure, recipients: set[str]) -> None:
    by = confirmed.by
    with audit.event(
        by=by,
        what="disclosure.consented",
        on=disclosure,
        sentence="signed the consent to disclose the rating",
        organisation_id=by.organisation_id,
    ) as opened:
        locked = Rating.objects.select_for_update().get(pk=disclosure.rating_id)
        _refuse_twice(locked, disclosure.audience, recipients)
        opened.create(disclosure)
        # Written through the event, as `recipients.set` would not be on the trail.
        opened.create_many(
            [
                DisclosureRecipient(disclosure=disclosure, organisation_id=id_)
                for id_ in sorted(recipients)
            ]
        )
        disclosure.rating = locked
        paper = queries.consent_paper(disclosure, recipients)
        signatures.sign(opened, paper=paper, confirmed=confirmed)


def _publish(disclosure: Disclosure, by: Actor) -> Disclosure:
    with audit.event(
        by=SYSTEM,
        what="disclosure.published",
        on=disclosure,
        sentence="published the rating by the signed consent",
        organisation_id=by.organisation_id,
    ) as opened:
        target = DISCLOSURE.require(disclosure.state, "publish", SYSTEM.role)
        return opened.update(disclosure, state=target, published_at=clock.now())


def _check_terms(by: Actor, rating: Rating, entry: ConsentEntry, recipients: set[str]) -> None:
    today = clock.today()
    if not is_valid(rating.state, rating.valid_until, today):
        raise TransitionRefused("Only a rating in effect can be disclosed; this one is not.")
    if entry.scope not in dict(SCOPES) or entry.audience not in dict(AUDIENCES):
        raise _fault("Choose what is shown and to whom.")
    known = {str(o.pk) for o in organisations(by, OrganisationKind.PURCHASER)}
    refusal = recipients_refusal(entry.audience, recipients, known) or until_refusal(
        entry.until_on, valid_until=rating.valid_until, today=today
    )
    if refusal:
        raise _fault(refusal)


def _refuse_twice(rating: Rating, audience: str, recipients: set[str]) -> None:
    for live in live_of(rating).filter(audience=audience).prefetch_related("recipients"):
        if audience == "public":
            raise TransitionRefused(
                "This rating is public already. Withdraw that consent before you sign another."
            )
        if told := [r.name for r in live.recipients.all() if str(r.pk) in recipients]:
            raise TransitionRefused(
                f"{' and '.join(told)} can see this rating already. Withdraw that consent before "
                "you sign another."
            )


def _fault(message: str) -> InvalidInput:
    return InvalidInput("The consent", [Problem(message)])


def _refuse(refusal: str | None) -> None:
    if refusal:
        raise NotPermitted(refusal)
