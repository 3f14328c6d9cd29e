"""The consensus matrix: questions by assessors, disagreement first, and what is left to decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openqmm.apps.assessments.models import Assessment, Consensus, Score
from openqmm.apps.assessments.queries.agreement import (
    NUMERIC,
    Agreement,
    agreement_of,
    disagrees,
    spread_of,
)
from openqmm.apps.assessments.queries.scope import opened_to
from openqmm.apps.assessments.queries.scoring import asked_questions
from openqmm.apps.assessments.queries.visibility import (
    REVEALED,
    decisions_visible_to,
    scores_visible_to,
)
from openqmm.apps.protocols.queries import protocol_of
from openqmm.core.errors import NotFound
from openqmm.core.protocols import Question
from openqmm.core.workflow import Actor, Role


@dataclass(frozen=True, slots=True)
class Cell:
    """One assessor's blind mark; `level` is what the level bar draws (None for not rated)."""

    assessor: str
    mark: str
    level: int | str | None
    rationale: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One question with its marks and the team's decision, if there is one."""

    question: Question
    area: str
    cells: tuple[Cell, ...]
    spread: int
    disagrees: bool
    mean: str
    decision: Consensus | None
    decision_level: int | str | None

    @property
    def open(self) -> bool:
        """Whether the team must still decide."""
        return self.disagrees and self.decision is None


@dataclass(frozen=True, slots=True)
class ConsensusPage:
    """The matrix as the actor sees it; `rows` are those the filter shows."""

    assessment: Assessment
    assessors: tuple[str, ...]
    rows: tuple[MatrixRow, ...]
    show: str
    questions: int
    disagreements: int
    undecided: int
    agreement: Agreement
    may_decide: bool


def consensus_page(by: Actor, assessment_id: Any, show: str = "all") -> ConsensusPage:
    """Return the matrix of an assessment whose marks the actor may see (NotFound until then)."""
    assessment = opened_to(by, assessment_id)
    team = by.role in (Role.LEAD_ASSESSOR, Role.ASSESSOR, Role.OBSERVER)
    rated = by.role is Role.PROGRAM_ADMINISTRATOR and assessment.state == "rated"
    if not rated and not (team and assessment.state in REVEALED):
        raise NotFound("There is no such page.")
    marks = list(scores_visible_to(by, assessment).select_related("assessor"))
    found = decisions_visible_to(by, assessment).select_related("decided_by")
    decisions = {decision.question_id: decision for decision in found}
    assessors = {score.assessor_id: score.assessor.full_name for score in marks}
    named = dict(sorted(assessors.items(), key=lambda item: item[1]))
    rows = _rows(assessment, marks, decisions, named)
    shown = [row for row in rows if show != "disagreements" or row.disagrees]
    return ConsensusPage(
        assessment=assessment,
        assessors=tuple(named.values()),
        rows=tuple(sorted(shown, key=lambda row: (not row.disagrees, -row.spread))),
        show=show,
        questions=len(rows),
        disagreements=sum(row.disagrees for row in rows),
        undecided=sum(row.open for row in rows),
        agreement=agreement_of([cell.mark for cell in row.cells if cell.mark] for row in rows),
        may_decide=by.role is Role.LEAD_ASSESSOR and assessment.state == "consensus",
    )


def undecided_questions(assessment: Assessment) -> list[str]:
    """Return the ids of questions that need a decision of the team and have none."""
    decided = set(assessment.consensus.values_list("question_id", flat=True))
    return [
        id_
        for id_, marks in _marks_by_question(assessment).items()
        if id_ not in decided and disagrees(marks)
    ]


def _marks_by_question(assessment: Assessment) -> dict[str, list[str]]:
    marks: dict[str, list[str]] = {q.id: [] for q in asked_questions(assessment)}
    for id_, mark in assessment.scores.exclude(mark="").values_list("question_id", "mark"):
        marks.setdefault(id_, []).append(mark)
    return marks


def _rows(
    assessment: Assessment,
    marks: list[Score],
    decisions: Mapping[str, Consensus],
    assessors: Mapping[UUID, str],
) -> list[MatrixRow]:
    given = {(score.question_id, score.assessor_id): score for score in marks}
    areas = {
        question.id: area.title
        for area in protocol_of(assessment.application.round.protocol).areas
        for question in area.questions
    }
    rows = []
    for question in asked_questions(assessment):
        cells = tuple(_cell(name, given.get((question.id, id_))) for id_, name in assessors.items())
        rows.append(_row(question, areas[question.id], cells, decisions.get(question.id)))
    return rows


def _row(
    question: Question, area: str, cells: tuple[Cell, ...], decision: Consensus | None
) -> MatrixRow:
    marks = [cell.mark for cell in cells if cell.mark]
    levels = [int(mark) for mark in marks if mark in NUMERIC]
    return MatrixRow(
        question,
        area,
        cells,
        spread=spread_of(marks),
        disagrees=disagrees(marks),
        mean=f"{sum(levels) / len(levels):.2f}" if levels else "",
        decision=decision,
        decision_level=_level(decision.mark) if decision else None,
    )


def _cell(assessor: str, score: Score | None) -> Cell:
    if score is None:
        return Cell(assessor, "", None, "", ())
    evidence = tuple(score.evidence_types)
    return Cell(assessor, score.mark, _level(score.mark), score.rationale, evidence)


def _level(mark: str) -> int | str | None:
    """Return what the level bar draws for a mark."""
    if mark in NUMERIC:
        return int(mark)
    return "not_applicable" if mark == "NA" else None
