"""Ratings as they are written down: the published JSON, its numbers as exact text."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Any

import orjson

from openqmm.core.ratings.model import (
    METHOD_ID,
    METHOD_VERSION,
    FacilityRating,
    QuestionResult,
    Ratings,
    Result,
)

FORMAT = "openqmm-ratings/1"

Document = dict[str, Any]


def shown_score(score: Fraction) -> str:
    """Return the score as people see it: one decimal, half up from the exact value."""
    # In whole numbers throughout: a tie is a tie whatever the denominator.
    tenths = (20 * score.numerator + score.denominator) // (2 * score.denominator)
    return f"{tenths // 10}.{tenths % 10}"


@lru_cache(maxsize=100_000)
def _six_places(value: Fraction) -> str:
    """Return a value of 0 or more with six decimals, half-even from the exact value."""
    millionths = round(value * 1_000_000)
    return f"{millionths // 1_000_000}.{millionths % 1_000_000:06}"


def _exact_text(value: Fraction) -> str:
    return f"{value.numerator}/{value.denominator}"


def result_document(result: Result) -> Document:
    """Return an area's or the overall result as plain data."""
    score, coverage = result.score, result.coverage
    return {
        "status": result.status,
        "reasons": list(result.reasons),
        "score": None if score is None else _six_places(score),
        "score_exact": None if score is None else _exact_text(score),
        "arithmetic_level": result.arithmetic_level,
        "level": result.level,
        "coverage": None if coverage is None else _six_places(coverage),
        "gates": [
            {
                "rule": gate.rule,
                "from": gate.from_level,
                "to": gate.to_level,
                "cause": gate.cause,
            }
            for gate in result.gates
        ],
        "flags": list(result.flags),
    }


@lru_cache(maxsize=10_000)
def _question_document(result: QuestionResult) -> Document:
    score = result.score
    return {
        "status": result.status,
        "score_exact": None if score is None else _exact_text(score),
        "from": result.source,
    }


def facility_document(rating: FacilityRating) -> Document:
    """Return one facility's rating as plain data."""
    return {
        "facility_id": rating.facility_id,
        "facility_type": rating.facility_type,
        "overall": result_document(rating.overall),
        "areas": {id_: result_document(area) for id_, area in rating.areas.items()},
        "questions": {id_: _question_document(q) for id_, q in rating.questions.items()},
        "warnings": list(rating.warnings),
    }


def header_document(ratings: Ratings) -> Document:
    """Return what the ratings were computed by and from: format, inputs, method, protocol."""
    return {
        "format": FORMAT,
        "inputs_digest": ratings.inputs_digest,
        "method": {"id": METHOD_ID, "version": METHOD_VERSION},
        "protocol": {
            "digest": ratings.protocol_digest,
            "id": ratings.protocol_id,
            "version": ratings.protocol_version,
        },
    }


def ratings_json(ratings: Ratings) -> Iterator[bytes]:
    """Yield `ratings.json` piece by piece, a facility a line, every key sorted.

    The same input rows in any order give the same bytes.
    """
    # "facilities" sorts before every key of the header.
    yield b'{"facilities":[\n'
    last = len(ratings.facilities) - 1
    for i, rating in enumerate(ratings.facilities):
        yield _sorted_json(facility_document(rating)) + (b"\n" if i == last else b",\n")
    yield b"]," + _sorted_json(header_document(ratings))[1:] + b"\n"


def _sorted_json(document: Document) -> bytes:
    return orjson.dumps(document, option=orjson.OPT_SORT_KEYS)
