"""Which quarter is reviewed, by when, and what chance takes out of it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.workflow.reviews import Period, drawn, period_refusal, quarter_before


@pytest.mark.parametrize(
    ("day", "from_on", "until_on"),
    [
        ("2027-01-01", "2026-10-01", "2026-12-31"),
        ("2027-03-31", "2026-10-01", "2026-12-31"),
        ("2027-04-01", "2027-01-01", "2027-03-31"),
        ("2027-06-30", "2027-01-01", "2027-03-31"),
        ("2027-07-01", "2027-04-01", "2027-06-30"),
        ("2027-09-30", "2027-04-01", "2027-06-30"),
        ("2027-10-01", "2027-07-01", "2027-09-30"),
        ("2027-12-31", "2027-07-01", "2027-09-30"),
    ],
)
def test_the_last_quarter_that_is_over(day: str, from_on: str, until_on: str) -> None:
    quarter = quarter_before(date.fromisoformat(day))
    assert quarter == Period(date.fromisoformat(from_on), date.fromisoformat(until_on))


def test_a_review_is_due_31_days_after_its_period() -> None:
    assert Period(date(2027, 1, 1), date(2027, 3, 31)).due_on == date(2027, 5, 1)


@pytest.mark.parametrize(
    ("from_on", "until_on", "refusal"),
    [
        (1, 1, None),
        (1, 9, None),
        (1, 10, "The period is not over yet; its last day must have passed."),
        (1, 11, "The period is not over yet; its last day must have passed."),
        (2, 1, "The period ends before it begins."),
    ],
)
def test_a_period_is_over_before_it_is_reviewed(
    from_on: int, until_on: int, refusal: str | None
) -> None:
    today = date(2027, 3, 10)
    first, last = today.replace(day=from_on), today.replace(day=until_on)
    assert period_refusal(first, last, today) == refusal


def test_anybody_can_repeat_the_draw() -> None:
    """Worked out by hand: printf seed/a | sha256sum, and so on, in the order of the digests."""
    assert drawn("seed", ["a", "b", "c", "d"], 4) == ["b", "a", "c", "d"]


@given(st.sets(st.text("abc", max_size=3)), st.integers(0, 12))
def test_a_draw_takes_as_many_as_there_are_and_the_order_does_not_matter(
    ids: set[str], size: int
) -> None:
    taken = drawn("seed", sorted(ids), size)
    assert taken == drawn("seed", [*sorted(ids, reverse=True), *ids], size)
    assert len(taken) == len(set(taken)) == min(size, len(ids))
    assert set(taken) <= ids
    assert taken == drawn("seed", ids, size + 1)[:size]


def test_days_are_counted_once() -> None:
    """No day lies in two quarters, and none between them."""
    for month in range(1, 13):
        quarter = quarter_before(date(2028, month, 15))
        before = quarter_before(quarter.from_on)
        assert before.until_on + timedelta(days=1) == quarter.from_on
