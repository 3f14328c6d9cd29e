"""What a rating is: results for questions, areas and the facility, exact to the last fraction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

METHOD_ID = "openqmm-transparent"
METHOD_VERSION = "1.0"

Status = Literal["scored", "rated", "not_rated", "not_applicable"]

SCORED: Status = "scored"
RATED: Status = "rated"
NOT_RATED: Status = "not_rated"
NOT_APPLICABLE: Status = "not_applicable"


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question's outcome at one facility.

    `total` / `n` is the exact score when scored: the sum of the numeric marks that count and their
    number (a consensus counts alone). `marked` says that somebody gave any mark at all;
    `single` that fewer assessors than the protocol asks for stand behind it.
    """

    status: Status
    total: int
    n: int
    source: Literal["mean", "consensus"]
    marked: bool
    single: bool

    @property
    def score(self) -> Fraction | None:
        """The exact score from 1 to 5, or None when the question was not scored."""
        return Fraction(self.total, self.n) if self.status == SCORED else None


@dataclass(frozen=True, slots=True)
class GateApplication:
    """A gate that lowered a level: which rule, from and to which level, and what caused it
    (the lowest-scored key question, or the lowest area; ties in protocol order)."""

    rule: Literal["area", "overall"]
    from_level: int
    to_level: int
    cause: str


@dataclass(frozen=True, slots=True)
class Result:
    """The outcome for an area or for the facility as a whole.

    `score`, `arithmetic_level` and `level` are None unless rated; `coverage` is in 0-1, None where
    no question applies. `reasons` and `flags` are codes, listed in the method's reference.
    """

    status: Status
    reasons: tuple[str, ...] = ()
    score: Fraction | None = None
    arithmetic_level: int | None = None
    level: int | None = None
    coverage: Fraction | None = None
    gates: tuple[GateApplication, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FacilityRating:
    """Everything the method says of one facility; mappings keep protocol order."""

    facility_id: str
    facility_type: str | None
    overall: Result
    areas: Mapping[str, Result]
    questions: Mapping[str, QuestionResult]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ratings:
    """The ratings of a set of facilities under one protocol, sorted by facility id."""

    protocol_id: str
    protocol_version: str
    protocol_digest: str
    inputs_digest: str
    facilities: tuple[FacilityRating, ...]
