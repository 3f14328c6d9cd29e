"""A reason says something, or it is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.workflow import reason_fault

pytestmark = pytest.mark.requirement("R03")

FILLER = ("asdf", "update", "n/a", ".", "aaaa", "xxx", "test", "TBD", "-", "qwerty", "as", "per")
TELLING = ("merger", "auditor", "typing", "supplier", "wrong", "lot", "owner", "signed", "letter")


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", ".", "n/a", "N/A n/a", "asdf", "asdf asdf asdf", "update", "Updated the record.",
        "aaa aaa aaa", "aaaa bbbb cccc", "fix the data", "as per request", "qwer tyui asdf ghjk",
        "abab cdcd efef", "!!! ??? ...", "1 2 3", "test test2", "Sold.", "merger merger merger",
        "because it changed", "see above please", "更新", "誤訂正", "誤訂正 誤訂正", "a-b c/d e-f",
        "rtzui as per", "azert as per", "poiuytrewq as per", "lkjhg as per", "vbnm as per",
        "yxcv as per", "1234 2345 as per",
    ],
)  # fmt: skip
def test_vague_words_are_refused(text: str) -> None:
    assert (reason_fault(text) or "").startswith("Say ")


@pytest.mark.parametrize(
    "text",
    [
        "The site was sold.",
        "Typing error: 3, not 4",
        "Fixed the FEI, wrong in the letter of 3 May",
        "The board agrees.",
        "CAPA-2026-014 was closed",
        "担当者の入力誤りを訂正",
        "担当誤り",
        "Lot 4b: as on label",
    ],
)
def test_what_tells_something_is_accepted(text: str) -> None:
    assert reason_fault(text) is None


@given(st.lists(st.sampled_from(FILLER)))
def test_filler_in_any_number_and_order_tells_nothing(words: list[str]) -> None:
    assert reason_fault(" ".join(words)) is not None


@given(st.characters(codec="utf-8"), st.integers(0, 60))
def test_one_character_over_and_over_is_no_reason(char: str, times: int) -> None:
    assert reason_fault(char * times) is not None


@given(st.sets(st.sampled_from(TELLING), min_size=3), st.text(max_size=40))
def test_a_reason_stays_one_whatever_is_added(words: set[str], more: str) -> None:
    said = " ".join(sorted(words))
    assert reason_fault(said) is None
    assert reason_fault(f"{said} {more}") is None


@given(st.text(max_size=80))
def test_white_space_and_case_make_no_difference(text: str) -> None:
    plain = text.casefold()
    assert reason_fault(f"  {plain}\n ") == reason_fault(plain)
