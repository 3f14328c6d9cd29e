from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from synthetic_ratings import protocol, question, rated_alone, with_rules

from openqmm.core.protocols import Area, Protocol
from openqmm.core.ratings import GateApplication, Result, result_document
from openqmm.core.ratings.model import RATED
from openqmm.reports.rating_content import ReportContext, rating_content
from openqmm.reports.words import (
    CODE_MEANINGS,
    decimal_text,
    flag_sentence,
    gate_sentence,
    percent,
    reason_sentence,
    rounding_sentence,
    warning_sentence,
)


def test_an_area_gate_names_its_cause_and_what_the_next_level_asks() -> None:
    small = protocol()
    rating = rated_alone(small, {"*": "44", "SUP-1": "22"})
    (gate,) = rating.areas["SUP"].gates
    assert gate_sentence(gate, small, rating) == (
        "Supply & materials is held at level 3 (Proactive) instead of 4 (Predictive) because key "
        "question SUP-1 scored 2.0: level 4 asks at least 3 of every key question."
    )


def test_an_area_gate_names_the_other_key_questions_that_hold_it_too() -> None:
    small = protocol()
    supply = small.areas[0]
    keyed = replace(supply, questions=tuple(replace(q, key=True) for q in supply.questions))
    small = replace(small, areas=(keyed, *small.areas[1:]))
    rating = rated_alone(small, {"*": "55", "SUP-1": "22", "SUP-2": "23"})
    (gate,) = rating.areas["SUP"].gates
    assert gate_sentence(gate, small, rating).endswith(" SUP-2 (2.5) is below that too.")


def test_a_score_that_rounds_up_to_what_is_asked_is_given_exactly() -> None:
    small = protocol()
    many = "3" * 29 + "2"
    rating = rated_alone(small, {"*": "55", "SUP-1": many})
    (gate,) = rating.areas["SUP"].gates
    assert "SUP-1 scored 89/30: level 4 asks at least 3" in gate_sentence(gate, small, rating)


def test_the_overall_gate_names_every_lowest_area() -> None:
    small = protocol()
    marks = {q.id: "11" for a in small.areas[::2] for q in a.questions}
    small = replace(small, areas=tuple(_weighing(a, "9") for a in small.areas))
    rating = rated_alone(small, {"*": "55", **marks})
    (gate,) = rating.overall.gates
    assert gate_sentence(gate, small, rating) == (
        "The overall level is held at level 2 (Managed) instead of 4 (Predictive) because Supply & "
        "materials is at level 1: the overall level is at most one level above the lowest area. "
        "Quality culture is at level 1 too."
    )


def _weighing(area: Area, weight: str) -> Area:
    return replace(area, weight=Decimal(weight) if area.id == "RSK" else Decimal(1))


@pytest.mark.parametrize(
    ("margin", "words"),
    [(0, "at most that of the lowest area"), (2, "at most 2 levels above the lowest area")],
)
def test_the_overall_gate_says_its_own_margin(margin: int, words: str) -> None:
    small = with_rules(protocol(), overall_gate=margin)
    rating = rated_alone(small, {"*": "55"})
    gate = GateApplication("overall", 5, 3, "SUP")
    assert words in gate_sentence(gate, small, rating)


def test_every_reason_flag_and_warning_has_a_sentence() -> None:
    small = protocol()
    assert reason_sentence("coverage_below_minimum", small) == (
        "Fewer than 80% of its questions, by weight, were scored."
    )
    assert reason_sentence("key_question_not_rated:SUP-1", small) == (
        "Key question SUP-1 (Topic of SUP-1) was not rated."
    )
    assert reason_sentence("area_not_rated:RSK", small) == "Risk management is not rated."
    assert "applies to this facility" in reason_sentence("nothing_applicable", small)
    assert "fewer than 2 assessors" in flag_sentence("single_assessor", small)
    assert flag_sentence("area_not_applicable:CUL", small).startswith("Quality culture does not")
    assert "finished dosage forms" in warning_sentence("marked_but_not_for_FDF:SUP-2", small)


def test_no_minimum_of_coverage_is_not_called_fewer_than_none() -> None:
    small = with_rules(protocol(), coverage_min=Decimal(0))
    assert reason_sentence("coverage_below_minimum", small) == "None of its questions was scored."


@pytest.mark.parametrize("sentence", [reason_sentence, flag_sentence, warning_sentence])
def test_an_unknown_code_is_refused(sentence: Callable[[str, Protocol], str]) -> None:
    with pytest.raises(ValueError, match="'tired:SUP-1' is not a"):
        sentence("tired:SUP-1", protocol())


def test_codes_that_a_rating_really_produces_are_all_explained() -> None:
    small = protocol()
    culture = replace(small.areas[2], questions=(question("CUL-1", applies_to=("API",)),))
    small = replace(small, areas=(*small.areas[:2], culture))
    rating = rated_alone(
        small, {"*": "3", "SUP-1": "RR", "CUL-1": "33"}, facility_id="F", facility_type="FDF"
    )
    results = [rating.overall, *rating.areas.values()]
    reasons = {code for result in results for code in result.reasons}
    flags = {code for result in results for code in result.flags}
    explained = {code for code, _ in CODE_MEANINGS}
    assert {code.partition(":")[0] for code in reasons | flags} <= explained
    assert all(reason_sentence(code, small) for code in reasons)
    assert all(flag_sentence(code, small) for code in flags)
    assert [warning_sentence(code, small) for code in rating.warnings] == [
        "CUL-1 (Topic of CUL-1) was marked, but is not asked of a facility of the type “finished "
        "dosage forms”; the marks do not count."
    ]


def test_a_score_rounded_up_to_a_cut_point_is_explained() -> None:
    small = protocol()
    just_below = Result(RATED, score=Fraction(349, 100), arithmetic_level=3, level=3)
    assert rounding_sentence(just_below, small) == (
        "The score is shown as 3.5; exactly it is 349/100, which is below the cut point 3.5."
    )
    at_cut = Result(RATED, score=Fraction(7, 2), arithmetic_level=4, level=4)
    assert rounding_sentence(at_cut, small) is None


def test_the_explanation_names_its_area_whatever_order_the_areas_are_in() -> None:
    small = protocol()
    rating = rated_alone(small, {"*": "33"})
    just_below = replace(rating.areas["SUP"], score=Fraction(349, 100))
    areas = dict(reversed((rating.areas | {"SUP": just_below}).items()))
    content = rating_content(small, replace(rating, areas=areas), ReportContext("A site"))
    assert content["held"] == [
        "Supply & materials: The score is shown as 3.5; exactly it is 349/100, which is below the "
        "cut point 3.5."
    ]


def test_coverage_just_under_a_minimum_never_looks_met() -> None:
    assert percent(Fraction(79_999, 100_000)) == "79.9%"
    assert percent(Fraction(4, 5)) == "80%"


@given(st.fractions(min_value=1, max_value=5))
def test_decimals_are_those_of_the_published_ratings(score: Fraction) -> None:
    published = result_document(Result(RATED, score=score, arithmetic_level=1, level=1))
    assert decimal_text(score) == published["score"]
