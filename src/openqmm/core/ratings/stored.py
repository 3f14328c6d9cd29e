"""A rating read back from what was written down, without being computed again."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from openqmm.core.ratings.model import (
    FacilityRating,
    GateApplication,
    QuestionResult,
    Result,
)

Document = dict[str, Any]


def working_document(rating: FacilityRating) -> Document:
    """Return what the published form leaves out and a worked calculation needs: coverage exactly,
    and for each question the sum of the marks that count, their number, and how it was marked."""
    return {
        "coverage": {
            "overall": _exact(rating.overall.coverage),
            "areas": {id_: _exact(area.coverage) for id_, area in rating.areas.items()},
        },
        "questions": {
            id_: {
                "sum": question.total,
                "marks": question.n,
                "marked": question.marked,
                "single": question.single,
            }
            for id_, question in rating.questions.items()
        },
    }


def facility_rating(result: Document, working: Document) -> FacilityRating:
    """Return the rating that `facility_document` and `working_document` wrote.

    Raises
    ------
    KeyError, TypeError, ValueError
        A part is missing or malformed, or a question's score is not what its marks give.
    """
    coverage, questions = working["coverage"], working["questions"]
    return FacilityRating(
        facility_id=result["facility_id"],
        facility_type=result["facility_type"],
        overall=_result(result["overall"], coverage["overall"]),
        areas={id_: _result(area, coverage["areas"][id_]) for id_, area in result["areas"].items()},
        questions={
            id_: _question(id_, question, questions[id_])
            for id_, question in result["questions"].items()
        },
        warnings=tuple(result["warnings"]),
    )


def _exact(share: Fraction | None) -> str | None:
    return None if share is None else f"{share.numerator}/{share.denominator}"


def _result(document: Document, coverage: str | None) -> Result:
    score = document["score_exact"]
    return Result(
        status=document["status"],
        reasons=tuple(document["reasons"]),
        score=None if score is None else Fraction(score),
        arithmetic_level=document["arithmetic_level"],
        level=document["level"],
        coverage=None if coverage is None else Fraction(coverage),
        gates=tuple(
            GateApplication(gate["rule"], gate["from"], gate["to"], gate["cause"])
            for gate in document["gates"]
        ),
        flags=tuple(document["flags"]),
    )


def _question(id_: str, document: Document, working: Document) -> QuestionResult:
    question = QuestionResult(
        status=document["status"],
        total=working["sum"],
        n=working["marks"],
        source=document["from"],
        marked=working["marked"],
        single=working["single"],
    )
    stated = document["score_exact"]
    if question.score != (None if stated is None else Fraction(stated)):
        raise ValueError(f"{id_} is {stated}, which its marks do not give")
    return question
