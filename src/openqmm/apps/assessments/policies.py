"""May this be done to this assessment now? None, or the refusal as a sentence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from openqmm.apps.assessments.models import Assessment, TeamMember
from openqmm.apps.programs.models import Application
from openqmm.core.workflow import OrganisationKind, Role, in_words, reason_fault
from openqmm.core.workflow.states import BEFORE_SCORING

if TYPE_CHECKING:
    from openqmm.apps.accounts.models import Organisation, User
    from openqmm.apps.assessments.queries import Readiness

SCORERS = (2, 4)
"""Fewest and most assessors on a team, its lead included."""

LONGEST_VISIT_DAYS = 5
TEAM_ROLES = (Role.LEAD_ASSESSOR, Role.ASSESSOR, Role.OBSERVER)
REMARK_STATES = ("consensus", "draft_report")


def role_refusal(role: Role, allowed: Sequence[Role], verb: str) -> str | None:
    """Return why a role may not do this at all."""
    if role in allowed:
        return None
    return f"Only the role {' or '.join(one.title for one in allowed)} may {verb}."


def plan_refusal(application: Application, contractor: Organisation | None) -> str | None:
    """Return why no assessment of this application can be planned with this contractor."""
    if application.state != "accepted":
        return (
            f"The application of {application.facility} is {in_words(application.state)}; an "
            "assessment is planned once the place is accepted."
        )
    if contractor is None or contractor.kind != OrganisationKind.CONTRACTOR:
        return "Only a contractor carries out an assessment."
    if Assessment.objects.filter(application=application).exists():
        return f"The assessment of {application.facility} is planned already."
    return None


def team_refusal(assessment: Assessment) -> str | None:
    """Return why the team can no longer be changed."""
    if assessment.state in BEFORE_SCORING:
        return None
    return f"The assessment is {in_words(assessment.state)}; its team is fixed once scoring begins."


def member_refusal(team: Sequence[TeamMember], person: User, role: Role) -> str | None:
    """Return why the person cannot join this team in this role."""
    if role not in TEAM_ROLES:
        return f"A team has no {role.title.lower()}."
    if any(member.person_id == person.pk for member in team):
        return f"{person.full_name} is on the team already."
    lead = next((m.person.full_name for m in team if m.role == Role.LEAD_ASSESSOR), None)
    if role is Role.LEAD_ASSESSOR and lead:
        return f"{lead} leads the team already; a team has one lead."
    scorers = [member for member in team if member.role != Role.OBSERVER]
    if role is not Role.OBSERVER and len(scorers) >= SCORERS[1]:
        return f"The team has {SCORERS[1]} assessors already, which is the most a team may have."
    return None


def period_refusal(from_on: date | None, until_on: date | None, today: date) -> str | None:
    """Return why nobody can be on a team for these days, or None."""
    if until_on is None or until_on >= max(from_on or today, today):
        return None
    return "The last day on the team lies before the first, or in the past."


def person_refusal(
    assessment: Assessment, person: User, role: Role, *, holds_role: bool, worked_at_site: bool
) -> str | None:
    """Return why this person, with this record, cannot be appointed."""
    place = "the program office" if role is Role.OBSERVER else assessment.contractor.name
    if not holds_role:
        return f"{person.full_name} is not {_a(role)} of {place} today."
    if worked_at_site:
        maker = assessment.application.facility.organisation
        return f"{person.full_name} has worked for {maker}, and so cannot assess its facilities."
    return None


def declaration_refusal(member: TeamMember | None) -> str | None:
    """Return why there is nothing for this person to declare."""
    if member is None:
        return "Only the team declares its conflicts of interest."
    return "You have declared already." if member.no_conflict_at else None


def step_refusal(event: str, ready: Readiness) -> str | None:
    """Return what a guarded step still waits for."""
    if event == "begin_scoring":
        if ready.scorers < SCORERS[0]:
            return f"Scoring needs at least {SCORERS[0]} assessors, the lead included."
        if ready.undeclared:
            return f"Not everybody has declared: {_names(ready.undeclared)}."
    if event in {"open_consensus", "finalise"} and ready.unfinished:
        return f"Not everybody has finished scoring: {_names(ready.unfinished)}."
    if event == "draft_report" and ready.undecided:
        count = len(ready.undecided)
        word = "question" if count == 1 else "questions"
        return f"The team has yet to decide {count} {word}: {_names(ready.undecided)}."
    return None


def reason_refusal(reasoned: bool, reason: str) -> str | None:
    """Return why a step that is explained cannot be taken in silence, or in words that say
    nothing."""
    return reason_fault(reason) if reasoned else None


def visit_refusal(event: str, visit: tuple[date, date] | None) -> str | None:
    """Return what is wrong with the days of a visit, when they are given."""
    if visit is None:
        return None
    if event != "schedule":
        return "The days of the visit are set when it is scheduled, and at no other step."
    days = (visit[1] - visit[0]).days + 1
    if days < 1:
        return "The visit ends before it begins."
    if days > LONGEST_VISIT_DAYS:
        return f"The visit would take {days} days; {LONGEST_VISIT_DAYS} at most are allowed."
    return None


def scoring_refusal(assessment: Assessment) -> str | None:
    """Return why the person the assessment was read for cannot change a mark of theirs."""
    if assessment.member_role not in (Role.LEAD_ASSESSOR, Role.ASSESSOR):
        return "Only the assessors of the team score."
    if assessment.declared_at is None:
        return "Declare that you have no conflict of interest before you score."
    if assessment.state != "scoring":
        return f"The assessment is {in_words(assessment.state)}; marks are given while scoring."
    if assessment.finished_at is not None:
        return "You have finished scoring; your marks are locked."
    return None


def author_refusal(person_id: UUID | None, assessor_id: UUID | None) -> str | None:
    """Return why marks that somebody else made are not saved as one's own."""
    if assessor_id in (None, person_id):
        return None
    return "These marks were made by somebody else who was signed in here. Nothing was saved."


def version_refusal(question_id: str, stored: int, given: int) -> str | None:
    """Return why a change made on an older version is not written over a newer one."""
    if stored == given:
        return None
    if stored == 0:
        return f"{question_id} has nothing saved that you could have changed. Open it anew."
    return (
        f"{question_id} was changed meanwhile, in another window or on another device. Nothing was "
        "overwritten: compare the two and save again."
    )


def finish_refusal(unfinished: Iterable[tuple[str, Sequence[str]]]) -> str | None:
    """Return which questions are not finished, grouped by what they lack."""
    by_lack: dict[str, list[str]] = {}
    for question_id, lacks in unfinished:
        for lack in lacks:
            by_lack.setdefault(lack, []).append(question_id)
    if not by_lack:
        return None
    parts = [f"{lack}: {', '.join(ids)}" for lack, ids in by_lack.items()]
    return f"Scoring is not finished. What is missing: {'; '.join(parts)}."


def decision_refusal(assessment: Assessment, reason: str) -> str | None:
    """Return why the team's mark cannot be recorded now."""
    if assessment.state != "consensus":
        return f"The assessment is {in_words(assessment.state)}; the team decides in the consensus."
    return reason_fault(reason)


def remark_refusal(assessment: Assessment) -> str | None:
    """Return why the report's strengths and opportunities cannot be changed now."""
    if assessment.state in REMARK_STATES:
        return None
    return (
        f"The assessment is {in_words(assessment.state)}; strengths and opportunities are written "
        "from the consensus until the report goes out."
    )


def remark_content_refusal(kind: str, area_id: str, text: str, areas: set[str]) -> str | None:
    """Return what a strength or an opportunity still lacks."""
    if kind not in ("strength", "opportunity"):
        return "A remark is a strength or an opportunity."
    if area_id not in areas:
        return f"The protocol has no area {area_id}."
    return None if text.strip() else "Say what the strength or the opportunity is."


def _a(role: Role) -> str:
    word = role.title.lower()
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:12])
    return f"{shown} and {len(names) - 12} more" if len(names) > 12 else shown
