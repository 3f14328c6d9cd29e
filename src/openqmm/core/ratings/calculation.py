"""The worked calculation behind a number: its terms, weights and sums, for a reader to redo."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from openqmm.core.protocols import Protocol
from openqmm.core.ratings.model import FacilityRating, Status


@dataclass(frozen=True, slots=True)
class Term:
    """One line of a weighted mean; `score` is None where the line does not count, `why` says so.

    `marks` is what a question's own mean was taken of: (sum of marks, number of marks).
    """

    id: str
    title: str
    weight: Fraction
    score: Fraction | None
    status: Status
    marks: tuple[int, int] | None = None

    @property
    def product(self) -> Fraction | None:
        """Weight times score, the line's part of the sum."""
        return None if self.score is None else self.weight * self.score


@dataclass(frozen=True, slots=True)
class Calculation:
    """A weighted mean written out: score = `weighted_sum` / `weight_sum`."""

    terms: tuple[Term, ...]

    @property
    def weighted_sum(self) -> Fraction:
        """The sum of weight times score over the terms that count."""
        return sum((term.product for term in self.terms if term.product is not None), Fraction())

    @property
    def weight_sum(self) -> Fraction:
        """The sum of the weights of the terms that count."""
        return sum((term.weight for term in self.terms if term.score is not None), Fraction())

    @property
    def score(self) -> Fraction | None:
        """The mean, or None when no term counts."""
        return self.weighted_sum / self.weight_sum if self.weight_sum else None


def area_calculation(protocol: Protocol, rating: FacilityRating, area_id: str) -> Calculation:
    """Return the calculation of an area's score from its questions, in protocol order."""
    area = next(area for area in protocol.areas if area.id == area_id)
    terms = []
    for question in area.questions:
        result = rating.questions[question.id]
        marks = (result.total, result.n) if result.score is not None else None
        weight = Fraction(question.weight)
        terms.append(Term(question.id, question.text, weight, result.score, result.status, marks))
    return Calculation(tuple(terms))


def overall_calculation(protocol: Protocol, rating: FacilityRating) -> Calculation:
    """Return the calculation of the overall score from its areas, in protocol order."""
    return Calculation(
        tuple(
            Term(
                area.id,
                area.title,
                Fraction(area.weight),
                rating.areas[area.id].score,
                rating.areas[area.id].status,
            )
            for area in protocol.areas
        )
    )
