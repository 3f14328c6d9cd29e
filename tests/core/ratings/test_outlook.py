"""What stands between a facility and its next level, worked out by hand."""

from datetime import date
from fractions import Fraction

import pytest

from openqmm.core.ratings import ScoreRow, Scores, next_level, rate
from openqmm.core.ratings.validity import valid_until
from openqmm.reports.outlook import outlook_sentences
from tests.factories import small_area, small_protocol, small_question

PROTOCOL = small_protocol(
    small_area("A", [small_question("A-1", key=True), "A-2"]), small_area("B", ["B-1"])
)


def rated(**marks):
    rows = [
        ScoreRow("F1", assessor, question.replace("_", "-"), mark)
        for question, mark in marks.items()
        for assessor in ("A1", "A2")
    ]
    return rate(PROTOCOL, Scores.from_rows(rows)).facilities[0]


def test_a_score_short_of_the_cut_point():
    # A = 3, B = 3: overall 3, level 3; level 4 begins at 3.5.
    ahead = next_level(PROTOCOL, rated(A_1="3", A_2="3", B_1="3"))
    assert (ahead.level, ahead.score_gap, ahead.areas) == (4, Fraction(1, 2), ())


def test_an_overall_gate_names_the_areas_that_hold():
    # A = 5, B = 2: overall 3.5 and level 4 by score, held at 3; level 4 asks level 3 of B.
    rating = rated(A_1="5", A_2="5", B_1="2")
    ahead = next_level(PROTOCOL, rating)
    assert rating.overall.level == 3
    assert ahead.score_gap == 0
    ((area_id, level, gap),) = [(s.area_id, s.level, s.score_gap) for s in ahead.areas]
    assert (area_id, level, gap) == ("B", 3, Fraction(1, 2))
    words = " ".join(outlook_sentences(PROTOCOL, rating))
    assert "Area B reaches level 3 (Level 3) when its score rises by 0.50 points." in words


def test_the_nearest_area_is_the_one_with_least_to_gain():
    # A = (1 + 5)/2 = 3, held at 2 by its key question; B = 4.
    rating = rated(A_1="1", A_2="5", B_1="4")
    step = next_level(PROTOCOL, rating).nearest
    # B needs half a point; A needs its key question at 2 besides no points.
    assert (step.area_id, step.score_gap) == ("B", Fraction(1, 2))


def test_a_key_question_that_holds_is_named():
    rating = rated(A_1="1", A_2="5", B_1="5")
    ahead = next_level(PROTOCOL, rating)
    # Overall 4 by score, level 4, held at 3 by area A at level 2; A asks A-1 at 2 for level 3.
    assert rating.overall.level == 3
    assert [step.key_questions for step in ahead.areas] == [("A-1",)]
    words = " ".join(outlook_sentences(PROTOCOL, rating))
    assert "when key question A-1 scores at least 2." in words


def test_the_top_and_the_unrated_have_no_next_level():
    top, none = rated(A_1="5", A_2="5", B_1="5"), rated(A_1="NR", A_2="3", B_1="3")
    assert next_level(PROTOCOL, top) is None
    assert next_level(PROTOCOL, none) is None
    assert outlook_sentences(PROTOCOL, top) == [
        "This is the highest level; nothing above it is defined."
    ]
    assert "Key question A-1" in outlook_sentences(PROTOCOL, none)[0]


@pytest.mark.parametrize(
    ("issued", "months", "last"),
    [
        (date(2026, 11, 22), 24, date(2028, 11, 22)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
    ],
)
def test_a_rating_holds_for_whole_months(issued, months, last):
    assert valid_until(issued, months) == last
