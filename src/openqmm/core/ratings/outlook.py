"""What stands between a facility and the next level: the score, the gates, the nearest area."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from openqmm.core.protocols import Area, Protocol
from openqmm.core.ratings.model import FacilityRating, Result

_HIGHEST = 5


@dataclass(frozen=True, slots=True)
class AreaStep:
    """What one area lacks to reach `level`.

    `score_gap` is the points its score is short of the cut point (0 when the score suffices);
    `key_questions` those scored below what the area gate asks, `key_minimum` that mark.
    """

    area_id: str
    level: int
    score_gap: Fraction
    key_questions: tuple[str, ...]
    key_minimum: int | None


@dataclass(frozen=True, slots=True)
class NextLevel:
    """What the facility lacks to reach `level`, the one above its own.

    `score_gap` is the points the overall score is short of the cut point (0 when it suffices);
    `areas` those that the overall gate asks more of; `nearest` the area with the least to gain for
    a level of its own, None when all are at the top.
    """

    level: int
    score_gap: Fraction
    areas: tuple[AreaStep, ...]
    nearest: AreaStep | None


def next_level(protocol: Protocol, rating: FacilityRating) -> NextLevel | None:
    """Return what the facility lacks for its next level; None when not rated or at the top.

    Raising scores changes the overall score and the areas' levels together: each condition is
    stated as the rating stands.
    """
    overall = rating.overall
    if overall.level is None or overall.score is None or overall.level == _HIGHEST:
        return None
    target = overall.level + 1
    least = 1 if protocol.rules.overall_gate is None else target - protocol.rules.overall_gate
    levels = [
        (area, level)
        for area in protocol.areas
        if (level := rating.areas[area.id].level) is not None
    ]
    own = [_step(protocol, rating, area, n + 1) for area, n in levels if n < _HIGHEST]
    return NextLevel(
        level=target,
        score_gap=_gap(protocol, overall, target),
        areas=tuple(_step(protocol, rating, area, least) for area, n in levels if n < least),
        nearest=min(own, key=_effort, default=None),
    )


def _step(protocol: Protocol, rating: FacilityRating, area: Area, level: int) -> AreaStep:
    margin = protocol.rules.area_gate
    minimum = None if margin is None else level - margin
    held = []
    for question in area.questions:
        score = rating.questions[question.id].score
        if question.key and minimum is not None and score is not None and score < minimum:
            held.append(question.id)
    gap = _gap(protocol, rating.areas[area.id], level)
    return AreaStep(area.id, level, gap, tuple(held), minimum)


def _gap(protocol: Protocol, result: Result, level: int) -> Fraction:
    cut: Decimal = protocol.rules.cut_points[level - 2]
    return max(Fraction(cut) - (result.score or Fraction()), Fraction())


def _effort(step: AreaStep) -> tuple[int, Fraction]:
    """Return what orders areas by nearness: questions that hold them first, then points."""
    return len(step.key_questions), step.score_gap
