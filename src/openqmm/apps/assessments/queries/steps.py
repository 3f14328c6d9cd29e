"""What waits for a person in their assessments."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Exists, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from openqmm.apps.assessments.models import Assessment, Consensus, Score, TeamMember
from openqmm.apps.assessments.queries.agreement import disagrees
from openqmm.apps.assessments.queries.scope import (
    SCORING_ROLES,
    TEAM_ROLES,
    assessments,
    plannable,
)
from openqmm.apps.assessments.queries.scoring import asked_questions
from openqmm.core.workflow import Actor, Role
from openqmm.core.workflow.states import ASSESSMENT, BEFORE_SCORING
from openqmm.web.next_steps import NextStep

OVER = ("rated", "cancelled", "suspended")


def next_steps(by: Actor) -> list[NextStep]:
    """Return what the actor must do next in their assessments."""
    if by.role in TEAM_ROLES:
        return list(_for_team(by))
    if by.role is Role.PROGRAM_ADMINISTRATOR:
        return [*_to_plan(by), *_to_staff(by)]
    if by.role is Role.FACILITY_QUALITY_LEAD:
        out = assessments(by).filter(state="questionnaire_out")
        return [_step(ASSESSMENT.transition("return_questionnaire").label, row) for row in out]
    return []


def _for_team(by: Actor) -> Iterator[NextStep]:
    rows = list(_with_counts(by))
    disagreements = _undecided(by, rows)
    for row in rows:
        if row.declared_at is None:
            yield _step("Declare that you have no conflict of interest", row, "declare")
        elif by.role in SCORING_ROLES and row.state == "scoring" and row.finished_at is None:
            of = len(asked_questions(row))
            label = "Continue scoring" if row.done else "Begin scoring"
            yield _step(label, row, "score_next", f"{row.done} of {of} scored")
        elif by.role is Role.LEAD_ASSESSOR:
            yield from _for_lead(row, disagreements.get(row.pk, 0))


def _for_lead(row: Assessment, undecided: int) -> Iterator[NextStep]:
    if row.state == "consensus":
        yield _close_or_decide(row, undecided)
    elif row.state == "exit_meeting_held" and row.undeclared:
        yield _step("Ask the team to declare", row, note=f"{row.undeclared} not declared yet")
    elif row.state != "scoring" or not row.unfinished:
        for transition in ASSESSMENT.open_to(Role.LEAD_ASSESSOR, row.state):
            yield _step(transition.label, row)


def _close_or_decide(row: Assessment, undecided: int) -> NextStep:
    if undecided:
        many = "disagreement" if undecided == 1 else "disagreements"
        return _step(f"Decide {undecided} {many}", row, "consensus")
    return _step(ASSESSMENT.transition("draft_report").label, row)


def _to_plan(by: Actor) -> Iterator[NextStep]:
    waiting = plannable(by)
    if waiting:
        many = "1 assessment" if len(waiting) == 1 else f"{len(waiting)} assessments"
        about = ", ".join(sorted({str(row.round) for row in waiting}))
        yield NextStep(f"Plan {many}", reverse("assessments:plan"), about)


def _to_staff(by: Actor) -> Iterator[NextStep]:
    lead = TeamMember.objects.filter(assessment=OuterRef("pk"), role=Role.LEAD_ASSESSOR)
    scorers = TeamMember.objects.filter(assessment=OuterRef("pk"), role__in=SCORING_ROLES)
    rows = assessments(by).filter(state__in=BEFORE_SCORING)
    rows = rows.annotate(led=Exists(lead), scorers=_count(scorers))
    for row in rows:
        if not row.led or row.scorers < 2:
            yield _step("Appoint the team", row, "team")


def _with_counts(by: Actor) -> QuerySet[Assessment]:
    own = Score.objects.filter(assessment=OuterRef("pk"), assessor=by.person_id, complete=True)
    team = TeamMember.objects.filter(assessment=OuterRef("pk"))
    rows = assessments(by).exclude(state__in=OVER).select_related("application__round__protocol")
    return rows.defer("application__round__protocol__source").annotate(
        done=_count(own),
        unfinished=_count(team.filter(role__in=SCORING_ROLES, finished_at__isnull=True)),
        undeclared=_count(team.filter(no_conflict_at__isnull=True)),
    )


def _undecided(by: Actor, rows: list[Assessment]) -> dict[object, int]:
    open_ = [row.pk for row in rows if row.state == "consensus"]
    if by.role is not Role.LEAD_ASSESSOR or not open_:
        return {}
    decided = Consensus.objects.filter(
        assessment=OuterRef("assessment"), question_id=OuterRef("question_id")
    )
    marks: dict[tuple[object, str], list[str]] = {}
    found = Score.objects.filter(~Exists(decided), assessment__in=open_).exclude(mark="")
    for pk, question, mark in found.values_list("assessment", "question_id", "mark"):
        marks.setdefault((pk, question), []).append(mark)
    counts: dict[object, int] = {}
    for (pk, _), given in marks.items():
        counts[pk] = counts.get(pk, 0) + disagrees(given)
    return counts


def _count(rows: QuerySet) -> Coalesce:
    counted = rows.order_by().values("assessment").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _step(label: str, row: Assessment, route: str = "detail", note: str = "") -> NextStep:
    about = f"{row.application.facility}, {row.application.round}"
    url = reverse(f"assessments:{route}", args=[row.pk])
    return NextStep(label, url, f"{about}: {note}" if note else about)
