from __future__ import annotations

import csv
from dataclasses import replace

import pytest
from synthetic_ratings import protocol, rated, with_rules

from openqmm.core.protocols import Protocol
from openqmm.core.ratings import Ratings, result_document
from openqmm.reports.ratings_csv import COLUMNS, ratings_csv
from openqmm.reports.spreadsheet import spreadsheet_safe


def _rows(given: Protocol, ratings: Ratings) -> list[dict[str, str]]:
    return list(csv.DictReader(ratings_csv(given, ratings)))


def test_a_row_for_the_facility_and_one_for_each_area_with_the_published_numbers() -> None:
    small = protocol()
    ratings = rated(small, {"*": "445", "SUP-1": "222"}, facility_type="FDF")
    rows = _rows(small, ratings)
    assert tuple(rows[0]) == COLUMNS
    assert [(row["scope"], row["area_id"]) for row in rows] == [
        ("overall", ""),
        ("area", "SUP"),
        ("area", "RSK"),
        ("area", "CUL"),
    ]
    rating = ratings.facilities[0]
    for row, result in zip(rows, [rating.overall, *rating.areas.values()], strict=True):
        published = result_document(result)
        for name in ("status", "level", "score", "score_exact", "arithmetic_level", "coverage"):
            assert row[name] == str(published[name]), name
        assert row["level_name"] == small.level_name(result.level or 0)
    assert rows[1]["gates"] == "area 4>3 SUP-1"
    assert rows[1]["facility_type"] == "FDF"
    assert rows[1]["protocol_id"] == "small"


def test_what_is_not_rated_has_blanks_and_its_reasons() -> None:
    small = protocol()
    rows = _rows(small, rated(small, {"*": "33", "SUP-1": "RR", "CUL-2": "3"}))
    assert rows[0]["status"] == "not_rated"
    assert rows[0]["reasons"] == "area_not_rated:SUP"
    assert rows[1]["reasons"] == "coverage_below_minimum; key_question_not_rated:SUP-1"
    assert rows[1]["coverage"] == "0.750000"
    assert rows[1]["level"] == rows[1]["level_name"] == rows[1]["score"] == ""
    assert rows[3]["flags"] == "single_assessor"


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠x", "  =cmd"],
)
def test_text_that_starts_a_formula_is_disarmed(text: str) -> None:
    assert spreadsheet_safe(text) == "'" + text


@pytest.mark.parametrize("text", ["", "F-1", "3.5", "Plant = one", "Näh, -ja", "'quoted"])
def test_other_text_is_left_alone(text: str) -> None:
    assert spreadsheet_safe(text) == text


def test_a_facility_named_like_a_formula_does_no_harm() -> None:
    small = protocol()
    danger = '=HYPERLINK("http://example.org","x")'
    rows = _rows(small, rated(small, {"*": "33"}, facility_id=danger))
    assert {row["facility_id"] for row in rows} == {"'" + danger}


def test_ids_with_commas_and_quotes_come_back_whole() -> None:
    small = protocol()
    odd = 'Plant "A", north'
    rows = _rows(small, rated(small, {"*": "33"}, facility_id=odd))
    assert {row["facility_id"] for row in rows} == {odd}


def test_names_of_levels_are_disarmed_too() -> None:
    small = protocol()
    scale = (*small.scale[:2], replace(small.scale[2], name="=x"), *small.scale[3:])
    small = replace(small, scale=scale)
    assert _rows(small, rated(small, {"*": "33"}))[0]["level_name"] == "'=x"


def test_another_protocol_than_the_one_rated_under_is_refused() -> None:
    small = protocol()
    ratings = rated(small, {"*": "33"})
    other = with_rules(small, area_gate=None)
    with pytest.raises(ValueError, match="not made under"):
        list(ratings_csv(other, ratings))
