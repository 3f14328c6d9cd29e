"""What may be done to an assessment when, as truth tables: no record is needed to read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from openqmm.apps.assessments import policies
from openqmm.apps.assessments.queries import Readiness
from openqmm.core.workflow import OrganisationKind, Role
from openqmm.core.workflow.states import ASSESSMENT

NOW = datetime(2026, 6, 15, 9, tzinfo=UTC)
BEFORE_SCORING = {
    "planned", "oriented", "questionnaire_out", "questionnaire_in", "scheduled", "in_progress",
    "exit_meeting_held",
}  # fmt: skip


def person(name: str = "Asa") -> Any:
    return SimpleNamespace(pk=uuid4(), full_name=name)


def member(role: Role, name: str = "Abe", who: Any = None) -> Any:
    who = who or person(name)
    return SimpleNamespace(person=who, person_id=who.pk, role=role)


def assessment(**said: Any) -> Any:
    standing = {
        "state": "scoring",
        "member_role": Role.ASSESSOR,
        "declared_at": NOW,
        "finished_at": None,
        "contractor": SimpleNamespace(name="Cedar"),
        "application": SimpleNamespace(facility=SimpleNamespace(organisation="Alder")),
    }
    return SimpleNamespace(**standing | said)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_may_or_is_told_who_may(role: Role) -> None:
    allowed = (Role.LEAD_ASSESSOR, Role.OBSERVER)
    assert policies.role_refusal(role, allowed, "look") == (
        None if role in allowed else "Only the role Lead assessor or Observer may look."
    )


@pytest.mark.parametrize(
    ("state", "kind", "words"),
    [
        ("selected", OrganisationKind.CONTRACTOR, "is selected; an assessment is planned once"),
        ("not_selected", None, "The application of Alder Site is not selected"),
        ("accepted", None, "Only a contractor carries out an assessment."),
        ("accepted", OrganisationKind.CONSULTANCY, "Only a contractor"),
        ("accepted", OrganisationKind.MANUFACTURER, "Only a contractor"),
    ],
)
def test_what_is_planned_is_accepted_and_with_a_contractor(
    state: str, kind: OrganisationKind | None, words: str
) -> None:
    application: Any = SimpleNamespace(state=state, facility="Alder Site")
    contractor: Any = SimpleNamespace(kind=kind) if kind else None
    assert words in (policies.plan_refusal(application, contractor) or "")


@pytest.mark.parametrize("state", ASSESSMENT.states)
def test_the_team_changes_until_scoring_begins(state: str) -> None:
    refusal = policies.team_refusal(assessment(state=state))
    assert (refusal is None) == (state in BEFORE_SCORING)
    assert refusal is None or refusal.endswith("; its team is fixed once scoring begins.")


@pytest.mark.parametrize("role", list(Role))
def test_a_team_has_these_roles(role: Role) -> None:
    refusal = policies.member_refusal([], person(), role)
    within = role in {Role.LEAD_ASSESSOR, Role.ASSESSOR, Role.OBSERVER}
    assert refusal == (None if within else f"A team has no {role.title.lower()}.")


def test_a_team_has_one_lead_and_four_assessors_at_most() -> None:
    asa = person()
    lead = member(Role.LEAD_ASSESSOR, "Lea")
    three = [lead, member(Role.ASSESSOR), member(Role.ASSESSOR)]
    four = [*three, member(Role.ASSESSOR)]
    watched = [*three, member(Role.OBSERVER), member(Role.OBSERVER)]
    refusal = policies.member_refusal
    on_it = "Asa is on the team already."
    assert refusal([member(Role.OBSERVER, who=asa)], asa, Role.ASSESSOR) == on_it
    assert refusal(three, asa, Role.LEAD_ASSESSOR) == (
        "Lea leads the team already; a team has one lead."
    )
    assert refusal([member(Role.ASSESSOR)], asa, Role.LEAD_ASSESSOR) is None
    assert refusal(three, asa, Role.ASSESSOR) is None
    assert refusal(watched, asa, Role.ASSESSOR) is None
    full = "The team has 4 assessors already, which is the most a team may have."
    assert refusal(four, asa, Role.ASSESSOR) == full
    assert refusal([*four[1:], member(Role.ASSESSOR)], asa, Role.LEAD_ASSESSOR) == full
    assert refusal(four, asa, Role.OBSERVER) is None


@pytest.mark.parametrize(
    ("first", "last", "fits"),
    [
        (None, None, True),
        (20, None, True),
        (None, 15, True),
        (None, 14, False),
        (10, 15, True),
        (10, 14, False),
        (20, 20, True),
        (20, 19, False),
    ],
)
def test_days_on_a_team(first: int | None, last: int | None, fits: bool) -> None:
    from_on = date(2026, 6, first) if first else None
    until_on = date(2026, 6, last) if last else None
    refusal = policies.period_refusal(from_on, until_on, NOW.date())
    assert refusal == (
        None if fits else "The last day on the team lies before the first, or in the past."
    )


@pytest.mark.requirement("R18")
@pytest.mark.parametrize(
    ("role", "holds", "worked", "said"),
    [
        (Role.ASSESSOR, True, False, None),
        (Role.ASSESSOR, False, False, "Asa is not an assessor of Cedar today."),
        (Role.LEAD_ASSESSOR, False, True, "Asa is not a lead assessor of Cedar today."),
        (Role.OBSERVER, False, False, "Asa is not an observer of the program office today."),
        (
            Role.ASSESSOR,
            True,
            True,
            "Asa has worked for Alder, and so cannot assess its facilities.",
        ),
    ],
)
def test_who_can_be_appointed(role: Role, holds: bool, worked: bool, said: str | None) -> None:
    refusal = policies.person_refusal(
        assessment(), person(), role, holds_role=holds, worked_at_site=worked
    )
    assert refusal == said


@pytest.mark.requirement("R18")
def test_the_team_declares_once() -> None:
    refusal = policies.declaration_refusal
    assert refusal(None) == "Only the team declares its conflicts of interest."
    fresh: Any = SimpleNamespace(no_conflict_at=None)
    assert refusal(fresh) is None
    declared: Any = SimpleNamespace(no_conflict_at=NOW)
    assert refusal(declared) == "You have declared already."


THIRTEEN = tuple(f"q{number}" for number in range(13))


@pytest.mark.parametrize(
    ("event", "ready", "said"),
    [
        ("begin_scoring", Readiness(2, (), ("Abe",), ("q1",)), None),
        (
            "begin_scoring",
            Readiness(1, (), (), ()),
            "Scoring needs at least 2 assessors, the lead included.",
        ),
        (
            "begin_scoring",
            Readiness(2, ("Asa", "Abe"), (), ()),
            "Not everybody has declared: Asa, Abe.",
        ),
        ("open_consensus", Readiness(0, ("Asa",), (), ("q1",)), None),
        ("open_consensus", Readiness(2, (), ("Asa",), ()), "has finished scoring: Asa."),
        ("finalise", Readiness(2, (), ("Asa",), ()), "has finished scoring: Asa."),
        ("finalise", Readiness(2, (), (), ("q1",)), None),
        ("draft_report", Readiness(2, (), ("Asa",), ()), None),
        ("draft_report", Readiness(2, (), (), ("q1",)), "has yet to decide 1 question: q1."),
        ("draft_report", Readiness(2, (), (), ("a", "b")), "has yet to decide 2 questions: a, b."),
        (
            "draft_report",
            Readiness(2, (), (), THIRTEEN[:12]),
            "questions: q0, q1, q2, q3, q4, q5, q6, q7, q8, q9, q10, q11.",
        ),
        ("draft_report", Readiness(2, (), (), THIRTEEN), "q9, q10, q11 and 1 more."),
        ("schedule", Readiness(0, ("Asa",), ("Asa",), ("q1",)), None),
    ],
)
def test_what_a_step_waits_for(event: str, ready: Readiness, said: str | None) -> None:
    refusal = policies.step_refusal(event, ready)
    assert (refusal is None) if said is None else (refusal or "").endswith(said)


def test_a_step_that_is_explained_is_explained_in_words() -> None:
    assert policies.reason_refusal(False, "") is None
    assert policies.reason_refusal(True, "ok") is not None
    assert policies.reason_refusal(True, "The site was flooded.") is None


@pytest.mark.parametrize(
    ("event", "last", "said"),
    [
        ("schedule", 1, None),
        ("schedule", 5, None),
        ("schedule", 6, "The visit would take 6 days; 5 at most are allowed."),
        ("schedule", 0, "The visit ends before it begins."),
        ("begin", 1, "The days of the visit are set when it is scheduled, and at no other step."),
    ],
)
def test_the_days_of_a_visit(event: str, last: int, said: str | None) -> None:
    visit = (date(2026, 6, 1), date(2026, 6, last) if last else date(2026, 5, 31))
    assert policies.visit_refusal(event, visit) == said
    assert policies.visit_refusal(event, None) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, None),
        ({"member_role": Role.LEAD_ASSESSOR}, None),
        ({"member_role": Role.OBSERVER}, "Only the assessors of the team score."),
        ({"member_role": None}, "Only the assessors of the team score."),
        ({"declared_at": None}, "Declare that you have no conflict"),
        ({"state": "consensus"}, "The assessment is consensus; marks are given while scoring."),
        ({"state": "exit_meeting_held"}, "The assessment is exit meeting held;"),
        ({"finished_at": NOW}, "your marks are locked"),
    ],
)
def test_who_scores_and_when(change: dict[str, Any], words: str | None) -> None:
    refusal = policies.scoring_refusal(assessment(**change))
    assert (refusal is None) if words is None else (words in (refusal or ""))


def test_marks_are_saved_by_whoever_made_them() -> None:
    one, other = uuid4(), uuid4()
    assert policies.author_refusal(one, None) is None
    assert policies.author_refusal(one, one) is None
    assert "by somebody else" in (policies.author_refusal(one, other) or "")
    assert "by somebody else" in (policies.author_refusal(None, other) or "")


@pytest.mark.parametrize(
    ("stored", "given", "words"),
    [
        (0, 0, None),
        (3, 3, None),
        (0, 1, "q1 has nothing saved that you could have changed"),
        (1, 0, "q1 was changed meanwhile"),
        (3, 2, "q1 was changed meanwhile"),
        (2, 3, "q1 was changed meanwhile"),
    ],
)
def test_no_mark_is_written_over_a_newer_one(stored: int, given: int, words: str | None) -> None:
    refusal = policies.version_refusal("q1", stored, given)
    assert (refusal is None) if words is None else (words in (refusal or ""))


def test_what_is_unfinished_is_told_by_what_it_lacks() -> None:
    assert policies.finish_refusal([]) is None
    assert policies.finish_refusal([("q1", [])]) is None
    lacking = [("q1", ["a mark", "a reason"]), ("q2", []), ("q3", ["a mark"])]
    assert policies.finish_refusal(lacking) == (
        "Scoring is not finished. What is missing: a mark: q1, q3; a reason: q1."
    )


@pytest.mark.parametrize("state", ASSESSMENT.states)
def test_the_team_decides_in_the_consensus_and_writes_until_the_report_goes_out(
    state: str,
) -> None:
    standing = assessment(state=state)
    decided = policies.decision_refusal(standing, "We saw it on site.")
    assert (decided is None) == (state == "consensus")
    assert policies.decision_refusal(standing, "ok") is not None
    assert (policies.remark_refusal(standing) is None) == (state in {"consensus", "draft_report"})
    if decided is not None:
        assert decided.endswith("; the team decides in the consensus.")


@pytest.mark.parametrize(
    ("kind", "area", "text", "said"),
    [
        ("strength", "a1", "Good.", None),
        ("opportunity", "a1", "Better.", None),
        ("remark", "a1", "Good.", "A remark is a strength or an opportunity."),
        ("", "a1", "Good.", "A remark is a strength or an opportunity."),
        ("strength", "a2", "Good.", "The protocol has no area a2."),
        ("strength", "a1", " ", "Say what the strength or the opportunity is."),
    ],
)
def test_what_a_remark_holds(kind: str, area: str, text: str, said: str | None) -> None:
    assert policies.remark_content_refusal(kind, area, text, {"a1"}) == said
