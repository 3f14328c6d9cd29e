"""The scoring page: one question, the assessor's own mark, and the way through the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openqmm.apps.assessments.models import Assessment, Score
from openqmm.apps.assessments.queries.agreement import lacking
from openqmm.apps.assessments.queries.scope import SCORING_ROLES, opened_to
from openqmm.apps.assessments.queries.visibility import scores_visible_to
from openqmm.apps.protocols.queries import protocol_of
from openqmm.core.errors import NotFound
from openqmm.core.protocols import Area, Protocol, Question
from openqmm.core.workflow import Actor


@dataclass(frozen=True, slots=True)
class QuestionLink:
    """A question in the list at the left, with the assessor's own mark."""

    id: str
    topic: str
    key: bool
    asked: bool
    mark: str
    begun: bool
    complete: bool
    here: bool


@dataclass(frozen=True, slots=True)
class AreaProgress:
    """An area of the list, with how many of its questions are finished."""

    id: str
    title: str
    links: tuple[QuestionLink, ...]
    done: int
    of: int
    here: bool


@dataclass(frozen=True, slots=True)
class Anchor:
    """One level of the rubric as the page offers it."""

    level: int
    name: str
    text: str
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoringPage:
    """Everything the page shows; only the actor's own marks are in it."""

    assessment: Assessment
    area: Area
    element: str
    question: Question
    asked: bool
    score: Score | None
    lacks: tuple[str, ...]
    anchors: tuple[Anchor, ...]
    areas: tuple[AreaProgress, ...]
    previous: str | None
    next: str | None
    done: int
    of: int


def asked_questions(assessment: Assessment) -> list[Question]:
    """Return the questions asked of the assessed facility's type, in protocol order."""
    kind = assessment.application.facility.facility_type
    protocol = protocol_of(assessment.application.round.protocol)
    return [question for question in protocol.questions() if kind in question.applies_to]


def scoring_page(by: Actor, assessment_id: Any, question_id: str) -> ScoringPage:
    """Return a question of an assessment the actor scores on (NotFound for anybody else)."""
    assessment = _scored_by(by, assessment_id)
    protocol = protocol_of(assessment.application.round.protocol)
    question = protocol.question(question_id)
    area = protocol.area_of(question_id)
    own = {
        score.question_id: score
        for score in scores_visible_to(by, assessment)
        if score.assessor_id == by.person_id
    }
    asked = asked_questions(assessment)
    areas = _progress(protocol, asked, own, question_id)
    score = own.get(question_id)
    before, after = _neighbours([q.id for q in protocol.questions()], asked, question_id)
    return ScoringPage(
        assessment=assessment,
        area=area,
        element=next((e.title for e in area.elements if e.id == question.element), ""),
        question=question,
        asked=any(q.id == question_id for q in asked),
        score=score,
        lacks=lacking(score.mark, score.rationale, score.evidence_types) if score else (),
        anchors=_anchors(protocol, question),
        areas=areas,
        previous=before,
        next=after,
        done=sum(part.done for part in areas),
        of=len(asked),
    )


def first_to_score(by: Actor, assessment_id: Any) -> str:
    """Return the id of the first question the actor has not finished, or of the first."""
    assessment = _scored_by(by, assessment_id)
    finished = set(
        scores_visible_to(by, assessment)
        .filter(assessor=by.person_id, complete=True)
        .values_list("question_id", flat=True)
    )
    asked = [question.id for question in asked_questions(assessment)]
    return next((id_ for id_ in asked if id_ not in finished), asked[0])


def own_score(by: Actor, assessment_id: Any, question_id: str) -> Score | None:
    """Return the actor's own score for a question, if there is one."""
    assessment = _scored_by(by, assessment_id)
    own = scores_visible_to(by, assessment).filter(assessor=by.person_id)
    return own.filter(question_id=question_id).first()


def _scored_by(by: Actor, assessment_id: Any) -> Assessment:
    assessment = opened_to(by, assessment_id)
    if by.role not in SCORING_ROLES:
        raise NotFound("There is no such page.")
    return assessment


def _progress(
    protocol: Protocol, asked: list[Question], own: dict[str, Score], here: str
) -> tuple[AreaProgress, ...]:
    applicable = {question.id for question in asked}
    areas = []
    for area in protocol.areas:
        links = tuple(
            _link(question, own.get(question.id), question.id in applicable, here)
            for question in area.questions
        )
        areas.append(
            AreaProgress(
                area.id,
                area.title,
                links,
                done=sum(link.complete and link.asked for link in links),
                of=sum(link.asked for link in links),
                here=any(link.here for link in links),
            )
        )
    return tuple(areas)


def _link(question: Question, score: Score | None, asked: bool, here: str) -> QuestionLink:
    return QuestionLink(
        question.id,
        question.topic,
        question.key,
        asked,
        mark=score.mark if score else "",
        begun=score is not None,
        complete=score is not None and score.complete,
        here=question.id == here,
    )


def _anchors(protocol: Protocol, question: Question) -> tuple[Anchor, ...]:
    return tuple(
        Anchor(level, protocol.level_name(level), text, question.criteria.get(level, ()))
        for level, text in sorted(question.levels.items())
    )


def _neighbours(
    order: list[str], asked: list[Question], here: str
) -> tuple[str | None, str | None]:
    place = order.index(here)
    applicable = {question.id for question in asked}
    before = [id_ for id_ in order[:place] if id_ in applicable]
    after = [id_ for id_ in order[place + 1 :] if id_ in applicable]
    return (before[-1] if before else None), (after[0] if after else None)
