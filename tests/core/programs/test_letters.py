"""What the office's letters say, and that they name nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openqmm.core.programs.letters import LETTER_KINDS, LetterFacts, letter_kind, letter_text
from openqmm.core.workflow.states import APPLICATION

FACTS = LetterFacts(
    kind="selected",
    facility="Alder Unit 1",
    fei="3009999901",
    round="2027-A",
    program="Pilot",
    decision="Drawn by the rule that was announced.",
)


@pytest.mark.parametrize("state", APPLICATION.states)
def test_every_decision_of_the_office_calls_for_its_letter(state: str) -> None:
    assert letter_kind(state) == (state if state in LETTER_KINDS else None)


@pytest.mark.parametrize("kind", LETTER_KINDS)
def test_every_letter_names_facility_round_and_way_back(kind: str) -> None:
    text = letter_text(replace(FACTS, kind=kind))  # type: ignore[arg-type]
    assert text.subject.endswith("Alder Unit 1, 2027-A")
    assert "FEI 3009999901" in text.body
    assert "may be withdrawn at any time" in text.body


def test_an_offer_says_until_when_and_by_whom_it_is_answered() -> None:
    body = letter_text(replace(FACTS, answer_by=date(2026, 6, 5))).body
    assert "authorised signatory accepts or declines it by 5 June 2026" in body


def test_the_reasons_of_ineligibility_are_listed() -> None:
    reasons = ("Location: inside.", "Current class: OAI.")
    text = letter_text(replace(FACTS, kind="ineligible", reasons=reasons))
    assert text.points == reasons
    assert "these criteria are not met:\n\n- Location: inside.\n- Current class: OAI." in text.body
    one = letter_text(replace(FACTS, kind="ineligible", reasons=reasons[:1]))
    assert "this criterion is not met:" in one.body


def test_the_reserve_list_tells_the_place_on_it() -> None:
    assert "reserve list at place 2." in letter_text(replace(FACTS, kind="reserve", rank=2)).body
