"""A small synthetic protocol and the ratings of synthetic facilities under it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from openqmm.core.protocols import Area, Protocol, Question, Rules
from openqmm.core.protocols.model import LookAt, ScaleLevel
from openqmm.core.ratings import FacilityRating, Ratings, ScoreRow, Scores, rate

TYPES = ("API", "API_INTERMEDIATE", "FDF")


def question(question_id: str, *, key: bool = False, applies_to: Sequence[str] = TYPES) -> Question:
    """Return a question with a text and a topic that name it."""
    return Question(
        id=question_id,
        version=1,
        topic=f"Topic of {question_id}",
        text=f"How does the site do {question_id}?",
        intent="",
        levels={level: f"Level {level}" for level in range(1, 6)},
        criteria={},
        look_at=LookAt((), (), ()),
        evidence=("document",),
        applies_to=tuple(applies_to),
        references=(),
        metrics=(),
        key=key,
    )


def area(area_id: str, title: str, *, weight: str = "1") -> Area:
    """Return an area of four questions, the first of them key."""
    ids = [f"{area_id}-{n}" for n in range(1, 5)]
    questions = tuple(question(id_, key=n == 0) for n, id_ in enumerate(ids))
    return Area(area_id, title, "", Decimal(weight), (), questions)


def protocol() -> Protocol:
    """Return the synthetic protocol: three areas, the gates of the shipped one."""
    names = ("Reactive", "Managed", "Proactive", "Predictive", "Optimising")
    return Protocol(
        id="small",
        version="0.1",
        title="Small synthetic protocol",
        summary="",
        scale=tuple(ScaleLevel(n, name, f"{name} it is.") for n, name in enumerate(names, 1)),
        rules=Rules(
            cut_points=(Decimal("1.5"), Decimal("2.5"), Decimal("3.5"), Decimal("4.5")),
            coverage_min=Decimal("0.8"),
            min_assessors=2,
            single_assessor="flag",
            area_gate=1,
            overall_gate=1,
        ),
        areas=(
            area("SUP", "Supply & materials"),
            area("RSK", "Risk management", weight="2"),
            area("CUL", "Quality culture"),
        ),
    )


def with_rules(given: Protocol, **rules: object) -> Protocol:
    """Return the protocol with some of its rules changed."""
    return replace(given, rules=replace(given.rules, **rules))


def rated(
    given: Protocol,
    marks: Mapping[str, str],
    *,
    facility_id: str = "F-1",
    facility_type: str | None = None,
) -> Ratings:
    """Return ratings of one facility from its marks by question id, one character an assessor
    ("334"; R is NR, A is NA); the entry "*" is for every question not named."""
    words = {"R": "NR", "A": "NA"}
    rows = [
        ScoreRow(facility_id, f"A{n}", q.id, words.get(mark, mark), "assessor", facility_type)
        for q in given.questions()
        for n, mark in enumerate(marks.get(q.id, marks.get("*", "")))
    ]
    return rate(given, Scores.from_rows(rows))


def rated_alone(given: Protocol, marks: Mapping[str, str], **more: str) -> FacilityRating:
    """Return the rating of the one facility."""
    return rated(given, marks, **more).facilities[0]
