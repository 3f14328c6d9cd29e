"""`ratings.json` as others read it: its shape, its spelling, its bytes."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from importlib.util import find_spec
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.errors import InvalidScores
from openqmm.core.protocols import Protocol
from openqmm.core.ratings import (
    METHOD_ID,
    METHOD_VERSION,
    ScoreRow,
    Scores,
    header_document,
    rate,
    ratings_json,
    shown_score,
)
from openqmm.core.ratings.document import _six_places
from tests.factories import small_area, small_protocol, small_question
from tests.reference.json_schema import faults
from tests.reference.rating_oracle import six_decimals

SCHEMA = json.loads((files("openqmm") / "data/schemas/ratings-1.schema.json").read_text("utf-8"))


@pytest.fixture
def protocol() -> Protocol:
    """Three areas: gated, plain, and one for finished dosage forms only."""
    return small_protocol(
        small_area("S", [small_question("S1", key=True), "S2", "S3"], weight=2),
        small_area("B", ["B1"]),
        small_area("F", [small_question("F1", applies_to=["FDF"])]),
    )


@pytest.fixture
def rows() -> list[ScoreRow]:
    """A gated facility with an area that does not apply, one not rated, one of nothing but NA."""
    marks = {"S1": "2", "S2": "5", "S3": "5", "B1": "4", "F1": "3"}
    gated = [
        ScoreRow("Site 2", who, question, mark, facility_type="API")
        for who in ("Ann", "Ben")
        for question, mark in marks.items()
    ]
    third = ScoreRow("Site 2", "Cem", "B1", "5", facility_type="API")
    consensus = ScoreRow("Site 2", "Ann", "S2", "5", "consensus")
    not_rated = ScoreRow("Site 10", "Ann", "S2", "3")
    nothing = [ScoreRow("Ä", "Ann", question, "NA") for question in marks]
    return [*gated, third, consensus, not_rated, *nothing]


def document(protocol: Protocol, rows: list[ScoreRow]) -> dict[str, Any]:
    return json.loads(b"".join(ratings_json(rate(protocol, Scores.from_rows(rows)))))


def test_the_published_schema_describes_it(protocol: Protocol, rows: list[ScoreRow]) -> None:
    written = document(protocol, rows)
    assert faults(written, SCHEMA) == []
    statuses = {facility["overall"]["status"] for facility in written["facilities"]}
    assert statuses == {"rated", "not_rated"}


@pytest.mark.skipif(not find_spec("jsonschema"), reason="jsonschema is not installed")
def test_a_full_validator_agrees(protocol: Protocol, rows: list[ScoreRow]) -> None:
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document(protocol, rows), SCHEMA)


Change = Callable[[dict[str, Any]], Any]
CHANGES: dict[str, Change] = {
    "a number for a score": lambda d: d["overall"].update(score=4.2),
    "five decimals": lambda d: d["overall"].update(score="4.20000"),
    "a score above the scale": lambda d: d["overall"].update(score="5.000001"),
    "a whole number without denominator": lambda d: d["overall"].update(score_exact="4"),
    "level 6": lambda d: d["overall"].update(level=6),
    "a rated area without level": lambda d: d["areas"]["B"].update(level=None),
    "an unknown reason": lambda d: d["overall"].update(status="not_rated", reasons=["late"]),
    "not rated with a score": lambda d: d["areas"]["B"].update(status="not_rated"),
    "no coverage": lambda d: d["areas"]["B"].pop("coverage"),
    "a scored question without score": lambda d: d["questions"]["B1"].update(score_exact=None),
    "an unknown source": lambda d: d["questions"]["B1"].update({"from": "guess"}),
    "an unknown type": lambda d: d.update(facility_type="Cheese"),
    "a gate without cause": lambda d: d["areas"]["S"]["gates"][0].pop("cause"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_the_schema_refuses(protocol: Protocol, rows: list[ScoreRow], change: Change) -> None:
    written = copy.deepcopy(document(protocol, rows))
    change(next(f for f in written["facilities"] if f["facility_id"] == "Site 2"))
    assert faults(written, SCHEMA)


def test_a_facility_written_out(protocol: Protocol, rows: list[ScoreRow]) -> None:
    written = document(protocol, rows)
    facility = next(f for f in written["facilities"] if f["facility_id"] == "Site 2")
    # S: (2 + 5 + 5) / 3 = 4, held at 3 by S1; B: (4 + 4 + 5) / 3; overall (2 x 4 + 13/3) / 3.
    assert facility["areas"]["S"] == {
        "status": "rated",
        "reasons": [],
        "score": "4.000000",
        "score_exact": "4/1",
        "arithmetic_level": 4,
        "level": 3,
        "coverage": "1.000000",
        "gates": [{"rule": "area", "from": 4, "to": 3, "cause": "S1"}],
        "flags": [],
    }
    assert facility["overall"]["score"] == "4.111111"
    assert facility["overall"]["score_exact"] == "37/9"
    assert facility["overall"]["flags"] == ["area_not_applicable:F"]
    assert facility["questions"]["S2"] == {
        "status": "scored",
        "score_exact": "5/1",
        "from": "consensus",
    }
    assert facility["facility_type"] == "API"
    assert facility["warnings"] == ["marked_but_not_for_API:F1"]


def test_header(protocol: Protocol, rows: list[ScoreRow]) -> None:
    scores = Scores.from_rows(rows)
    written = document(protocol, rows)
    del written["facilities"]
    assert written == header_document(rate(protocol, scores))
    assert written == {
        "format": "openqmm-ratings/1",
        "inputs_digest": scores.digest(),
        "method": {"id": METHOD_ID, "version": METHOD_VERSION},
        "protocol": {"digest": protocol.digest, "id": "synthetic", "version": "1"},
    }


def test_keys_and_facilities_are_sorted(protocol: Protocol, rows: list[ScoreRow]) -> None:
    text = b"".join(ratings_json(rate(protocol, Scores.from_rows(rows))))

    def in_order(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        assert names == sorted(names)
        return dict(pairs)

    written = json.loads(text, object_pairs_hook=in_order)
    # By code point, so that every language sorts alike.
    assert [f["facility_id"] for f in written["facilities"]] == ["Site 10", "Site 2", "Ä"]
    assert "Ä".encode() in text
    assert text.endswith(b"\n")


def test_a_facility_a_line(protocol: Protocol, rows: list[ScoreRow]) -> None:
    lines = b"".join(ratings_json(rate(protocol, Scores.from_rows(rows)))).splitlines()
    assert len(lines) == 2 + 3
    for line in lines[1:-1]:
        assert "facility_id" in json.loads(line.rstrip(b","))


def test_what_a_row_says_beside_the_score_leaves_no_trace(
    protocol: Protocol, rows: list[ScoreRow]
) -> None:
    """A type given on one row only, or on all, is the same input."""
    once = [ScoreRow("F", "Ann", "B1", "3", facility_type="API"), ScoreRow("F", "Ben", "B1", "3")]
    twice = [ScoreRow("F", who, "B1", "3", facility_type="API") for who in ("Ann", "Ben")]
    assert document(protocol, once) == document(protocol, twice)


def test_any_change_of_a_score_changes_the_digest(protocol: Protocol) -> None:
    first = ScoreRow("F", "Ann", "B1", "3")
    others = [
        ScoreRow("G", "Ann", "B1", "3"),
        ScoreRow("F", "Ben", "B1", "3"),
        ScoreRow("F", "Ann", "S1", "3"),
        ScoreRow("F", "Ann", "B1", "4"),
        ScoreRow("F", "Ann", "B1", "3", "consensus"),
        ScoreRow("F", "Ann", "B1", "3", facility_type="FDF"),
    ]
    digests = {Scores.from_rows([row]).digest() for row in (first, *others)}
    assert len(digests) == 1 + len(others)


def test_no_scores_at_all(protocol: Protocol) -> None:
    written = document(protocol, [])
    assert written["facilities"] == []
    assert faults(written, SCHEMA) == []


def test_a_score_for_a_question_that_is_not_asked(protocol: Protocol) -> None:
    scores = Scores.from_rows([ScoreRow("F", "Ann", "Z9", "3"), ScoreRow("F", "Ann", "B1", "3")])
    with pytest.raises(InvalidScores, match="does not ask question Z9"):
        rate(protocol, scores)


@given(st.fractions(min_value=0, max_value=5))
def test_six_decimals_are_half_even_from_the_exact_value(value: Fraction) -> None:
    assert _six_places(value) == six_decimals(value)


@pytest.mark.parametrize(
    ("value", "six", "shown"),
    [
        ("1", "1.000000", "1.0"),
        ("0.0000005", "0.000000", "0.0"),
        ("0.0000015", "0.000002", "0.0"),
        ("3.45", "3.450000", "3.5"),
        ("3.35", "3.350000", "3.4"),
        ("4.95", "4.950000", "5.0"),
        ("2.9499999", "2.950000", "2.9"),
        ("41/12", "3.416667", "3.4"),
    ],
)
def test_rounding(value: str, six: str, shown: str) -> None:
    assert (_six_places(Fraction(value)), shown_score(Fraction(value))) == (six, shown)


@pytest.mark.parametrize("side", [-1, 1])
def test_a_value_ever_so_near_a_tie_is_rounded_to_its_own_side(side: int) -> None:
    near = Fraction(side, 10**200)
    assert shown_score(Fraction("3.25") + near) == {-1: "3.2", 1: "3.3"}[side]
    assert _six_places(Fraction("3.0000005") + near) == {-1: "3.000000", 1: "3.000001"}[side]
