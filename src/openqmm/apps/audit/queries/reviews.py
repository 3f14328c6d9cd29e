"""Reviews of the trail: those there are, what waits, and which events a period holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from openqmm.apps.audit.models import AuditEvent, ReviewedEvent, TrailReview
from openqmm.apps.audit.queries.selecting import Wanted, trail
from openqmm.apps.audit.queries.telling import Entry, entries
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor, Role
from openqmm.core.workflow.reviews import Period, quarter_before
from openqmm.web import clock
from openqmm.web.next_steps import NextStep


@dataclass(frozen=True, slots=True)
class Looked:
    """One event of a review's sample, and what the reviewer found."""

    id: Any
    entry: Entry | None
    exception: bool | None
    words: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """A review with its sample; `next` is the first event not looked at yet."""

    review: TrailReview
    mine: bool
    sample: tuple[Looked, ...]
    next: Looked | None
    done: int
    exceptions: int
    left_out: tuple[Entry, ...]


def reviews(by: Actor) -> list[TrailReview]:
    """Return the reviews of the actor's own trail, newest first, each with its counts."""
    if by.role is not Role.RECORDS_AUDITOR:
        return []
    return list(
        TrailReview.objects.filter(trail_id=by.organisation_id).annotate(
            size=Count("sample"),
            waiting=Count("sample", filter=Q(sample__exception=None)),
            exceptions=Count("sample", filter=Q(sample__exception=True)),
        )
    )


def review_of(by: Actor, review_id: Any) -> TrailReview:
    """Return a review of the actor's own trail (NotFound)."""
    found = TrailReview.objects.filter(trail_id=by.organisation_id, pk=review_id).first()
    if found is None or by.role is not Role.RECORDS_AUDITOR:
        raise NotFound("There is no such review.")
    return found


def review_page(by: Actor, review_id: Any) -> ReviewPage:
    """Return a review with everything its page shows (NotFound)."""
    review = review_of(by, review_id)
    rows = list(review.sample.all())
    told = _told(by, {row.event_id for row in rows})
    sample = tuple(Looked(row.pk, told.get(row.event_id), row.exception, row.words) for row in rows)
    left_out = _told(by, review.left_out)
    return ReviewPage(
        review=review,
        mine=review.reviewer_id == by.person_id,
        sample=sample,
        next=next((looked for looked in sample if looked.exception is None), None),
        done=sum(looked.exception is not None for looked in sample),
        exceptions=sum(looked.exception is True for looked in sample),
        left_out=tuple(left_out.values()),
    )


def events_in(by: Actor, period: Period) -> list[tuple[str, str, Any]]:
    """Return the id, the kind and the actor's id of every event of a period on the own trail."""
    wanted = Wanted(from_on=period.from_on, until_on=period.until_on)
    rows = trail(by, wanted).filter(trail_id=by.organisation_id)
    return [
        (str(id_), what, actor) for id_, what, actor in rows.values_list("id", "what", "actor_id")
    ]


def handed_on(by: Actor, period: Period) -> set[str]:
    """Return the events of a period that other reviewers left out as their own and that nobody has
    looked at since."""
    overlapping = TrailReview.objects.filter(
        trail_id=by.organisation_id,
        from_on__lte=period.until_on,
        until_on__gte=period.from_on,
    ).exclude(reviewer_id=by.person_id)
    waiting = {
        id_ for left_out in overlapping.values_list("left_out", flat=True) for id_ in left_out
    }
    seen = ReviewedEvent.objects.filter(event_id__in=waiting).values_list("event_id", flat=True)
    return waiting - {str(id_) for id_ in seen}


def due(by: Actor) -> Period | None:
    """Return the quarter whose review is due, or None: the trail is no older, or somebody has
    signed a review of all of it off."""
    quarter = quarter_before(clock.today())
    if not events_in_or_before(by, quarter.until_on):
        return None
    signed_off = TrailReview.objects.filter(
        trail_id=by.organisation_id,
        from_on__lte=quarter.from_on,
        until_on__gte=quarter.until_on,
        closed_at__isnull=False,
    )
    return None if signed_off.exists() else quarter


def events_in_or_before(by: Actor, day: date) -> bool:
    """Whether the own trail has an event on that day or before."""
    return trail(by, Wanted(until_on=day)).filter(trail_id=by.organisation_id).exists()


def next_steps(by: Actor) -> list[NextStep]:
    """Return what waits for an auditor: the quarter's review, late once its last day has passed."""
    if by.role is not Role.RECORDS_AUDITOR:
        return []
    quarter = due(by)
    if quarter is None:
        return []
    open_one = TrailReview.objects.filter(
        trail_id=by.organisation_id, reviewer_id=by.person_id, closed_at=None
    ).first()
    url = reverse("audit:review", args=[open_one.pk]) if open_one else reverse("audit:reviews")
    return [
        NextStep(
            label=_("Go on with the review of the trail")
            if open_one
            else _("Review the quarter's trail"),
            url=url,
            about=_("%(from)s to %(until)s")
            % {"from": quarter.from_on.isoformat(), "until": quarter.until_on.isoformat()},
            due=quarter.due_on,
            late=clock.today() > quarter.due_on,
        )
    ]


def _told(by: Actor, ids: Any) -> dict[Any, Entry]:
    rows = AuditEvent.objects.filter(pk__in=list(ids), trail_id=by.organisation_id)
    return {entry.id: entry for entry in entries(by, rows.order_by("seq"), longest=2_000)}
