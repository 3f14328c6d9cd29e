"""A second, naive computation of a rating, written from the text of the rating method alone.

Slow and plain on purpose: every rule is a few lines over lists and fractions, and nothing is shared
with `openqmm.core.ratings`. It reads the published protocol document (`protocol show ID --json`)
and rows of text, and returns a facility as `ratings.json` writes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

Json = dict[str, Any]
# facility_id, assessor_id, question_id, score, role, facility_type (or "")
Row = tuple[str, str, str, str, str, str]


def rate_by_hand(protocol: Json, rows: Sequence[Row]) -> list[Json]:
    """Return the facilities' ratings, sorted by id."""
    names = sorted({row[0] for row in rows})
    return [_facility(protocol, name, [row for row in rows if row[0] == name]) for name in names]


def _facility(protocol: Json, name: str, rows: list[Row]) -> Json:
    kind = max(row[5] for row in rows)
    rules = protocol["rules"]
    asked = [question for area in protocol["areas"] for question in area["questions"]]
    marks = {q["id"]: [(r[3], r[4]) for r in rows if r[2] == q["id"]] for q in asked}
    foreign = [q["id"] for q in asked if kind and kind not in q["applies_to"]]
    questions = {
        id_: _question(given, rules, foreign=id_ in foreign) for id_, given in marks.items()
    }
    areas = {area["id"]: _area(area, questions, rules) for area in protocol["areas"]}
    return {
        "facility_id": name,
        "facility_type": kind or None,
        "overall": _overall(protocol, areas, _share(asked, questions)),
        "areas": {id_: _written(area) for id_, area in areas.items()},
        "questions": {
            id_: {
                "status": question["status"],
                "score_exact": _fraction_text(question["score"]),
                "from": question["from"],
            }
            for id_, question in questions.items()
        },
        "warnings": [f"marked_but_not_for_{kind}:{id_}" for id_ in foreign if marks[id_]],
    }


def _question(given: list[tuple[str, str]], rules: Json, *, foreign: bool) -> Json:
    consensus = [mark for mark, role in given if role == "consensus"]
    own = [mark for mark, role in given if role == "assessor"]
    numbers = [int(mark) for mark in own if mark.isdigit()]
    question: Json = {"score": None, "from": "mean", "alone": False}
    if foreign:
        return question | {"status": "not_applicable"}
    if consensus:
        question["from"] = "consensus"
        if consensus == ["NA"]:
            return question | {"status": "not_applicable"}
        if consensus == ["NR"]:
            return question | {"status": "not_rated"}
        return question | {"status": "scored", "score": Fraction(consensus[0])}
    if not numbers:
        mostly_na = own and Fraction(own.count("NA"), len(own)) >= Fraction(1, 2)
        return question | {"status": "not_applicable" if mostly_na else "not_rated"}
    few = len(numbers) < rules["min_assessors"]
    if few and rules["single_assessor"] == "not_rated":
        return question | {"status": "not_rated"}
    return question | {
        "status": "scored",
        "score": Fraction(sum(numbers), len(numbers)),
        "alone": few,
    }


def _weight(thing: Json) -> Fraction:
    # By its decimal digits: 0.1 in JSON means one tenth.
    return Fraction(str(thing["weight"]))


def _share(asked: list[Json], questions: Json) -> Fraction | None:
    """The weight of the scored over that of the applicable questions."""
    applicable = [q for q in asked if questions[q["id"]]["status"] != "not_applicable"]
    scored = [q for q in asked if questions[q["id"]]["status"] == "scored"]
    if not applicable:
        return None
    return sum(map(_weight, scored), Fraction()) / sum(map(_weight, applicable), Fraction())


def _blank(status: str, reasons: list[str], coverage: Fraction | None) -> Json:
    return {
        "status": status,
        "reasons": reasons,
        "score": None,
        "arithmetic_level": None,
        "level": None,
        "coverage": coverage,
        "gates": [],
        "flags": [],
    }


def _area(area: Json, questions: Json, rules: Json) -> Json:
    asked = area["questions"]
    coverage = _share(asked, questions)
    if coverage is None:
        return _blank("not_applicable", ["nothing_applicable"], None)
    flags = ["single_assessor"] if any(questions[q["id"]]["alone"] for q in asked) else []
    reasons = []
    # Without a scored question there is no mean, even where a protocol's minimum is 0.
    missing = [q["id"] for q in asked if q["key"] and questions[q["id"]]["status"] == "not_rated"]
    if coverage < Fraction(rules["coverage_min"]) or (coverage == 0 and not missing):
        reasons.append("coverage_below_minimum")
    reasons += [f"key_question_not_rated:{id_}" for id_ in missing]
    if reasons:
        return _blank("not_rated", reasons, coverage) | {"flags": flags}
    scored = [q for q in asked if questions[q["id"]]["status"] == "scored"]
    top = sum((_weight(q) * questions[q["id"]]["score"] for q in scored), Fraction())
    score = top / sum(map(_weight, scored), Fraction())
    level = arithmetic = _level(score, rules)
    keys = [(questions[q["id"]]["score"], q["id"]) for q in scored if q["key"]]
    gates = []
    if keys and rules["area_gate"] is not None:
        # The rule as the method words it, tried level by level.
        while level > 1 and not all(s >= level - rules["area_gate"] for s, _ in keys):
            level -= 1
        if level < arithmetic:
            lowest = min(s for s, _ in keys)
            cause = next(id_ for s, id_ in keys if s == lowest)
            gates = [{"rule": "area", "from": arithmetic, "to": level, "cause": cause}]
    return {
        "status": "rated",
        "reasons": [],
        "score": score,
        "arithmetic_level": arithmetic,
        "level": level,
        "coverage": coverage,
        "gates": gates,
        "flags": flags,
    }


def _level(score: Fraction, rules: Json) -> int:
    return 1 + len([cut for cut in rules["cut_points"] if score >= Fraction(cut)])


def _overall(protocol: Json, areas: Json, coverage: Fraction | None) -> Json:
    rules = protocol["rules"]
    rated = [area for area in protocol["areas"] if areas[area["id"]]["status"] == "rated"]
    absent = [id_ for id_, area in areas.items() if area["status"] == "not_applicable"]
    failed = [id_ for id_, area in areas.items() if area["status"] == "not_rated"]
    flags = [f"area_not_applicable:{id_}" for id_ in absent]
    if failed or not rated:
        reasons = [f"area_not_rated:{id_}" for id_ in failed] or ["nothing_applicable"]
        return _written(_blank("not_rated", reasons, coverage) | {"flags": flags})
    top = sum((_weight(area) * areas[area["id"]]["score"] for area in rated), Fraction())
    score = top / sum(map(_weight, rated), Fraction())
    level = arithmetic = _level(score, rules)
    gates = []
    if rules["overall_gate"] is not None:
        lowest = min(areas[area["id"]]["level"] for area in rated)
        level = min(arithmetic, lowest + rules["overall_gate"])
        if level < arithmetic:
            cause = next(area["id"] for area in rated if areas[area["id"]]["level"] == lowest)
            gates = [{"rule": "overall", "from": arithmetic, "to": level, "cause": cause}]
    return _written(
        {
            "status": "rated",
            "reasons": [],
            "score": score,
            "arithmetic_level": arithmetic,
            "level": level,
            "coverage": coverage,
            "gates": gates,
            "flags": flags,
        }
    )


def _written(result: Json) -> Json:
    return result | {
        "score": six_decimals(result["score"]),
        "score_exact": _fraction_text(result["score"]),
        "coverage": six_decimals(result["coverage"]),
    }


def _fraction_text(value: Fraction | None) -> str | None:
    return None if value is None else f"{value.numerator}/{value.denominator}"


def six_decimals(value: Fraction | None) -> str | None:
    """Return six decimals, a half going to the even digit, by long division."""
    if value is None:
        return None
    whole, rest = divmod(value.numerator, value.denominator)
    digits = ""
    for _ in range(6):
        digit, rest = divmod(rest * 10, value.denominator)
        digits += str(digit)
    number = int(f"{whole}{digits}")
    twice = 2 * rest
    if twice > value.denominator or (twice == value.denominator and number % 2):
        number += 1
    text = str(number).rjust(7, "0")
    return f"{text[:-6]}.{text[-6:]}"
