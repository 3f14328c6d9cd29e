"""Ratings: from assessors' scores to levels, with every number's working shown."""

from openqmm.core.ratings.calculation import (
    Calculation,
    Term,
    area_calculation,
    overall_calculation,
)
from openqmm.core.ratings.document import (
    facility_document,
    header_document,
    ratings_json,
    result_document,
    shown_score,
)
from openqmm.core.ratings.model import (
    METHOD_ID,
    METHOD_VERSION,
    FacilityRating,
    GateApplication,
    QuestionResult,
    Ratings,
    Result,
)
from openqmm.core.ratings.rating import rate
from openqmm.core.ratings.scores import ScoreRow, Scores

__all__ = [
    "METHOD_ID",
    "METHOD_VERSION",
    "Calculation",
    "FacilityRating",
    "GateApplication",
    "QuestionResult",
    "Ratings",
    "Result",
    "ScoreRow",
    "Scores",
    "Term",
    "area_calculation",
    "facility_document",
    "header_document",
    "overall_calculation",
    "rate",
    "ratings_json",
    "result_document",
    "shown_score",
]
