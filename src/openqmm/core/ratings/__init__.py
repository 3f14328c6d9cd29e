"""Ratings: from assessors' scores to levels, with every number's working shown."""

from openqmm.core.ratings.bundle import (
    Bundle,
    Check,
    Verdict,
    read_bundle,
    recompute,
    seal_bundle,
)
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
from openqmm.core.ratings.outlook import AreaStep, NextLevel, next_level
from openqmm.core.ratings.rating import rate
from openqmm.core.ratings.scores import ScoreRow, Scores

__all__ = [
    "METHOD_ID",
    "METHOD_VERSION",
    "AreaStep",
    "Bundle",
    "Calculation",
    "Check",
    "FacilityRating",
    "GateApplication",
    "NextLevel",
    "QuestionResult",
    "Ratings",
    "Result",
    "ScoreRow",
    "Scores",
    "Term",
    "Verdict",
    "area_calculation",
    "facility_document",
    "header_document",
    "next_level",
    "overall_calculation",
    "rate",
    "ratings_json",
    "read_bundle",
    "recompute",
    "result_document",
    "seal_bundle",
    "shown_score",
]
