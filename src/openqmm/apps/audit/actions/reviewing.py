"""The periodic review of a trail, which is itself on the trail."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import date
from typing import Any

from openqmm.apps.audit import policies, queries
from openqmm.apps.audit.actions.events import event
from openqmm.apps.audit.models import ReviewedEvent, TrailReview
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow import Actor
from openqmm.core.workflow.reviews import Period, drawn, period_refusal
from openqmm.web import clock

SAMPLE = 25


def open_review(
    *, by: Actor, from_on: date, until_on: date, kinds: Collection[str] = (), size: int = SAMPLE
) -> TrailReview:
    """Draw a sample of a period of the own trail: `size` events by chance, all of `kinds`, and all
    that an earlier reviewer had to leave out. The reviewer's own events are left out, and named.

    A records auditor may (NotPermitted). Event `review.opened`. Refused (TransitionRefused) for a
    period that is not over, and where nothing is left to look at.
    """
    _require(NotPermitted, policies.reviewer_refusal(by))
    period = Period(from_on, until_on)
    _require(TransitionRefused, period_refusal(from_on, until_on, clock.today()))
    found = queries.events_in(by, period)
    seed = secrets.token_hex(32)
    every = [id_ for id_, _, _ in found]
    own = {id_ for id_, _, actor_id in found if actor_id == by.person_id}
    of_kinds = {id_ for id_, what, _ in found if what in kinds}
    chosen = {*drawn(seed, set(every) - own, size), *queries.handed_on(by, period), *of_kinds}
    sample = [id_ for id_ in reversed(every) if id_ in chosen - own]
    if not sample:
        raise TransitionRefused("The period holds no event that you could review.")
    review = TrailReview(
        trail_id=by.organisation_id,
        from_on=from_on,
        until_on=until_on,
        kinds=sorted(kinds),
        seed=seed,
        left_out=sorted(own & {*drawn(seed, every, size), *of_kinds}),
        reviewer_id=by.person_id,
        reviewer_name=by.name,
        opened_at=clock.now(),
    )
    with event(
        by=by,
        what="review.opened",
        on=review,
        sentence=f"opened a review of the trail from {from_on} to {until_on}, {len(sample)} events",
    ) as opened:
        opened.create(review)
        opened.create_many(
            [ReviewedEvent(review=review, event_id=id_, position=n) for n, id_ in enumerate(sample)]
        )
    return review


def note_event(
    *, by: Actor, review_id: Any, item_id: Any, exception: bool, words: str = ""
) -> ReviewedEvent:
    """Record what the reviewer found of one event of the sample: in order, or an exception in
    words. Its reviewer may (NotFound, NotPermitted), until the review is signed off; event
    `review.event_noted`. Refused (TransitionRefused) for an exception without words that tell
    what it is."""
    review = queries.review_of(by, review_id)
    item = ReviewedEvent.objects.filter(review=review, pk=item_id).first()
    if item is None:
        raise NotFound("There is no such event in this review.")
    found = "an exception" if exception else "nothing to object to"
    with event(
        by=by,
        what="review.event_noted",
        on=review,
        sentence=f"looked at event {item.position + 1} of the sample: {found}",
        why=words.strip(),
    ) as opened:
        _require(NotPermitted, policies.noting_refusal(by, _locked(review)))
        _require(TransitionRefused, policies.exception_refusal(exception, words))
        return opened.update(item, exception=exception, words=words.strip())


def close_review(*, by: Actor, review_id: Any, outcome: str) -> TrailReview:
    """Sign a review off with its outcome in words. Its reviewer may (NotFound, NotPermitted); event
    `review.closed`. Refused (TransitionRefused) while an event of the sample waits, and without
    words that say something."""
    review = queries.review_of(by, review_id)
    with event(
        by=by,
        what="review.closed",
        on=review,
        sentence=f"signed off the review of the trail from {review.from_on} to {review.until_on}",
        why=outcome.strip(),
    ) as opened:
        locked = _locked(review)
        _require(NotPermitted, policies.noting_refusal(by, locked))
        _require(TransitionRefused, policies.closing_refusal(locked, outcome))
        return opened.update(locked, outcome=outcome.strip(), closed_at=clock.now())


def _locked(review: TrailReview) -> TrailReview:
    return TrailReview.objects.select_for_update().get(pk=review.pk)


def _require(refusal: type[Exception], fault: str | None) -> None:
    if fault:
        raise refusal(fault)
