"""Runs the worked examples of the rating method: protocol and scores in, rating out.

Each file in `ratings/` is one rule. `protocol` lists areas and their questions ("A1 key", "A2
weight 3", "A3 only FDF"); `scores` is a table with a column per assessor and, if there is one, for
the consensus; a dot means that nobody gave a mark. `expect` was worked out by hand, on paper.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from openqmm.core.protocols import Area, Protocol, Question
from openqmm.core.ratings import ScoreRow, Scores, rate, ratings_json, shown_score
from tests.factories import small_area, small_protocol, small_question

FOLDER = Path(__file__).parent / "ratings"
FILE_KEYS = {"rule", "method", "says", "cases"}
CASE_KEYS = {"title", "facility_type", "protocol", "scores", "expect"}
RESULT_KEYS = {
    "status", "reasons", "score", "six_decimals", "shown", "arithmetic_level", "level", "coverage",
    "gates", "flags",
}  # fmt: skip
STATUSES = {"NR": "not_rated", "NA": "not_applicable"}


def _cases() -> Iterator[Any]:
    for file in sorted(FOLDER.glob("*.yaml")):
        page = yaml.safe_load(file.read_text("utf-8"))
        assert page.keys() == FILE_KEYS, file.name
        for case in page["cases"]:
            yield pytest.param(case, id=f"{file.stem}: {case['title']}")


def _question(sketch: str) -> Question:
    id_, *words = sketch.split()
    key, weight, applies_to = False, "1", ["API", "API_INTERMEDIATE", "FDF"]
    while words:
        match words:
            case ["key", *rest]:
                key = True
            case ["weight", weight, *rest]:
                pass
            case ["only", *applies_to]:
                rest = []
            case _:
                raise ValueError(f"cannot read the question {sketch!r}")
        words = rest
    return small_question(id_, key=key, weight=weight, applies_to=applies_to)


def _area(name: str, questions: list[str]) -> Area:
    id_, *weight = name.split(" weight ")
    return small_area(id_, map(_question, questions), weight=weight[0] if weight else 1)


def _protocol(sketch: dict[str, Any]) -> Protocol:
    assert sketch.keys() <= {"rules", "areas"}
    areas = (_area(name, questions) for name, questions in sketch["areas"].items())
    return small_protocol(*areas, **sketch.get("rules", {}))


def _rows(table: str, facility_type: str | None) -> Iterator[ScoreRow]:
    header, *lines = (line.split() for line in table.strip().splitlines())
    assert header[0] == "question"
    for question, *marks in lines:
        for person, mark in zip(header[1:], marks, strict=True):
            role = "consensus" if person == "consensus" else "assessor"
            if mark != ".":
                yield ScoreRow("F1", person, question, mark, role, facility_type)


def _exact(value: str | int) -> str:
    fraction = Fraction(str(value))
    return f"{fraction.numerator}/{fraction.denominator}"


def _gates(found: list[dict[str, Any]]) -> list[str]:
    return [f"{g['rule']}: {g['from']} to {g['to']} because of {g['cause']}" for g in found]


def _check_result(name: str, expected: dict[str, Any], found: dict[str, Any]) -> None:
    assert expected.keys() <= RESULT_KEYS, name
    seen = {**found, "gates": _gates(found["gates"]), "six_decimals": found["score"]}
    seen["score"] = found["score_exact"]
    if found["score_exact"] is not None:
        seen["shown"] = shown_score(Fraction(found["score_exact"]))
    wanted = dict(expected)
    if wanted.get("score") is not None:
        wanted["score"] = _exact(wanted["score"])
        assert found["status"] == "rated", name
    assert {key: seen[key] for key in wanted} == wanted, name


def _check_question(id_: str, expected: str | int, found: dict[str, Any]) -> None:
    """Compare with "7/2" (a score), NR or NA, followed by "by consensus" where it decided."""
    mark, *by = str(expected).split(" by ")
    wanted = {"from": by[0] if by else "mean", "status": STATUSES.get(mark, "scored")}
    wanted["score_exact"] = None if mark in STATUSES else _exact(mark)
    assert found == wanted, id_


@pytest.mark.parametrize("case", list(_cases()))
def test_worked_example(case: dict[str, Any]) -> None:
    assert case.keys() <= CASE_KEYS
    scores = Scores.from_rows(_rows(case["scores"], case.get("facility_type")))
    ratings = rate(_protocol(case["protocol"]), scores)
    (facility,) = json.loads(b"".join(ratings_json(ratings)))["facilities"]
    expected = case["expect"]
    assert expected.keys() <= {"questions", "areas", "overall", "warnings"}
    for id_, question in expected.get("questions", {}).items():
        _check_question(id_, question, facility["questions"][id_])
    for id_, area in expected.get("areas", {}).items():
        _check_result(id_, area, facility["areas"][id_])
    _check_result("overall", expected.get("overall", {}), facility["overall"])
    assert facility["warnings"] == expected.get("warnings", facility["warnings"])


def test_every_file_says_which_rule_it_shows() -> None:
    files = sorted(FOLDER.glob("*.yaml"))
    assert len(files) >= 15
    for file in files:
        page = yaml.safe_load(file.read_text("utf-8"))
        assert page["says"].strip().endswith("."), file.name
        titles = [case["title"] for case in page["cases"]]
        assert len(titles) == len(set(titles)) > 0, file.name
