"""Places from shares: known apportionments, and what holds for any."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.programs.allocation import claimed_places, largest_remainder, target_places


@pytest.mark.parametrize(
    ("votes", "seats", "expected"),
    [
        # The textbook example of Hamilton's method and its Alabama paradox: with 10 seats the
        # smallest party has two, with 11 only one.
        ({"A": 6, "B": 6, "C": 2}, 10, {"A": 4, "B": 4, "C": 2}),
        ({"A": 6, "B": 6, "C": 2}, 11, {"A": 5, "B": 5, "C": 1}),
        # Worked by hand: claims 4.05, 2.97, 1.98.
        ({"asia": 45, "europe": 33, "americas": 22}, 9, {"asia": 4, "europe": 3, "americas": 2}),
        # Equal remainders: the category named first.
        ({"a": 50, "b": 50}, 9, {"a": 5, "b": 4}),
        ({"a": 0, "b": 0}, 9, {"a": 0, "b": 0}),
    ],
)
def test_known_apportionments(votes: dict[str, int], seats: int, expected: dict[str, int]) -> None:
    assert largest_remainder(votes, seats) == expected


SHARES = st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 14), min_size=1)


@given(SHARES, st.integers(0, 40))
def test_all_places_are_divided_and_none_strays_a_whole_place_from_its_claim(
    shares: dict[str, int], places: int
) -> None:
    seats = largest_remainder(shares, places)
    total = sum(shares.values())
    assert sum(seats.values()) == (places if total else 0)
    for name, share in shares.items():
        assert not total or abs(seats[name] * total - places * share) < total


@given(SHARES, st.integers(0, 40), st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 9)))
def test_no_category_is_to_get_more_places_than_it_has_applicants(
    shares: dict[str, int], places: int, supply: dict[str, int]
) -> None:
    target = target_places(shares, places, supply)
    assert all(target[name] <= supply.get(name, 0) for name in shares)
    reachable = sum(supply.get(name, 0) for name, share in shares.items() if share)
    assert sum(target.values()) == min(claimed_places(shares, places), reachable)


def test_what_a_category_cannot_fill_goes_to_the_others() -> None:
    shares = {"small": 33, "medium": 34, "large": 33}
    assert target_places(shares, 9, {"small": 1, "medium": 20, "large": 20}) == {
        "small": 1,
        "medium": 4,
        "large": 4,
    }


def test_shares_below_the_whole_leave_places_to_the_draw_alone() -> None:
    assert claimed_places({"a": 50}, 9) == 5
    assert target_places({"a": 50}, 9, {"a": 9, "b": 9}) == {"a": 5}
