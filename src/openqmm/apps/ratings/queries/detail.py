"""One rating as its pages, its PDF, its table and the API show it: all from the bundle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import reverse

from openqmm.apps.assessments import queries as assessments
from openqmm.apps.audit import queries as audit
from openqmm.apps.protocols import queries as protocols
from openqmm.apps.ratings.models import Rating
from openqmm.apps.ratings.queries.rows import TONES, of_site, on_team, visible_rating
from openqmm.apps.ratings.queries.signing import signatures_of
from openqmm.apps.ratings.queries.visibility import (
    is_site,
    is_valid,
    reads_bundles,
    shown_state,
)
from openqmm.apps.signatures.queries import SignatureView
from openqmm.core.errors import NotFound
from openqmm.core.protocols import Protocol
from openqmm.core.ratings import Bundle, read_bundle
from openqmm.core.workflow import Actor
from openqmm.core.workflow.states import RATING
from openqmm.reports.outlook import outlook_sentences
from openqmm.reports.profile import profile_rows, profile_scale
from openqmm.reports.rating_content import SignatureLine, rating_content
from openqmm.reports.rating_pdf import ReportContext, rating_pdf
from openqmm.reports.ratings_csv import ratings_csv
from openqmm.reports.svg import area_profile
from openqmm.reports.words import percent
from openqmm.web import clock

# What a facility is told of its rating's life; the board's deliberation before it is not.
_TOLD_TO_THE_SITE = frozenset(
    {
        "rating.issued",
        "rating.put_into_effect",
        "rating.suspended",
        "rating.reinstated",
        "rating.expired",
        "rating.superseded",
    }
)


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the rating's life that the reader may take now."""

    event: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class RatingView:
    """A rating for its page. `content` is the report's: the same sentences and numbers.

    `steps` are those the state leaves open to the actor's role, `on_team` whether the actor was on
    the assessment's team; `review_note` is empty for the facility.
    """

    id: UUID
    facility: str
    address: str
    round: str
    state: str
    state_words: str
    tone: str
    valid: bool
    proposed_at: datetime
    issued_at: datetime | None
    valid_until: date | None
    assessed_on: date | None
    level: int | None
    score: str | None
    assessors: int
    coverage: str
    content: dict[str, Any]
    chart: str
    outlook: list[str]
    strengths: list[tuple[str, str]]
    opportunities: list[tuple[str, str]]
    digest: str
    inputs_digest: str
    software_version: str
    review_note: str
    decision_reason: str
    signatures: list[SignatureView]
    timeline: list[audit.Entry]
    steps: tuple[StepView, ...]
    on_team: bool
    of_site: bool
    may_have_bundle: bool
    version: int


def rating(by: Actor, rating_id: Any) -> RatingView:
    """Return one rating the actor may see (NotFound), as its page shows it."""
    found = visible_rating(by, rating_id)
    bundle, protocol = bundle_of(found), protocol_of(found)
    site = is_site(by)
    content = rating_content(protocol, bundle.rating, _context(found, bundle))
    remarks = _remarks(found, protocol)
    facility = found.assessment.application.facility
    return RatingView(
        id=found.pk,
        version=found.version,
        facility=facility.name,
        address=facility.address,
        round=found.assessment.application.round.name,
        state=found.state,
        state_words=(state := shown_state(found.state, found.valid_until, clock.today())),
        tone=TONES[state],
        valid=is_valid(found.state, found.valid_until, clock.today()),
        proposed_at=found.proposed_at,
        issued_at=found.issued_at,
        valid_until=found.valid_until,
        assessed_on=found.assessment.visit_to,
        level=content["overall"]["level"],
        score=content["overall"]["score"],
        assessors=bundle.assessors,
        coverage=_coverage(bundle),
        content=content,
        chart=area_profile(
            "profile", profile_rows(protocol, bundle.rating), profile_scale(protocol)
        ),
        outlook=outlook_sentences(protocol, bundle.rating),
        strengths=remarks["strength"],
        opportunities=remarks["opportunity"],
        digest=found.digest,
        inputs_digest=bundle.document["inputs_digest"],
        software_version=bundle.document["software_version"],
        review_note="" if site else found.review_note,
        decision_reason=found.decision_reason,
        signatures=signatures_of(found),
        timeline=[
            entry
            for entry in audit.timeline(found, by)
            if not site or entry.what in _TOLD_TO_THE_SITE
        ],
        steps=_steps(by, found),
        on_team=on_team(by, found),
        of_site=of_site(by, found),
        may_have_bundle=reads_bundles(by),
    )


def report(by: Actor, rating_id: Any) -> tuple[str, bytes]:
    """Return the facility's name and the rating's report as PDF (NotFound)."""
    found = visible_rating(by, rating_id)
    bundle = bundle_of(found)
    context = _context(found, bundle)
    return context.facility_name, rating_pdf(protocol_of(found), bundle.rating, context)


def rating_table(by: Actor, rating_id: Any) -> tuple[str, Iterator[str]]:
    """Return the facility's name and the rating as lines of CSV (NotFound)."""
    found = visible_rating(by, rating_id)
    name = found.assessment.application.facility.name
    signed = "; ".join(signature.line for signature in signatures_of(found))
    return name, ratings_csv(protocol_of(found), bundle_of(found).ratings, signed=signed)


def rating_document(by: Actor, rating_id: Any) -> dict[str, Any]:
    """Return a rating as plain data: the facility's result to the letter as it stands in the
    bundle, beside the rating's state and what it was computed by (NotFound)."""
    found = visible_rating(by, rating_id)
    bundle = bundle_of(found)
    return bundle.result | {
        "rating_id": str(found.pk),
        "state": shown_state(found.state, found.valid_until, clock.today()),
        "issued_on": None if found.issued_at is None else found.issued_at.date(),
        "valid_until": found.valid_until,
        "protocol": bundle.protocol,
        "method": bundle.document["method"],
        "inputs_digest": bundle.document["inputs_digest"],
        "bundle_digest": found.digest,
        "signatures": [signature.as_data() for signature in signatures_of(found)],
    }


def bundle_text(by: Actor, rating_id: Any) -> tuple[str, str]:
    """Return the facility's name and the sealed bundle, for those who may have individual scores
    (NotFound for everybody else: it does not exist for them)."""
    found = visible_rating(by, rating_id)
    if not reads_bundles(by):
        raise NotFound("There is no such file.")
    return found.assessment.application.facility.name, found.bundle


def bundle_of(found: Rating) -> Bundle:
    """Return the bundle of a rating the caller may already see."""
    return _read(found.bundle)


def protocol_of(found: Rating) -> Protocol:
    """Return the protocol that a rating the caller may already see was made under."""
    digest = bundle_of(found).protocol["digest"]
    return protocols.protocol_of(protocols.protocol_version(digest=digest))


@lru_cache(maxsize=64)
def _read(text: str) -> Bundle:
    bundle = read_bundle(text)
    version = protocols.protocol_version(digest=bundle.protocol["digest"])
    return bundle.under(protocols.protocol_of(version))


def _context(found: Rating, bundle: Bundle) -> ReportContext:
    facility = found.assessment.application.facility
    return ReportContext(
        facility_name=facility.name,
        address=facility.address,
        round_name=found.assessment.application.round.name,
        assessed_on=found.assessment.visit_to,
        issued_on=None if found.issued_at is None else found.issued_at.date(),
        status_line=_status_line(found),
        software_version=bundle.document["software_version"],
        inputs_digest=bundle.document["inputs_digest"],
        signatures=tuple(
            SignatureLine(
                f"{signature.name}, {signature.role.lower()}, {signature.organisation}",
                signature.meaning,
                signature.when,
                f"Signature {signature.state}. {signature.explanation}",
                signature.digest,
            )
            for signature in signatures_of(found)
        ),
        sealed=True,
    )


def _status_line(found: Rating) -> str:
    state = shown_state(found.state, found.valid_until, clock.today())
    if found.issued_at is None:
        return f"{state.capitalize()}: not issued, not to be passed on"
    until = "" if found.valid_until is None else f", valid until {_day(found.valid_until)}"
    issued = f"Issued on {_day(found.issued_at.date())}{until}"
    return issued if state in {"issued", "valid"} else f"{issued}; {state}"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def _coverage(bundle: Bundle) -> str:
    share = bundle.rating.overall.coverage
    return "" if share is None else percent(share)


def _remarks(found: Rating, protocol: Protocol) -> dict[str, list[tuple[str, str]]]:
    """Return area titles and texts of the report's remarks, by kind, in protocol order."""
    titles = {area.id: area.title for area in protocol.areas}
    grouped: dict[str, list[tuple[str, str]]] = {"strength": [], "opportunity": []}
    for remark in assessments.remarks(found.assessment):
        grouped[remark.kind].append((titles.get(remark.area_id, remark.area_id), remark.text))
    return grouped


def _steps(by: Actor, found: Rating) -> tuple[StepView, ...]:
    taken_by_hand = {"review", "issue", "suspend", "reinstate", "supersede"}
    return tuple(
        StepView(t.event, t.label, reverse(f"ratings:{t.event}", args=[found.pk]))
        for t in RATING.open_to(by.role, found.state)
        if t.event in taken_by_hand
    )
