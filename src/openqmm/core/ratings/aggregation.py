"""From question results to area and overall results: weights, coverage and reasons.

Rating method, section 2. Nothing is reweighted in silence: what is not rated is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from math import lcm

from openqmm.core.protocols import Area, Protocol
from openqmm.core.ratings.gates import apply_area_gate, apply_overall_gate
from openqmm.core.ratings.model import (
    NOT_APPLICABLE,
    NOT_RATED,
    RATED,
    SCORED,
    QuestionResult,
    Result,
)


@dataclass(frozen=True, slots=True)
class RatingRules:
    """A protocol's rules made ready for many facilities: exact fractions, whole-number weights.

    `question_weights` has a row per area; all are in the same unit, as are `area_weights`.
    """

    protocol: Protocol
    question_weights: tuple[tuple[int, ...], ...]
    area_weights: tuple[int, ...]
    cut_points: tuple[Fraction, ...]
    coverage_min: Fraction

    @classmethod
    def of(cls, protocol: Protocol) -> RatingRules:
        """Return the rules of `protocol`."""
        weights = iter(whole_weights(question.weight for question in protocol.questions()))
        return cls(
            protocol,
            tuple(tuple(islice(weights, len(area.questions))) for area in protocol.areas),
            whole_weights(area.weight for area in protocol.areas),
            tuple(Fraction(cut) for cut in protocol.rules.cut_points),
            Fraction(protocol.rules.coverage_min),
        )


def whole_weights(weights: Iterable[Decimal]) -> tuple[int, ...]:
    """Return weights scaled to whole numbers by their common denominator, ratios unchanged."""
    exact = [Fraction(weight) for weight in weights]
    scale = lcm(*(weight.denominator for weight in exact))
    return tuple(int(weight * scale) for weight in exact)


def level_at(score: Fraction, cut_points: Sequence[Fraction]) -> int:
    """Return 1 plus the number of cut points at or below the exact score."""
    # Cross-multiplied: comparing fractions as objects is what takes the time in a large round.
    top, bottom = score.numerator, score.denominator
    return 1 + sum(cut.numerator * bottom <= top * cut.denominator for cut in cut_points)


def area_result(
    rules: RatingRules, area: Area, weights: Sequence[int], results: Sequence[QuestionResult]
) -> Result:
    """Return an area's result from its questions' results, in the area's question order."""
    coverage = coverage_of(weights, results)
    if coverage is None:
        return Result(NOT_APPLICABLE, reasons=("nothing_applicable",))
    flags = ("single_assessor",) if any(question.single for question in results) else ()
    reasons = _reasons(area, results, coverage, rules.coverage_min)
    if reasons:
        return Result(NOT_RATED, reasons, coverage=coverage, flags=flags)
    score = weighted_mean(
        (weight, question.total, question.n)
        for weight, question in zip(weights, results, strict=True)
        if question.status == SCORED
    )
    arithmetic = level_at(score, rules.cut_points)
    gate = rules.protocol.rules.area_gate
    level, gates = apply_area_gate(arithmetic, area.questions, results, gate)
    return Result(RATED, (), score, arithmetic, level, coverage, gates, flags)


def weighted_mean(terms: Iterable[tuple[int, int, int]]) -> Fraction:
    """Return the exact mean of values `top / bottom`, given as (weight, top, bottom)."""
    # Whole numbers over a common denominator: one fraction a mean, not one a term.
    sums: dict[int, int] = {}
    weights = 0
    for weight, top, bottom in terms:
        weights += weight
        sums[bottom] = sums.get(bottom, 0) + weight * top
    common = lcm(*sums)
    return Fraction(sum(top * (common // bottom) for bottom, top in sums.items()), common * weights)


def _reasons(
    area: Area, results: Sequence[QuestionResult], coverage: Fraction, minimum: Fraction
) -> tuple[str, ...]:
    reasons = ["coverage_below_minimum"] if coverage < minimum else []
    reasons += [
        f"key_question_not_rated:{question.id}"
        for question, result in zip(area.questions, results, strict=True)
        if question.key and result.status == NOT_RATED
    ]
    # Nothing scored leaves no score to show, whatever minimum a protocol sets.
    if not coverage and not reasons:
        reasons.append("coverage_below_minimum")
    return tuple(reasons)


def overall_result(
    rules: RatingRules, areas: Mapping[str, Result], coverage: Fraction | None
) -> Result:
    """Return the facility's result from its areas' results, keyed by area id in protocol order.

    `coverage` is that of all the protocol's applicable questions together, for information: the
    minimum is applied area by area.
    """
    left_out = tuple(
        f"area_not_applicable:{id_}" for id_, area in areas.items() if area.status == NOT_APPLICABLE
    )
    reasons = tuple(
        f"area_not_rated:{id_}" for id_, area in areas.items() if area.status == NOT_RATED
    )
    if not reasons and len(left_out) == len(areas):
        reasons = ("nothing_applicable",)
    if reasons:
        return Result(NOT_RATED, reasons, coverage=coverage, flags=left_out)
    score = weighted_mean(
        (weight, area.score.numerator, area.score.denominator)
        for weight, area in zip(rules.area_weights, areas.values(), strict=True)
        if area.score is not None
    )
    arithmetic = level_at(score, rules.cut_points)
    levels = {id_: area.level for id_, area in areas.items() if area.level is not None}
    gate = rules.protocol.rules.overall_gate
    level, gates = apply_overall_gate(arithmetic, levels, gate)
    return Result(RATED, (), score, arithmetic, level, coverage, gates, left_out)


def coverage_of(weights: Iterable[int], results: Iterable[QuestionResult]) -> Fraction | None:
    """Return the weight of scored questions over that of applicable ones, None if none is."""
    applicable = scored = 0
    for weight, result in zip(weights, results, strict=True):
        if result.status != NOT_APPLICABLE:
            applicable += weight
            if result.status == SCORED:
                scored += weight
    return Fraction(scored, applicable) if applicable else None
