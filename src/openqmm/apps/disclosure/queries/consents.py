"""A facility's own consents: what it shares, what it could share, and what it would show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openqmm.apps.accounts.queries import organisations
from openqmm.apps.audit import queries as audit
from openqmm.apps.disclosure.models import Disclosure
from openqmm.apps.disclosure.queries.projection import DisclosedRating, projection
from openqmm.apps.disclosure.queries.signing import signatures_of
from openqmm.apps.ratings import queries as ratings
from openqmm.apps.ratings.models import Rating
from openqmm.apps.ratings.queries import SITE, is_site, is_valid, shown_state
from openqmm.apps.signatures.queries import SignatureView
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor, OrganisationKind, Role
from openqmm.web import clock

LIVE = ("consented", "published")
TONES = {"published": "done", "withdrawn": "stop", "expired": "neutral", "consented": "progress"}


@dataclass(frozen=True, slots=True)
class SharedRating:
    """The rating a consent is about, by the little its pages need."""

    id: UUID
    facility: str
    round: str
    valid: bool
    state: str
    rated: bool
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """One consent, live or ended, with who signed it."""

    id: UUID
    state: str
    tone: str
    live: bool
    scope: str
    audience: str
    recipients: tuple[str, ...]
    until_on: date
    consented_at: datetime
    withdrawn_at: datetime | None
    reason: str
    signatures: list[SignatureView]
    timeline: list[audit.Entry]
    version: int


@dataclass(frozen=True, slots=True)
class ConsentToWithdraw:
    """One consent and the rating it shares."""

    rating: SharedRating
    consent: ConsentRow


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """The rating, and the purchasers that may be named, by id."""

    rating: SharedRating
    purchasers: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class ConsentPage:
    """A rating with every consent there was to disclose it, the latest first."""

    rating: SharedRating
    consents: list[ConsentRow]
    may_sign: bool


def consents(by: Actor, rating_id: Any) -> ConsentPage:
    """Return the consents to disclose a rating: for its own facility's people and the
    administrator (NotFound for everybody else)."""
    rating = _own(by, rating_id)
    found = (
        Disclosure.objects.filter(rating=rating)
        .select_related("rating")
        .prefetch_related("recipients")
    )
    return ConsentPage(
        shared_rating(rating),
        [_row(disclosure) for disclosure in found],
        may_sign=by.role is Role.AUTHORISED_SIGNATORY,
    )


def consent_terms(by: Actor, rating_id: Any) -> ConsentTerms:
    """Return what the terms of a consent can be chosen from (NotFound unless it is the actor's
    own rating)."""
    rating = own_rating(by, rating_id)
    purchasers = organisations(by, OrganisationKind.PURCHASER)
    return ConsentTerms(shared_rating(rating), [(str(o.pk), o.name) for o in purchasers])


def preview(by: Actor, rating_id: Any, scope: str) -> DisclosedRating:
    """Return exactly what others would see of a rating within a scope (NotFound unless it is
    the actor's own)."""
    return projection(own_rating(by, rating_id), scope)


def own_rating(by: Actor, rating_id: Any) -> Rating:
    """Return an issued rating of the actor's own organisation (NotFound)."""
    if not is_site(by):
        raise NotFound("There is no such rating.")
    return ratings.visible_rating(by, rating_id)


def consent_to_withdraw(by: Actor, disclosure_id: Any) -> ConsentToWithdraw:
    """Return a consent with its rating for the page that ends it (NotFound unless it is the
    actor's own)."""
    disclosure = disclosure_of(by, disclosure_id)
    return ConsentToWithdraw(shared_rating(disclosure.rating), _row(disclosure))


def disclosure_of(by: Actor, disclosure_id: Any) -> Disclosure:
    """Return a consent of the actor's own organisation (NotFound)."""
    if not is_site(by):
        raise NotFound("There is no such consent.")
    return _among_visible(by, disclosure_id)


def readable_disclosure(by: Actor, disclosure_id: Any) -> Disclosure:
    """Return a consent for its own facility's people and the administrator (NotFound)."""
    if by.role not in SITE | {Role.PROGRAM_ADMINISTRATOR}:
        raise NotFound("There is no such consent.")
    return _among_visible(by, disclosure_id)


def _among_visible(by: Actor, disclosure_id: Any) -> Disclosure:
    known = Disclosure.objects.filter(rating__in=_ids(ratings.visible(by)))
    found = known.filter(pk=disclosure_id).select_related(
        "rating__assessment__application__facility", "rating__assessment__application__round"
    )
    if (disclosure := found.first()) is None:
        raise NotFound("There is no such consent.")
    return disclosure


def live_of(rating: Rating) -> QuerySet[Disclosure]:
    """Return the consents to disclose a rating that are in effect today."""
    return Disclosure.objects.filter(rating=rating, state__in=LIVE, until_on__gte=clock.today())


def shared_rating(rating: Rating) -> SharedRating:
    """Return the little that the consent pages say of a rating."""
    today = clock.today()
    application = rating.assessment.application
    return SharedRating(
        id=rating.pk,
        facility=application.facility.name,
        round=application.round.name,
        valid=is_valid(rating.state, rating.valid_until, today),
        state=shown_state(rating.state, rating.valid_until, today),
        rated=rating.level is not None,
        valid_until=rating.valid_until,
    )


def _own(by: Actor, rating_id: Any) -> Rating:
    if by.role not in SITE | {Role.PROGRAM_ADMINISTRATOR}:
        raise NotFound("There is no such rating.")
    return ratings.visible_rating(by, rating_id)


def _ids(found: QuerySet[Rating]) -> QuerySet[Rating]:
    return found.select_related(None).values("pk")


def _row(disclosure: Disclosure) -> ConsentRow:
    recipients = list(disclosure.recipients.all())
    over = disclosure.until_on < clock.today()
    live = disclosure.state in LIVE and not over
    state = "expired" if over and disclosure.state in LIVE else disclosure.state
    return ConsentRow(
        id=disclosure.pk,
        version=disclosure.version,
        state=state,
        tone=TONES[state],
        live=live,
        scope=disclosure.get_scope_display(),
        audience=disclosure.get_audience_display(),
        recipients=tuple(r.name for r in recipients),
        until_on=disclosure.until_on,
        consented_at=disclosure.consented_at,
        withdrawn_at=disclosure.withdrawn_at,
        reason=disclosure.reason,
        signatures=signatures_of(disclosure),
        timeline=audit.timeline(disclosure),
    )
