"""How long other work bars somebody: to the day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.workflow import BAR_MONTHS, Period, earliest_last_day, is_barred, months_after

DAYS = st.dates(date(2000, 1, 1), date(2090, 12, 31))


@pytest.mark.requirement("R18")
@pytest.mark.parametrize(
    ("on", "barred"),
    [
        ("2019-12-31", False),
        ("2020-01-01", True),
        ("2024-02-29", True),
        ("2027-02-28", True),
        ("2027-03-01", False),
    ],
)
def test_the_bar_lasts_from_the_first_day_to_36_months_after_the_last(on: str, barred: bool):
    worked = Period(date(2020, 1, 1), date(2024, 2, 29))
    assert BAR_MONTHS == 36
    assert is_barred([worked], date.fromisoformat(on)) is barred


def test_work_that_lasts_bars_for_as_long_and_work_to_come_does_not_yet():
    assert is_barred([Period(date(2020, 1, 1))], date(2090, 1, 1))
    assert not is_barred([Period(date(2030, 1, 1))], date(2029, 12, 31))
    assert not is_barred([], date(2026, 1, 1))


@given(DAYS, DAYS, DAYS)
def test_a_longer_bar_never_frees_anybody(first: date, last: date, on: date):
    worked = [Period(min(first, last), max(first, last))]
    if is_barred(worked, on, 12):
        assert is_barred(worked, on, 36)
    assert is_barred(worked, on, 0) is worked[0].holds(on)


@given(DAYS, st.integers(-40, 40))
def test_a_search_by_the_last_day_finds_whom_the_rule_bars(on: date, days: int):
    edge = earliest_last_day(on)
    last = edge + timedelta(days=days)
    assert is_barred([Period(date(1990, 1, 1), last)], on) is (last >= edge)


def test_of_a_leap_day_the_search_begins_in_march():
    assert earliest_last_day(date(2028, 2, 29)) == date(2025, 3, 1)
    assert earliest_last_day(date(2028, 3, 1)) == date(2025, 3, 1)


@given(DAYS, st.integers(0, 48))
def test_months_are_calendar_months(day: date, months: int):
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


@given(DAYS, st.none() | DAYS, DAYS, st.none() | DAYS)
def test_periods_overlap_when_a_day_lies_in_both(a: date, b: date | None, c: date, d: date | None):
    one = Period(a, b if b is None else max(a, b))
    other = Period(c, d if d is None else max(c, d))
    assert one.overlaps(other) is other.overlaps(one)
    assert one.overlaps(other) is (one.holds(max(a, c)) and other.holds(max(a, c)))
