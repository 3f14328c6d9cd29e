"""The trail is reviewed every quarter, by somebody who did not do what they review."""

from datetime import UTC, date, datetime

import pytest

from openqmm.apps.accounts.models import Organisation
from openqmm.apps.audit import actions, queries
from openqmm.apps.audit.models import AuditEvent, ReviewedEvent, TrailReview
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow.reviews import drawn, period_refusal, quarter_before
from openqmm.web import clock
from tests.apps.audit.auditors import auditor_of

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R11")]
FIRST, LAST = date(2027, 1, 1), date(2027, 3, 31)


@pytest.fixture
def quarter(cast, monkeypatch):
    """Twelve of the office's acts in the quarter, three exports of its auditor's, then April."""

    def at(month, day):
        moment = datetime(2027, month, day, 12, tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)

    at(2, 1)
    for n in range(12):
        with actions.event(
            by=cast.ada, what="test.acted", on=Organisation(), sentence=f"acted, number {n}"
        ):
            pass
    for _ in range(3):
        list(actions.export_trail(by=cast.rex))
    auditor_of(cast, "Program Office", "ruth")
    at(4, 10)
    return at


def opened(by, **given):
    return actions.open_review(by=by, from_on=FIRST, until_on=LAST, **given)


def looked_through(by, review, outcome="Everything was in order."):
    for item in review.sample.all():
        actions.note_event(by=by, review_id=review.pk, item_id=item.pk, exception=False)
    return actions.close_review(by=by, review_id=review.pk, outcome=outcome)


def test_a_quarter_is_the_last_one_over_and_due_a_month_later():
    assert quarter_before(date(2027, 4, 1)).from_on == FIRST
    assert quarter_before(date(2027, 6, 30)).until_on == LAST
    assert quarter_before(date(2027, 2, 1)).from_on == date(2026, 10, 1)
    assert quarter_before(date(2027, 4, 1)).due_on == date(2027, 5, 1)


def test_the_draw_can_be_repeated_by_anybody():
    ids = [f"event {n}" for n in range(100)]
    taken = drawn("seed", ids, 10)
    assert taken == drawn("seed", reversed(ids), 10)
    assert len(set(taken)) == 10
    assert taken != drawn("another", ids, 10)
    assert len(drawn("seed", ids, 1000)) == 100


def test_a_period_is_reviewed_when_it_is_over():
    assert period_refusal(LAST, FIRST, date(2027, 5, 1)) == "The period ends before it begins."
    assert "not over yet" in (period_refusal(FIRST, LAST, LAST) or "")
    assert period_refusal(FIRST, LAST, date(2027, 4, 1)) is None


def test_the_reviewers_own_events_are_left_out_and_named(cast, quarter):
    review = opened(cast.rex, size=500)
    sampled = AuditEvent.objects.filter(pk__in=review.sample.values("event_id"))
    assert sampled.filter(what="test.acted").count() == 12
    assert cast.rex.person_id not in {event.actor_id for event in sampled}
    left_out = AuditEvent.objects.filter(pk__in=review.left_out)
    assert {event.what for event in left_out} == {"trail.exported"}
    assert len(review.left_out) == 3
    page = cast.client("rex").get(f"/trail/reviews/{review.pk}/").content.decode()
    assert "the next review by another auditor takes them" in page


def test_another_auditor_takes_what_was_left_out(cast, quarter):
    left_out = set(opened(cast.rex, size=500).left_out)
    review = opened(cast.ruth, size=1)
    assert left_out <= {str(id_) for id_ in review.sample.values_list("event_id", flat=True)}


def test_all_events_of_chosen_kinds_are_in_the_sample(cast, quarter):
    review = opened(cast.ruth, size=1, kinds=["trail.exported"])
    sampled = AuditEvent.objects.filter(pk__in=review.sample.values("event_id"))
    assert sampled.filter(what="trail.exported").count() == 3


def test_a_review_is_looked_through_and_signed_off_on_the_trail(cast, quarter):
    review = opened(cast.rex, size=3)
    first, *_ = review.sample.all()
    note = {"by": cast.rex, "review_id": review.pk, "item_id": first.pk, "exception": True}
    with pytest.raises(TransitionRefused, match="Say"):
        actions.note_event(**note, words="n/a")
    actions.note_event(**note, words="The country is not the one in the register.")
    with pytest.raises(TransitionRefused, match="2 events of the sample still wait"):
        actions.close_review(by=cast.rex, review_id=review.pk, outcome="All is well here.")
    for item in review.sample.filter(exception=None):
        actions.note_event(by=cast.rex, review_id=review.pk, item_id=item.pk, exception=False)
    with pytest.raises(TransitionRefused, match="Say"):
        actions.close_review(by=cast.rex, review_id=review.pk, outcome="ok")
    closed = actions.close_review(
        by=cast.rex, review_id=review.pk, outcome="One country must be corrected."
    )
    assert closed.closed_at == clock.now()
    with pytest.raises(NotPermitted, match="signed off"):
        actions.note_event(**note, words="An afterthought of the reviewer.")
    kinds = AuditEvent.objects.filter(subject_id=str(review.pk)).order_by("seq")
    assert [event.what for event in kinds] == [
        "review.opened",
        *["review.event_noted"] * 3,
        "review.closed",
    ]
    assert kinds.last().why == "One country must be corrected."


def test_a_review_belongs_to_its_reviewer_and_its_organisation(cast, quarter):
    review = opened(cast.rex, size=3)
    item = review.sample.first()
    with pytest.raises(NotPermitted, match="the review of Rex"):
        actions.note_event(by=cast.ruth, review_id=review.pk, item_id=item.pk, exception=False)
    bert = auditor_of(cast, "Birch Pharma", "bert")
    with pytest.raises(NotFound):
        actions.note_event(by=bert, review_id=review.pk, item_id=item.pk, exception=False)
    assert cast.client("ruth").get(f"/trail/reviews/{review.pk}/").status_code == 200
    assert cast.client("bert").get(f"/trail/reviews/{review.pk}/").status_code == 404
    assert cast.client("ada").get(f"/trail/reviews/{review.pk}/").status_code == 403
    with pytest.raises(NotPermitted):
        opened(cast.ada)


def test_there_is_nothing_to_review_of_an_empty_period(cast, quarter):
    with pytest.raises(TransitionRefused, match="no event that you could review"):
        actions.open_review(by=cast.rex, from_on=date(2019, 1, 1), until_on=date(2019, 3, 31))
    assert not TrailReview.objects.exists()


def test_the_quarters_review_waits_on_the_home_page_until_it_is_signed_off(cast, quarter):
    (step,) = queries.next_steps(cast.rex)
    assert (step.label, step.due, step.late) == (
        "Review the quarter's trail",
        date(2027, 5, 1),
        False,
    )
    quarter(5, 2)
    (step,) = queries.next_steps(cast.rex)
    assert step.late
    review = opened(cast.rex, size=2)
    (step,) = queries.next_steps(cast.rex)
    assert step.url == f"/trail/reviews/{review.pk}/"
    looked_through(cast.rex, review)
    assert queries.next_steps(cast.rex) == []
    assert queries.next_steps(cast.ada) == []


def test_nothing_is_due_for_a_trail_that_began_later(cast):
    assert queries.next_steps(auditor_of(cast, "Birch Pharma", "bert")) == []


def test_a_browser_goes_through_the_whole_review(cast, quarter):
    rex = cast.client("rex")
    page = rex.get("/trail/reviews/").content.decode()
    assert 'value="2027-01-01"' in page
    early = rex.post("/trail/reviews/", {"from_on": FIRST, "until_on": "2027-05-01", "size": 2})
    assert early.status_code == 409
    done = rex.post("/trail/reviews/", {"from_on": FIRST, "until_on": LAST, "size": 2})
    url = done.url
    for _ in range(2):
        item = ReviewedEvent.objects.filter(exception=None).first()
        vague = rex.post(f"{url}note/", {"item": item.pk, "exception": "yes", "words": "."})
        assert vague.status_code == 409
        assert rex.post(f"{url}note/", {"item": item.pk}).status_code == 400
        kept = rex.post(f"{url}note/", {"item": item.pk, "exception": "no"})
        assert kept.url == url
    assert "Sign the review off" in rex.get(url).content.decode()
    assert rex.post(f"{url}close/", {"outcome": "fine"}).status_code == 409
    rex.post(f"{url}close/", {"outcome": "Both entries were in order."})
    page = rex.get(url).content.decode()
    assert "Both entries were in order." in page
    assert "Signed off by Rex Test" in page
