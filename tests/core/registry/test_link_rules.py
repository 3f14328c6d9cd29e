"""Links of a firm when the sites known change: rules propose, people decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.registry.link_rules import (
    METHOD_WORDS,
    LinkState,
    Relinked,
    StandingLink,
    relinked,
    site_refusal,
)
from openqmm.core.registry.linkage import Candidate, Link, Unlinked

A, B = "3000000001", "3000000002"


def rule(fei: str) -> Link:
    return Link("name_city", 100.0, fei, "equal")


def similar(*feis: str, score: float = 80.0) -> Unlinked:
    return Unlinked(tuple(Candidate(fei, "A firm", score, False) for fei in feis))


def standing(**links: tuple[LinkState, bool]) -> dict[str, StandingLink]:
    named = {"a": A, "b": B}
    return {named[n]: StandingLink(named[n], *link) for n, link in links.items()}


def test_a_rule_links_and_takes_open_proposals_back() -> None:
    change = relinked("enforcement", rule(A), standing(b=("proposed", False)))
    assert (change.accept, change.withdraw) == (rule(A), (B,))


def test_what_a_rule_linked_before_is_not_written_again() -> None:
    assert not relinked("enforcement", rule(A), standing(a=("accepted", False)))
    assert not relinked("enforcement", similar(A), standing(a=("proposed", False)))


def test_a_rules_link_is_proposed_once_the_rule_names_two() -> None:
    change = relinked("enforcement", similar(A, B), standing(a=("accepted", False)))
    assert [candidate.fei for candidate in change.propose] == [A, B]
    assert change.withdraw == ()
    gone = relinked("enforcement", similar(B), standing(a=("accepted", False)))
    assert gone.withdraw == (A,)


def test_a_site_a_person_rejected_is_neither_linked_nor_proposed() -> None:
    rejected = standing(a=("rejected", True))
    assert not relinked("enforcement", rule(A), rejected)
    assert not relinked("enforcement", similar(A), rejected)
    assert relinked("enforcement", rule(B), rejected).accept == rule(B)


def test_labelers_are_proposed_for_nearly_equal_names_only() -> None:
    assert not relinked("ndc", similar(A, score=94.9), {})
    assert relinked("ndc", similar(A, score=95.0), {}).propose
    assert relinked("shortages", similar(A, score=70.0), {}).propose


@given(
    st.sampled_from([rule(A), rule(B), similar(A), similar(A, B), similar()]),
    st.sampled_from(
        [standing(a=("accepted", True)), standing(a=("accepted", True), b=("rejected", True))]
    ),
)
def test_what_a_person_accepted_always_stands(
    found: Link | Unlinked, before: dict[str, StandingLink]
) -> None:
    assert relinked("enforcement", found, before) == Relinked()


@pytest.mark.parametrize(("known", "refused"), [(True, False), (False, True)])
def test_a_person_links_to_known_sites_only(known: bool, refused: bool) -> None:
    assert bool(site_refusal(A, known=known)) is refused


def test_every_method_has_words() -> None:
    assert set(METHOD_WORDS) == {"fei", "duns", "name_city", "name_country", "fuzzy", "person"}
