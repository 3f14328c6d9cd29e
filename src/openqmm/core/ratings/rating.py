"""The one place where a rating is computed: every page, file and record shows its output."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, islice

from openqmm.core.errors import InvalidScores, Problem
from openqmm.core.protocols import Protocol
from openqmm.core.ratings.aggregation import RatingRules, area_result, coverage_of, overall_result
from openqmm.core.ratings.base_score import question_results
from openqmm.core.ratings.model import FacilityRating, QuestionResult, Ratings
from openqmm.core.ratings.scores import Scores


def rate(protocol: Protocol, scores: Scores) -> Ratings:
    """Return the transparent rating of every facility that has a score.

    Parameters
    ----------
    protocol : the sealed protocol the scores were given under.
    scores : checked marks of any number of facilities; their order does not matter.

    Returns
    -------
    Ratings
        One `FacilityRating` per facility, sorted by id, all numbers exact.

    Raises
    ------
    InvalidScores
        A score is for a question the protocol does not ask.

    References
    ----------
    Rating method 1.0, sections 1-3 (docs/explanation/rating-method.md).
    """
    asked = {question.id for question in protocol.questions()}
    unknown = [question for question in scores.questions if question not in asked]
    if unknown:
        faults = [Problem(f"{protocol.id} does not ask question {id_}.") for id_ in unknown]
        raise InvalidScores("The scores", faults)
    rules = RatingRules.of(protocol)
    facilities = zip(
        scores.facilities, scores.facility_types, question_results(protocol, scores), strict=True
    )
    return Ratings(
        protocol_id=protocol.id,
        protocol_version=protocol.version,
        protocol_digest=protocol.digest,
        inputs_digest=scores.digest(),
        facilities=tuple(
            _facility_rating(rules, facility_id, kind, results)
            for facility_id, kind, results in facilities
        ),
    )


def _facility_rating(
    rules: RatingRules, facility_id: str, kind: str | None, results: Sequence[QuestionResult]
) -> FacilityRating:
    protocol = rules.protocol
    left = iter(results)
    areas = {
        area.id: area_result(rules, area, weights, list(islice(left, len(weights))))
        for area, weights in zip(protocol.areas, rules.question_weights, strict=True)
    }
    questions = dict(zip((q.id for q in protocol.questions()), results, strict=True))
    coverage = coverage_of(chain.from_iterable(rules.question_weights), results)
    return FacilityRating(
        facility_id=facility_id,
        facility_type=kind,
        overall=overall_result(rules, areas, coverage),
        areas=areas,
        questions=questions,
        warnings=_warnings(protocol, kind, questions),
    )


def _warnings(
    protocol: Protocol, kind: str | None, results: dict[str, QuestionResult]
) -> tuple[str, ...]:
    if kind is None:
        return ()
    return tuple(
        f"marked_but_not_for_{kind}:{question.id}"
        for question in protocol.questions()
        if kind not in question.applies_to and results[question.id].marked
    )
