"""From marks to question results: the mean, the consensus, and what counts as not rated.

Rating method, section 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from openqmm.core.protocols import Protocol, Rules
from openqmm.core.ratings.model import NOT_APPLICABLE, NOT_RATED, SCORED, QuestionResult, Status
from openqmm.core.ratings.scores import NA, NR, ROLES, IntArray, Scores

_NO_CONSENSUS = -2
_CONSENSUS = ROLES.index("consensus")


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts behind one question at one facility.

    n, total : numeric marks by assessors and their sum; not_applicable, given : NA marks, all
    marks; consensus : 1..5, NR (0), NA (-1) or -2 for none; excluded : 1 when the question does
    not apply to the facility's type, else 0.
    """

    n: int
    total: int
    not_applicable: int
    given: int
    consensus: int
    excluded: int


def question_results(protocol: Protocol, scores: Scores) -> list[list[QuestionResult]]:
    """Return each facility's question results, in protocol order.

    Facilities share equal results: there are far fewer different tallies than cells, and one
    look-up a cell is what keeps ten thousand facilities within seconds.
    """
    columns = _tally_columns(protocol, scores)
    different, cells = _different_rows(columns)
    results = [question_result(Tally(*row), protocol) for row in different.tolist()]
    asked = sum(1 for _ in protocol.questions())
    table: list[list[int]] = cells.reshape(len(scores.facilities), asked).tolist()
    return [[results[cell] for cell in row] for row in table]


def question_result(tally: Tally, protocol: Protocol) -> QuestionResult:
    """Return the outcome of one question from its tally."""
    given = tally.consensus != _NO_CONSENSUS
    decided = given and not tally.excluded
    status, total, n = _outcome(tally, protocol.rules)
    return QuestionResult(
        status=status,
        total=total,
        n=n,
        source="consensus" if decided else "mean",
        marked=given or tally.given > 0,
        single=status == SCORED and not decided and n < protocol.rules.min_assessors,
    )


def _outcome(tally: Tally, rules: Rules) -> tuple[Status, int, int]:
    """Return status, sum and number of the marks that count, by the first rule that applies."""
    if tally.excluded or tally.consensus == NA:
        return NOT_APPLICABLE, 0, 0
    if tally.consensus == NR:
        return NOT_RATED, 0, 0
    if tally.consensus > 0:
        return SCORED, tally.consensus, 1
    if tally.n == 0:
        mostly_na = tally.given > 0 and 2 * tally.not_applicable >= tally.given
        return (NOT_APPLICABLE if mostly_na else NOT_RATED), 0, 0
    if tally.n < rules.min_assessors and rules.single_assessor == "not_rated":
        return NOT_RATED, 0, 0
    return SCORED, tally.total, tally.n


def _different_rows(columns: Sequence[IntArray]) -> tuple[IntArray, IntArray]:
    """Return the rows without repeats, and for each row which of them it is.

    The columns are packed into one whole number a row: sorting rows whole is ten times slower.
    """
    spans = [int(column.max(initial=0) - column.min(initial=0)) + 1 for column in columns]
    packed = np.zeros(len(columns[0]), dtype=np.int64)
    for column, span in zip(columns, spans, strict=True):
        packed = packed * span + (column - column.min(initial=0))
    _, first, cells = np.unique(packed, return_index=True, return_inverse=True)
    return np.stack([column[first] for column in columns], axis=-1), cells


def _tally_columns(protocol: Protocol, scores: Scores) -> tuple[IntArray, ...]:
    """Return a column per field of Tally, a row per facility and question."""
    asked = [question.id for question in protocol.questions()]
    n_facilities, n_questions = len(scores.facilities), len(asked)
    place = {question_id: i for i, question_id in enumerate(asked)}
    column = np.array([place[q] for q in scores.questions], dtype=np.int64)
    cell = scores.facility * n_questions + column[scores.question]
    size = n_facilities * n_questions
    own = scores.role != _CONSENSUS
    cells, marks = cell[own], scores.mark[own]
    numeric = marks > 0
    consensus = np.full(size, _NO_CONSENSUS, dtype=np.int64)
    consensus[cell[~own]] = scores.mark[~own]
    return (
        np.bincount(cells[numeric], minlength=size),
        np.bincount(cells[numeric], weights=marks[numeric], minlength=size).astype(np.int64),
        np.bincount(cells[marks == NA], minlength=size),
        np.bincount(cells, minlength=size),
        consensus,
        _excluded(protocol, scores.facility_types).ravel(),
    )


def _excluded(protocol: Protocol, types: Sequence[str | None]) -> IntArray:
    applies = [question.applies_to for question in protocol.questions()]
    by_type = {
        kind: [kind is not None and kind not in allowed for allowed in applies]
        for kind in set(types)
    }
    return np.array([by_type[kind] for kind in types], dtype=np.int64).reshape(
        len(types), len(applies)
    )
