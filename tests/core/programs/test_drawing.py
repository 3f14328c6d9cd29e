"""The draw: by hand, against a second writing of the rule, and whatever the order of the file."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.programs.drawing import (
    Candidate,
    draw,
    inputs_digest,
    lot,
    next_reserve,
    seed_digest,
)
from openqmm.core.programs.model import SelectionRule
from tests.core.programs.draws import (
    ONE_OF_EACH,
    REGIONS,
    SIZES,
    by_lot,
    candidates,
    drawn_in_order,
)

TEN = candidates(*["-"] * 10)


def test_a_lot_is_the_published_digest() -> None:
    # printf 'open sesame\nA1' | sha256sum
    assert lot("open sesame", "A1") == hashlib.sha256(b"open sesame\nA1").hexdigest()
    assert seed_digest("open sesame") == hashlib.sha256(b"open sesame").hexdigest()


def test_without_strata_the_places_go_by_lot_and_the_reserve_list_after_them() -> None:
    drawn = draw(SelectionRule(3, 2), TEN, "2027-A")
    order = by_lot("2027-A", [c.application_id for c in TEN])
    assert list(drawn.selected) == order[:3]
    assert list(drawn.reserve) == order[3:5]
    assert list(drawn.not_selected) == order[5:]


def test_target_shares_are_met_where_there_are_applicants() -> None:
    among = candidates(*["large"] * 20, *["small"] * 4, *["medium"] * 4)
    for seed in "abcdefgh":
        drawn = draw(SelectionRule(9, 3, (SIZES,)), among, seed)
        assert drawn.strata[0].selected == {"small": 3, "medium": 3, "large": 3}
        assert drawn.strata[0].applicants == {"small": 4, "medium": 4, "large": 20}


def test_nobody_is_selected_past_a_limit_even_for_an_empty_place() -> None:
    among = candidates("small asia Firm", "large asia Firm", "medium asia Firm")
    drawn = draw(SelectionRule(3, 3, (), (ONE_OF_EACH,)), among, "x")
    assert len(drawn.selected) == 1
    assert len(drawn.reserve) == 2


def test_who_does_not_say_where_they_belong_passes_no_limit() -> None:
    drawn = draw(SelectionRule(9, 0, (), (ONE_OF_EACH,)), TEN, "x")
    assert len(drawn.selected) == 9


PROFILES = st.lists(
    st.tuples(
        st.sampled_from(["small", "medium", "large", "-"]),
        st.sampled_from(["asia", "europe", "africa", "-"]),
        st.sampled_from(["Firm", "House", "Works", "-"]),
    ).map(" ".join),
    min_size=1,
    max_size=14,
)
RULE = SelectionRule(5, 2, (SIZES, REGIONS), (ONE_OF_EACH,))


@given(PROFILES, st.text(max_size=5), st.randoms())
def test_a_second_writing_of_the_rule_draws_the_same_in_any_order_of_rows(
    profiles: list[str], seed: str, shuffling: object
) -> None:
    among = candidates(*profiles)
    drawn = draw(RULE, among, seed)
    known = {c.application_id: c for c in among}
    order = [known[i] for i in by_lot(seed, list(known))]
    targets = {s.attribute: dict(s.target) for s in drawn.strata}
    assert list(drawn.selected) == drawn_in_order(RULE, order, targets)
    rest = [c.application_id for c in order if c.application_id not in drawn.selected]
    assert [*drawn.reserve, *drawn.not_selected] == rest
    shuffled = list(among)
    shuffling.shuffle(shuffled)  # type: ignore[attr-defined]
    assert draw(RULE, shuffled, seed) == drawn


def test_another_seed_draws_others() -> None:
    outcomes = {draw(SelectionRule(3, 0), TEN, str(n)).selected for n in range(20)}
    assert len(outcomes) > 15


def test_the_digest_covers_rule_and_candidates_but_no_seed() -> None:
    digest = inputs_digest(RULE, TEN)
    assert draw(RULE, TEN, "a").inputs_digest == draw(RULE, TEN, "b").inputs_digest == digest
    assert inputs_digest(RULE, TEN[:9]) != digest
    assert inputs_digest(SelectionRule(5, 2, (SIZES,)), TEN) != digest


def test_two_candidates_of_one_id_are_refused() -> None:
    with pytest.raises(ValueError, match="one application id"):
        draw(RULE, [Candidate("A1"), Candidate("A1")], "x")


def test_the_first_reserve_who_passes_no_limit_moves_up() -> None:
    firm, house, again = candidates("small asia Firm", "small asia House", "large asia Firm")
    assert next_reserve(RULE, [firm], [again, house]) == house
    assert next_reserve(RULE, [house], [again]) == again
    assert next_reserve(RULE, [firm], [again]) is None
