"""Lists of one day and files of events: what they cover together, what of them is believed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from openqmm.core.registry.covers import Cover
from openqmm.core.registry.kinds import KINDS
from openqmm.core.registry.snapshots import (
    SNAPSHOT_KINDS,
    day_refusal,
    joined,
    latest_day,
    shrinking_refusal,
)

TODAY = date(2026, 6, 1)
SPRING = Cover(date(2026, 3, 1), date(2026, 4, 30))


def days(first: date, last: date) -> Cover:
    return Cover(first, last)


def test_every_snapshot_kind_is_a_kind() -> None:
    assert set(KINDS) > SNAPSHOT_KINDS


@pytest.mark.parametrize(
    ("first_on", "together_from"),
    [
        (date(2026, 4, 1), date(2026, 3, 1)),
        (date(2026, 5, 31), date(2026, 3, 1)),
        (date(2026, 6, 1), date(2026, 6, 1)),
    ],
)
def test_files_up_to_a_month_apart_are_one_stretch(first_on: date, together_from: date) -> None:
    later = days(first_on, date(2026, 7, 1))
    for pair in ((SPRING, later), (later, SPRING)):
        assert joined(*pair) == days(together_from, date(2026, 7, 1))


def test_an_older_file_inside_a_longer_one_shortens_nothing() -> None:
    inside = days(date(2026, 3, 10), date(2026, 3, 20))
    assert joined(SPRING, inside) == SPRING
    assert joined(None, SPRING) == joined(SPRING, None) == SPRING
    assert joined(None, None) is None


def test_the_latest_list_stands_whichever_was_loaded_last() -> None:
    may, june = days(TODAY - timedelta(1), TODAY - timedelta(1)), days(TODAY, TODAY)
    assert latest_day(june, may) == latest_day(may, june) == june
    assert latest_day(None, may) == may
    assert latest_day(None, None) is None


@pytest.mark.parametrize(
    ("standing", "told", "refused"),
    [(99, 1, False), (100, 50, False), (100, 49, True), (10_000, 12, True), (0, 0, False)],
)
def test_a_part_of_a_list_is_not_taken_for_the_list(
    standing: int, told: int, refused: bool
) -> None:
    assert bool(shrinking_refusal(standing, told)) is refused


@pytest.mark.parametrize(
    ("kind", "told_on", "covers_until", "last_on", "refused"),
    [
        ("ndc", TODAY, None, None, False),
        ("ndc", TODAY + timedelta(1), None, None, True),
        ("ndc", None, TODAY, None, True),
        ("compliance", None, TODAY, TODAY, False),
        ("compliance", None, TODAY - timedelta(1), TODAY, True),
        ("compliance", None, TODAY + timedelta(1), TODAY, True),
        ("compliance", TODAY, None, TODAY, True),
        ("form483", None, TODAY, None, False),
    ],
)
def test_which_days_may_be_said_of_a_file(
    kind: str,
    told_on: date | None,
    covers_until: date | None,
    last_on: date | None,
    refused: bool,
) -> None:
    assert bool(day_refusal(kind, told_on, covers_until, last_on, TODAY)) is refused
