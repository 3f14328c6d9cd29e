"""The self-check by answers: each answer its verdict, and an open question none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from openqmm.core.programs import shipped_program, shipped_program_ids, verdict
from openqmm.core.programs.answers import Answers, judge_answers

GOOD = Answers(
    country="India",
    activities=("API",),
    registered=True,
    inspected=True,
    classification="VAI",
    clean=True,
    in_commerce=True,
)


def verdicts(answers: Answers, program: str = "pilot-api") -> dict[str, str]:
    return {c.id: c.verdict for c in judge_answers(shipped_program(program), answers)}


def test_a_facility_that_fits_meets_every_criterion() -> None:
    found = judge_answers(shipped_program("pilot-api"), GOOD)
    assert verdict(found) == "eligible"
    assert "not_in_round" not in {c.id for c in found}


@pytest.mark.parametrize("program", shipped_program_ids())
def test_an_open_question_is_no_verdict(program: str) -> None:
    found = verdicts(Answers(), program)
    found.pop("location" if program == "successor" else "", None)
    assert set(found.values()) == {"cannot_tell"}
    assert not Answers().given
    assert Answers(clean=False).given


@pytest.mark.parametrize(
    ("change", "criterion", "expected"),
    [
        ({"country": "Ohio"}, "location", "cannot_tell"),
        ({"country": "US"}, "location", "not_met"),
        ({"country": "Puerto Rico"}, "location", "not_met"),
        ({"activities": ("FDF",)}, "activity", "not_met"),
        ({"activities": ("FDF", "API_INTERMEDIATE")}, "activity", "met"),
        ({"registered": False}, "registered", "not_met"),
        ({"inspected": None}, "inspected", "cannot_tell"),
        ({"classification": "OAI"}, "current_classification", "not_met"),
        ({"classification": "OAI"}, "clean_record", "not_met"),
        ({"clean": False}, "clean_record", "not_met"),
        ({"in_commerce": False}, "in_commerce", "not_met"),
    ],
)
def test_each_answer_has_its_verdict(
    change: dict[str, object], criterion: str, expected: str
) -> None:
    assert verdicts(replace(GOOD, **change))[criterion] == expected  # type: ignore[arg-type]
