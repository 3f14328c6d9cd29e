"""The synthetic scores that other tests and the tutorials start from."""

from __future__ import annotations

import csv
import json

import pytest

from openqmm.core.protocols import Protocol, shipped_protocol
from openqmm.core.protocols.model import document_of
from openqmm.core.ratings import Ratings, rate, ratings_json
from openqmm.core.ratings.scores_file import read_scores
from tests.data.make_scores_small import FILE, HEADER, WEAK_AREA, content
from tests.reference.rating_oracle import rate_by_hand


@pytest.fixture(scope="module")
def protocol() -> Protocol:
    return shipped_protocol("pilot-eleven-areas")


@pytest.fixture(scope="module")
def ratings(protocol: Protocol) -> Ratings:
    return rate(protocol, read_scores(FILE, protocol))


def test_the_script_writes_the_file_that_is_kept() -> None:
    assert FILE.read_text("utf-8") == content()


def test_the_four_facilities_are_what_they_are_said_to_be(ratings: Ratings) -> None:
    plain, gated, agreed, not_rated = ratings.facilities
    assert [f.facility_id for f in ratings.facilities] == [
        "SYN-API-1",
        "SYN-API-2",
        "SYN-FDF-1",
        "SYN-FDF-2",
    ]
    assert plain.overall.status == "rated"
    assert not plain.overall.gates
    assert {gate.rule for area in gated.areas.values() for gate in area.gates} == {"area"}
    assert [(gate.rule, gate.cause) for gate in gated.overall.gates] == [("overall", WEAK_AREA)]
    assert agreed.overall.status == "rated"
    sources = [question.source for question in agreed.questions.values()]
    assert 5 < sources.count("consensus") < 44
    statuses = {question.status for question in agreed.questions.values()}
    assert statuses == {"scored", "not_rated", "not_applicable"}
    assert not_rated.overall.status == "not_rated"
    (reason,) = not_rated.overall.reasons
    area = not_rated.areas[reason.removeprefix("area_not_rated:")]
    assert [code.split(":")[0] for code in area.reasons] == ["key_question_not_rated"]


def test_a_naive_reading_of_the_method_agrees(protocol: Protocol, ratings: Ratings) -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    filled = [{**row, "role": row["role"] or "assessor"} for row in cells]
    rows = [tuple(row[name] for name in HEADER[:6]) for row in filled]
    written = json.loads(b"".join(ratings_json(ratings)))
    assert written["facilities"] == rate_by_hand(document_of(protocol), rows)
