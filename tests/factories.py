"""Small things to test with: protocols of a few questions, rows of scores."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from openqmm.core.protocols import Area, Element, Protocol, Question, Rules
from openqmm.core.protocols.model import FACILITY_TYPES, LEVELS, LookAt, ScaleLevel


def small_question(
    id_: str,
    *,
    key: bool = False,
    weight: str | int = 1,
    applies_to: Sequence[str] = FACILITY_TYPES,
) -> Question:
    """Return a question that says only what a rating needs."""
    return Question(
        id=id_,
        version=1,
        topic="Synthetic topic",
        text=f"Synthetic question {id_}?",
        intent="Only for tests.",
        levels={level: f"Practice at level {level}." for level in LEVELS},
        criteria={},
        look_at=LookAt(("Ask.",), ("Read.",), ("Watch.",)),
        evidence=("document", "interview"),
        applies_to=tuple(applies_to),
        references=(),
        metrics=(),
        key=key,
        weight=Decimal(weight),
        element="E1",
    )


def small_area(id_: str, questions: Iterable[Question | str], *, weight: str | int = 1) -> Area:
    """Return an area of one element; a question may be given as its id."""
    asked = tuple(small_question(q) if isinstance(q, str) else q for q in questions)
    elements = (Element("E1", "Everything"),)
    return Area(id_, f"Area {id_}", "Only for tests.", Decimal(weight), elements, asked)


def small_protocol(*areas: Area, **rules: Any) -> Protocol:
    """Return a protocol of these areas under the default rules, but for those given."""
    default: dict[str, Any] = {
        "cut_points": ("1.5", "2.5", "3.5", "4.5"),
        "coverage_min": "0.8",
        "min_assessors": 2,
        "single_assessor": "flag",
        "area_gate": 1,
        "overall_gate": 1,
    }
    if unknown := rules.keys() - default.keys():
        raise TypeError(f"no such rules: {sorted(unknown)}")
    chosen = default | rules
    first, second, third, fourth = (Decimal(str(cut)) for cut in chosen.pop("cut_points"))
    minimum = Decimal(str(chosen.pop("coverage_min")))
    return Protocol(
        id="synthetic",
        version="1",
        title="Synthetic protocol",
        summary="Only for tests.",
        scale=tuple(ScaleLevel(level, f"Level {level}", "Synthetic.") for level in LEVELS),
        rules=Rules((first, second, third, fourth), minimum, **chosen),
        areas=areas,
    )
