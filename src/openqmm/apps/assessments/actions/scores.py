"""Blind marks: saved as they are given, one by one or a workbook at once, and finished."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction

from openqmm.apps.assessments import policies, queries
from openqmm.apps.assessments.actions.rules import require, require_role
from openqmm.apps.assessments.models import MARKS, Assessment, Score, TeamMember
from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.actions import OpenEvent
from openqmm.core.errors import InvalidScores, NotPermitted, Problem
from openqmm.core.protocols.model import EVIDENCE_TYPES
from openqmm.core.workflow import Actor
from openqmm.web import clock

KNOWN_MARKS = frozenset({"", *(mark for mark, _ in MARKS)})


@dataclass(frozen=True, slots=True)
class ScoreEntry:
    """One assessor's mark for one question as it is handed in.

    `version` is the version it was made from, 0 for the first; `assessor_id`, where it is said, who
    made it, so that a page or workbook left behind is not saved as somebody else's. A blank mark,
    or one without its rationale or evidence, is kept and counts as unfinished.
    """

    question_id: str
    mark: str = ""
    rationale: str = ""
    evidence_types: Sequence[str] = ()
    version: int = 0
    assessor_id: UUID | None = None


def record_score(*, by: Actor, assessment_id: Any, entry: ScoreEntry) -> Score:
    """Save the actor's own mark for one question, finished or not; event `score.recorded` on the
    score, on the contractor's trail. Only an assessor of the team, declared, while the assessment
    is scoring and they have not finished (TransitionRefused; NotFound for anybody else). A change
    made on an older version is refused and nothing overwritten; the same content again changes
    nothing. InvalidScores names a question that is not asked and a word that is not known."""
    require_role(by, queries.SCORING_ROLES, "score")
    _require_own(by, [entry])
    score_id = _score_id(assessment_id, by.person_id, entry.question_id)
    # The event is opened before anything is read, so that what is read is locked and stays true.
    with audit.event(
        by=by,
        what="score.recorded",
        on=Score(pk=score_id),
        sentence=f"scored {entry.question_id}",
    ) as opened:
        assessment = _open_for_scoring(by, assessment_id)
        _require_sound(assessment, [entry])
        stored = Score.objects.filter(pk=score_id).first()
        if stored is not None and _same(stored, entry):
            # A save repeated after a lost answer is not an event.
            transaction.set_rollback(True)
            return stored
        return _save(opened, by, assessment, stored, entry)


def import_scores(*, by: Actor, assessment_id: Any, rows: Sequence[ScoreEntry]) -> int:
    """Save many of the actor's own marks at once under the rules of `record_score`, and return how
    many were new or changed; one event, `score.imported`, on the assessment. InvalidScores lists
    every fault of the rows together; with one fault or stale version nothing is saved."""
    require_role(by, queries.SCORING_ROLES, "score")
    _require_own(by, rows)
    seen = queries.opened_to(by, assessment_id)
    with audit.event(
        by=by,
        what="score.imported",
        on=seen,
        sentence=f"entered {len(rows)} scores together",
    ) as opened:
        assessment = _open_for_scoring(by, assessment_id)
        _require_sound(assessment, rows)
        own = {s.question_id: s for s in assessment.scores.filter(assessor=by.person_id)}
        changed = [
            row
            for row in rows
            if row.question_id not in own or not _same(own[row.question_id], row)
        ]
        for row in changed:
            stored = own.get(row.question_id)
            known = stored.version if stored else 0
            require(policies.version_refusal(row.question_id, known, row.version))
        fresh = [row for row in changed if row.question_id not in own]
        opened.create_many([_new(by, assessment, row) for row in fresh])
        for row in changed:
            if row.question_id in own:
                _save(opened, by, assessment, own[row.question_id], row)
        return len(changed)


def finish_scoring(*, by: Actor, assessment_id: Any) -> TeamMember:
    """Declare the actor's own scoring finished and lock their marks; event
    `assessment.scoring_finished`. Refused (TransitionRefused) while a question lacks its mark,
    rationale or evidence; the refusal lists them all."""
    require_role(by, queries.SCORING_ROLES, "finish scoring")
    seen = queries.opened_to(by, assessment_id)
    with audit.event(
        by=by,
        what="assessment.scoring_finished",
        on=seen,
        sentence="finished scoring",
    ) as opened:
        assessment = _open_for_scoring(by, assessment_id)
        require(policies.finish_refusal(queries.unfinished_scores(by, assessment)))
        member = assessment.team.get(person=by.person_id)
        return opened.update(member, finished_at=clock.now())


def _require_own(by: Actor, rows: Sequence[ScoreEntry]) -> None:
    for row in rows:
        refusal = policies.author_refusal(by.person_id, row.assessor_id)
        if refusal:
            raise NotPermitted(refusal)


def _open_for_scoring(by: Actor, assessment_id: Any) -> Assessment:
    assessment = queries.locked(by, assessment_id)
    require(policies.scoring_refusal(assessment))
    return assessment


def _require_sound(assessment: Assessment, rows: Sequence[ScoreEntry]) -> None:
    asked = {question.id for question in queries.asked_questions(assessment)}
    seen: set[str] = set()
    problems = []
    for line, row in enumerate(rows, start=1):
        problems += [Problem(message, line) for message in _faults(row, asked, seen)]
        seen.add(row.question_id)
    if problems:
        raise InvalidScores("The scores", problems)


def _faults(row: ScoreEntry, asked: set[str], seen: set[str]) -> list[str]:
    found = []
    if row.question_id not in asked:
        found.append(f"{row.question_id} is not asked of this facility.")
    if row.question_id in seen:
        found.append(f"{row.question_id} is given twice; keep one of the two.")
    if row.mark not in KNOWN_MARKS:
        found.append(f"{row.question_id} has the mark {row.mark!r}; expected 1 to 5, NR or NA.")
    found += [
        f"{row.question_id} names the evidence {kind!r}; expected {', '.join(EVIDENCE_TYPES)}."
        for kind in row.evidence_types
        if kind not in EVIDENCE_TYPES
    ]
    return found


def _score_id(assessment_id: Any, person_id: UUID | None, question_id: str) -> UUID:
    # Known before it is stored: a first save sent twice meets itself instead of a second row.
    return uuid5(UUID(str(assessment_id)), f"{person_id}/{question_id}")


def _new(by: Actor, assessment: Assessment, entry: ScoreEntry) -> Score:
    return Score(
        pk=_score_id(assessment.pk, by.person_id, entry.question_id),
        assessment=assessment,
        assessor_id=by.person_id,
        question_id=entry.question_id,
        **_content(entry),
    )


def _save(
    opened: OpenEvent, by: Actor, assessment: Assessment, stored: Score | None, entry: ScoreEntry
) -> Score:
    version = stored.version if stored else 0
    require(policies.version_refusal(entry.question_id, version, entry.version))
    if stored is None:
        return opened.create(_new(by, assessment, entry))
    return opened.update(stored, **_content(entry))


def _content(entry: ScoreEntry) -> dict[str, Any]:
    evidence = [kind for kind in EVIDENCE_TYPES if kind in entry.evidence_types]
    return {
        "mark": entry.mark,
        "rationale": entry.rationale.strip(),
        "evidence_types": evidence,
        "complete": not queries.lacking(entry.mark, entry.rationale, evidence),
        "scored_at": clock.now(),
    }


def _same(stored: Score, entry: ScoreEntry) -> bool:
    return (
        stored.mark == entry.mark
        and stored.rationale == entry.rationale.strip()
        and set(stored.evidence_types) == set(entry.evidence_types)
    )
