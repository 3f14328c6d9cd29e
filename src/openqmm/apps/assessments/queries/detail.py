"""One assessment at a glance: its stage, its team, and what each next step still waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from openqmm.apps.assessments.models import Assessment, TeamMember
from openqmm.apps.assessments.queries.agreement import lacking
from openqmm.apps.assessments.queries.consensus import undecided_questions
from openqmm.apps.assessments.queries.scope import SCORING_ROLES, SITE_ROLES, opened_to
from openqmm.apps.assessments.queries.scoring import asked_questions
from openqmm.apps.assessments.queries.visibility import REPORT_STATES, REVEALED
from openqmm.apps.audit import queries as audit
from openqmm.core.workflow import Actor, Role, in_words

STAGES = (
    ("Preparation", ("planned", "oriented")),
    ("Questionnaire", ("questionnaire_out", "questionnaire_in")),
    ("Visit", ("scheduled", "in_progress", "exit_meeting_held")),
    ("Scoring", ("scoring",)),
    ("Consensus", ("consensus",)),
    ("Report", ("draft_report", "factual_check", "final")),
    ("Rated", ("rated",)),
)

_ORDER = (Role.LEAD_ASSESSOR, Role.ASSESSOR, Role.OBSERVER)


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the track: done, current or todo."""

    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person on the team; `done` of `of` questions are finished, None where that is not said."""

    person_id: UUID
    name: str
    role: Role
    declared_at: datetime | None
    finished_at: datetime | None
    done: int | None
    of: int | None
    me: bool
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the guarded steps look at: who has not declared or finished, what is undecided."""

    scorers: int
    undeclared: tuple[str, ...]
    unfinished: tuple[str, ...]
    undecided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Detail:
    """The assessment's page as the actor may see it."""

    assessment: Assessment
    state: str
    stages: tuple[Stage, ...]
    team: tuple[Member, ...]
    entries: list[audit.Entry]
    readiness: Readiness
    scores_here: bool
    sees_consensus: bool
    sees_report: bool
    knows_progress: bool


def detail(by: Actor, assessment_id: Any) -> Detail:
    """Return one assessment the actor may see, its team with progress but never with marks."""
    assessment = opened_to(by, assessment_id)
    team = by.role in _ORDER
    return Detail(
        assessment=assessment,
        state=in_words(assessment.state),
        stages=_stages(assessment.state),
        team=_members(by, assessment),
        entries=_entries(by, assessment),
        readiness=readiness(assessment),
        scores_here=by.role in SCORING_ROLES and assessment.state == "scoring",
        sees_consensus=(team and assessment.state in REVEALED)
        or (by.role is Role.PROGRAM_ADMINISTRATOR and assessment.state == "rated"),
        sees_report=(team and assessment.state in REVEALED) or assessment.state in REPORT_STATES,
        knows_progress=by.role not in SITE_ROLES,
    )


def team_of(assessment: Assessment) -> list[TeamMember]:
    """Return the people on an assessment the caller may already see: lead, assessors, observers."""
    rows = TeamMember.objects.filter(assessment=assessment.pk).select_related("person")
    return sorted(rows, key=lambda row: (_ORDER.index(Role(row.role)), row.person.full_name))


def readiness(assessment: Assessment) -> Readiness:
    """Return what the guarded steps of an assessment still wait for."""
    team = team_of(assessment)
    scorers = [row for row in team if row.role in SCORING_ROLES]
    undecided = undecided_questions(assessment) if assessment.state == "consensus" else []
    return Readiness(
        scorers=len(scorers),
        undeclared=tuple(row.person.full_name for row in team if row.no_conflict_at is None),
        unfinished=tuple(row.person.full_name for row in scorers if row.finished_at is None),
        undecided=tuple(undecided),
    )


def unfinished_scores(by: Actor, assessment: Assessment) -> list[tuple[str, tuple[str, ...]]]:
    """Return the questions the actor has not finished scoring, each with what it lacks."""
    own = {s.question_id: s for s in assessment.scores.filter(assessor=by.person_id)}
    found = []
    for question in asked_questions(assessment):
        score = own.get(question.id)
        lacks = lacking(score.mark, score.rationale, score.evidence_types) if score else ("a mark",)
        if lacks:
            found.append((question.id, lacks))
    return found


def _stages(state: str) -> tuple[Stage, ...]:
    places = [n for n, (_, states) in enumerate(STAGES) if state in states]
    here = places[0] if places else None
    if here is None:
        return ()
    last = len(STAGES) - 1

    def at(n: int) -> str:
        if n < here or here == last:
            return "done"
        return "current" if n == here else "todo"

    return tuple(Stage(label, at(n)) for n, (label, _) in enumerate(STAGES))


def _entries(by: Actor, assessment: Assessment) -> list[audit.Entry]:
    """Return the history; how far each assessor has come is not the facility's to know."""
    entries = audit.timeline(assessment, by)
    if by.role not in SITE_ROLES:
        return entries
    hidden = {"score.imported", "score.recorded", "assessment.scoring_finished"}
    return [entry for entry in entries if entry.what not in hidden]


def _members(by: Actor, assessment: Assessment) -> tuple[Member, ...]:
    counts = _finished_counts(assessment) if by.role not in SITE_ROLES else None
    of = len(asked_questions(assessment))
    members = []
    for row in team_of(assessment):
        scores = counts is not None and row.role in SCORING_ROLES
        members.append(
            Member(
                row.person_id,
                row.person.full_name,
                Role(row.role),
                row.no_conflict_at,
                row.finished_at if scores else None,
                done=(counts or {}).get(row.person_id, 0) if scores else None,
                of=of if scores else None,
                me=row.person_id == by.person_id,
                from_on=row.from_on,
                until_on=row.until_on,
            )
        )
    return tuple(members)


def _finished_counts(assessment: Assessment) -> dict[UUID, int]:
    rows = assessment.scores.filter(complete=True).order_by().values("assessor")
    return dict(rows.annotate(n=Count("pk")).values_list("assessor", "n"))
