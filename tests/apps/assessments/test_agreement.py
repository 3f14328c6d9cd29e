"""What marks say beside each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.apps.assessments.queries import agreement_of, disagrees, lacking, spread_of

marks = st.lists(st.sampled_from(["1", "2", "3", "4", "5", "NR", "NA"]), max_size=4)


@pytest.mark.parametrize(
    ("given_marks", "spread", "must_decide"),
    [
        (["3", "3", "3"], 0, False),
        (["3", "4", "3"], 1, False),
        (["2", "4"], 2, True),
        (["1", "5"], 4, True),
        (["NR", "3", "3"], 0, True),
        (["NA", "3"], 0, True),
        (["NR", "NR"], 0, False),
        (["NR", "NA"], 0, False),
        ([], 0, False),
    ],
)
def test_when_the_team_must_decide(given_marks, spread, must_decide):
    assert (spread_of(given_marks), disagrees(given_marks)) == (spread, must_decide)


@given(marks)
def test_the_order_of_assessors_never_matters(given_marks):
    backwards = given_marks[::-1]
    assert disagrees(given_marks) == disagrees(backwards)
    assert agreement_of([given_marks]) == agreement_of([backwards])


@given(st.lists(marks, max_size=6))
def test_every_compared_question_is_counted_once(questions):
    counts = agreement_of(questions)
    assert counts.compared == counts.same + counts.within_one + counts.further


@pytest.mark.parametrize(
    ("mark", "rationale", "evidence", "missing"),
    [
        ("3", "Why", ["document", "data"], ()),
        ("3", "Why", ["document", "document"], ("two kinds of evidence",)),
        ("3", "  ", [], ("a rationale", "two kinds of evidence")),
        ("NR", "Why", [], ()),
        ("NA", "", [], ("a rationale",)),
        ("", "Why", ["document", "data"], ("a mark",)),
    ],
)
def test_what_a_score_lacks(mark, rationale, evidence, missing):
    assert lacking(mark, rationale, evidence) == missing
