"""Which ratings an actor may see, and the lists of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.assessments.models import Assessment
from openqmm.apps.assessments.queries import in_period, worked_at
from openqmm.apps.ratings.models import Rating
from openqmm.apps.ratings.queries.visibility import ISSUED, OFFICE, is_site, shown_state
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock

TONES = {
    "proposed": "warn",
    "reviewed": "progress",
    "issued": "progress",
    "valid": "done",
    "suspended": "stop",
    "expired": "neutral",
    "superseded": "neutral",
}


@dataclass(frozen=True, slots=True)
class RatingRow:
    """A rating in a list. `level` is None for a facility that was not rated."""

    id: UUID
    facility: str
    round: str
    state: str
    tone: str
    level: int | None
    score: str
    proposed_at: datetime
    issued_at: datetime | None
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A final assessment that has no rating yet."""

    assessment_id: UUID
    facility: str
    round: str


def visible(by: Actor) -> QuerySet[Rating]:
    """Return the ratings the actor may see: the office all, a team member those of their
    assessments in the days of their place on it, a facility its own once issued, anybody else
    none. None of a manufacturer that other work bars them from."""
    every = Rating.objects.select_related(
        "assessment__application__facility", "assessment__application__round__protocol"
    ).defer("assessment__application__round__protocol__source")
    barred = accounts.barred_organisations(by)
    every = every.exclude(assessment__application__facility__organisation__in=barred)
    if by.role in OFFICE:
        return every
    team = every.filter(in_period("assessment__team__"), assessment__team__person_id=by.person_id)
    if by.role is Role.OBSERVER:
        return team
    if by.role in {Role.LEAD_ASSESSOR, Role.ASSESSOR}:
        return team.filter(assessment__contractor_id=by.organisation_id)
    if is_site(by):
        own = "assessment__application__facility__organisation_id"
        return every.filter(**{own: by.organisation_id}, state__in=ISSUED)
    return every.none()


def visible_rating(by: Actor, rating_id: Any) -> Rating:
    """Return one rating the actor may see (NotFound)."""
    found = visible(by).filter(pk=rating_id).first()
    if found is None:
        raise NotFound("There is no such rating.")
    return found


def ratings(by: Actor) -> list[RatingRow]:
    """Return the ratings the actor may see, the latest first."""
    today = clock.today()
    return [_row(found, today) for found in visible(by).defer("bundle")]


def ready_to_propose(by: Actor) -> list[ReadyRow]:
    """Return the final assessments without a rating, for the administrator who proposes it."""
    return [
        ReadyRow(found.pk, found.application.facility.name, found.application.round.name)
        for found in _ready(by)
    ]


def assessment_to_rate(by: Actor, assessment_id: Any) -> Assessment:
    """Return an assessment for the administrator to propose a rating of (NotFound)."""
    found = _assessments(by).filter(pk=assessment_id).first()
    if found is None:
        raise NotFound("There is no such assessment.")
    return found


def on_team(by: Actor, rating: Rating) -> bool:
    """Tell whether the actor, in whatever role, was on the assessment's team."""
    return rating.assessment.team.filter(person_id=by.person_id).exists()


def of_site(by: Actor, rating: Rating) -> bool:
    """Tell whether the actor works, or ever worked, for the facility's manufacturer."""
    facility = rating.assessment.application.facility
    return worked_at(by.person_id, facility.organisation_id)


def _ready(by: Actor) -> QuerySet[Assessment]:
    return _assessments(by).filter(state="final", rating__isnull=True)


def _assessments(by: Actor) -> QuerySet[Assessment]:
    if by.role is not Role.PROGRAM_ADMINISTRATOR:
        return Assessment.objects.none()
    barred = accounts.barred_organisations(by)
    return (
        Assessment.objects.exclude(application__facility__organisation__in=barred)
        .select_related("application__facility", "application__round__protocol")
        .defer("application__round__protocol__source")
    )


def _row(rating: Rating, today: date) -> RatingRow:
    application = rating.assessment.application
    state = shown_state(rating.state, rating.valid_until, today)
    return RatingRow(
        id=rating.pk,
        facility=application.facility.name,
        round=application.round.name,
        state=state,
        tone=TONES[state],
        level=rating.level,
        score=rating.score_shown,
        proposed_at=rating.proposed_at,
        issued_at=rating.issued_at,
        valid_until=rating.valid_until,
    )
