"""The platform at every stage of a program, for tests that ask who may do what when.

A world is built step by step by the platform's own actions; each step is a savepoint, so that going
to another stage undoes only what the two do not share. Both rivals stand at the same stage.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction

from openqmm.apps.accounts.actions import add_membership, add_organisation, add_person
from openqmm.apps.accounts.models import Membership
from openqmm.apps.accounts.queries import actor_as
from openqmm.apps.assessments import actions as assessing
from openqmm.apps.disclosure import actions as disclosing
from openqmm.apps.programs import actions as programs
from openqmm.apps.programs import queries as programs_queries
from openqmm.apps.ratings import actions as ratings
from openqmm.core.workflow import SYSTEM, OrganisationKind, Role
from openqmm.core.workflow.states import ASSESSMENT, ROUND
from openqmm.web import clock
from tests.apps.assessments import stories as assessments
from tests.apps.disclosure.stories import shared, shared_with_elm
from tests.apps.evidence.stories import evidence
from tests.apps.facilities.stories import ALDER_FEI, BIRCH_FEI, load_public_records
from tests.apps.programs import stories as rounds
from tests.apps.ratings import stories as rated
from tests.arranging import arranged
from tests.people import CAST, PASSWORD, Cast, assemble

UNKNOWN = "00000000-0000-4000-8000-000000000000"
ELSEWHERE = date(2020, 1, 1)

# Beside the cast: another contractor's lead, each rival's own auditor, and people whom nothing
# makes a member any more: without a role, with one that has lapsed or not begun, and switched off.
MORE = {
    "hal": ("Fir Inspectors", OrganisationKind.CONTRACTOR, Role.LEAD_ASSESSOR),
    "aud": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.RECORDS_AUDITOR),
    "bud": ("Birch Pharma", OrganisationKind.MANUFACTURER, Role.RECORDS_AUDITOR),
    "nan": None,
    "lou": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.FACILITY_QUALITY_LEAD),
    "eve": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.AUTHORISED_SIGNATORY),
    "dot": ("Alder Synthesis", OrganisationKind.MANUFACTURER, Role.FACILITY_QUALITY_LEAD),
}
ROLES = {name: role for name, (_, _, role) in CAST.items()} | {
    name: told[2] for name, told in MORE.items() if told and name not in {"lou", "eve", "dot"}
}
MIRROR = {"quin": "bria", "sid": "boris", "aud": "bud", "lea": "lea"}
MIRROR |= {there: here for here, there in MIRROR.items()}

Owners = dict[str, dict[str, Any]]


@dataclass
class World:
    """Where the two rivals stand now; `at` takes them elsewhere."""

    cast: Cast
    path: list[tuple[str, str, Owners]] = field(default_factory=list)
    owners: tuple[str, ...] = ("alder", "birch")

    def at(self, stage: str) -> Owners:
        """Go to a stage; return whose objects have which ids there."""
        wanted = [*_before(stage), stage]
        shared_steps = 0
        for (reached, _, _), name in zip(self.path, wanted, strict=False):
            if reached != name:
                break
            shared_steps += 1
        if shared_steps < len(self.path):
            transaction.savepoint_rollback(self.path[shared_steps][1])
            del self.path[shared_steps:]
        for name in wanted[shared_steps:]:
            self._go(name)
        return self.path[-1][2]

    @contextmanager
    def acting(self, owner: str) -> Iterator[None]:
        """Surround what is done for one of the two."""
        yield

    def _go(self, name: str) -> None:
        before = self.path[-1][2] if self.path else {owner: {} for owner in self.owners}
        owners = {owner: dict(ids) for owner, ids in before.items()}
        savepoint = transaction.savepoint()
        for owner in self.owners:
            with self.acting(owner):
                cast = self.cast if owner == "alder" else mirrored(self.cast)
                STAGES[name][1](cast, owners[owner], owner)
                _tell(self.cast, owners[owner])
        self.path.append((name, savepoint, owners))


def _tell(cast: Cast, ids: dict[str, Any]) -> None:
    """Add what forms send at this stage beside the ids."""
    ids |= {
        "member": f"{cast.zoe.person_id}:{Role.ASSESSOR}",
        "person_id": cast.abe.person_id,
        "contractor_id": cast.organisations["Cedar Assessors"].pk,
    }
    if "application_id" in ids:
        row = programs_queries.application(SYSTEM, ids["application_id"])
        ids["read"] = programs_queries.content_digest(row)
        ids["sign"] = "submit" if row.state == "draft" else "accept"


def mirrored(cast: Cast) -> Cast:
    """Return the cast with Birch in Alder's place."""
    actors = {name: cast.actors.get(MIRROR.get(name, name), who) for name, who in cast.actors.items()}
    organisations = dict(cast.organisations)
    organisations["Alder Synthesis"] = cast.organisations["Birch Pharma"]
    return Cast(actors, organisations)


def everybody() -> Cast:
    """Create the cast and those beside it."""
    cast = assemble()
    for name, told in MORE.items():
        person = add_person(
            by=SYSTEM,
            email=f"{name}@example.org",
            full_name=f"{name.capitalize()} Test",
            password=PASSWORD,
        )
        if told is None:
            continue
        title, kind, role = told
        if title not in cast.organisations:
            cast.organisations[title] = add_organisation(
                by=SYSTEM, name=title, kind=kind, country="USA"
            )
        membership = add_membership(
            by=SYSTEM,
            person=person,
            organisation=cast.organisations[title],
            role=role,
            from_on=ELSEWHERE if name != "eve" else clock.today() + timedelta(days=1),
        )
        cast.actors[name] = actor_as(
            Membership.objects.select_related("person", "organisation").get(pk=membership.pk)
        )
        if name == "lou":
            with arranged() as opened:
                opened.update(membership, until_on=clock.today() - timedelta(days=1))
    return cast


def switch_off_dot() -> None:
    """Switch a person off who is still signed in."""
    with arranged() as opened:
        opened.update(get_user_model().objects.get(email="dot@example.org"), is_active=False)


@contextmanager
def undone() -> Iterator[None]:
    """Open a transaction of which nothing remains."""
    outermost = transaction.atomic()
    # As in Django's own test cases: what must be a transaction of its own is one within it.
    outermost._from_testcase = True
    with outermost:
        yield
        transaction.set_rollback(True)


# The steps. Each is told the cast as its owner sees it, and adds to the owner's ids.


def _round(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    if owner == "alder":
        load_public_records()
        rounds.draft_round(cast)
    row = programs_queries.rounds(cast.ada)[0]
    ids |= {"round_id": row.pk, "protocol_id": row.protocol.protocol_id, "step": "announce"}
    ids["question_id"] = "PLN-01"
    ids["pilot_protocol"] = row.protocol_id


def _round_step(event: str) -> Callable[..., None]:
    def go(cast: Cast, ids: dict[str, Any], owner: str) -> None:
        if owner == "alder":
            reason = rounds.EARLY if event == "begin_screening" else ""
            programs.advance_round(
                by=cast.ada, round_id=ids["round_id"], event=event, reason=reason
            )
        following = [t.event for t in ROUND.transitions if ROUND.transition(event).target in t.sources]
        ids["step"] = following[0] if following else event

    return go


def _drafted(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    fei, name = (ALDER_FEI, "Alder Works") if owner == "alder" else (BIRCH_FEI, "Birch Works")
    row = rounds.written(cast.quin, programs_queries.round_(cast.ada, ids["round_id"]), fei, name)
    ids |= {"application_id": row.pk, "facility_id": row.facility_id}
    ids["evidence_id"] = evidence(cast.quin, row.facility_id).pk


def _signed(action: Callable[..., Any]) -> Callable[..., None]:
    def go(cast: Cast, ids: dict[str, Any], owner: str) -> None:
        action(by=cast.sid, application_id=ids["application_id"], password=PASSWORD)

    return go


def _worded(action: Callable[..., Any], who: str, event: str = "") -> Callable[..., None]:
    def go(cast: Cast, ids: dict[str, Any], owner: str) -> None:
        more = {"event": event} if event else {}
        action(
            by=cast.actors[who],
            application_id=ids["application_id"],
            reason="The records say so.",
            **more,
        )

    return go


def _screened(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    programs.screen_application(by=cast.ada, application_id=ids["application_id"])


def _staffed(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    fei, name = ("3009999901", "Alder Works") if owner == "alder" else ("3009999902", "Birch Works")
    story = assessments.staffed(cast, name=name, fei=fei)
    applied = story.assessment.application
    ids |= {
        "round_id": applied.round_id,
        "facility_id": applied.facility_id,
        "application_id": applied.pk,
        "assessment_id": story.id,
        "evidence_id": evidence(cast.quin, applied.facility_id).pk,
        "question_id": story.asked[0],
        "protocol_id": applied.round.protocol.protocol_id,
        "step": "hold_orientation",
    }


def _declared(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    for person in (cast.lea, cast.asa, cast.abe, cast.odo):
        assessing.declare_no_conflict(by=person, assessment_id=ids["assessment_id"])


def _advanced(event: str) -> Callable[..., None]:
    def go(cast: Cast, ids: dict[str, Any], owner: str) -> None:
        who = {"return_questionnaire": "quin", "suspend": "ada", "cancel": "ada"}.get(event, "lea")
        reason = "The site asked for it." if ASSESSMENT.transition(event).reasoned else ""
        story = assessments.Story(cast, ids["assessment_id"])
        if event == "open_consensus":
            for by, marks in zip((cast.lea, cast.asa, cast.abe), rated.GATED, strict=True):
                assessments.score_all(story, by, marks)
        if event == "draft_report":
            _decided(story)
        story.advance(cast.actors[who], event, reason)
        state = ASSESSMENT.transition(event).target
        following = [t.event for t in ASSESSMENT.transitions if state in t.sources and not t.reasoned]
        ids["step"] = following[0] if following else event

    return go


def _decided(story: assessments.Story) -> None:
    for question_id in assessments.queries.undecided_questions(story.assessment):
        assessments.decide(story, question_id)


def _remarked(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    story = assessments.Story(cast, ids["assessment_id"])
    row = assessments.add_remark(story, "strength", "Plans are made from data people can show.")
    ids["remark_id"] = row.pk


def _proposed(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    row = ratings.propose_rating(by=cast.ada, assessment_id=ids["assessment_id"])
    ids["rating_id"] = row.pk


def _reviewed(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    note = "Gates and coverage were checked."
    ratings.review_rating(by=cast.bea, rating_id=ids["rating_id"], note=note)


def _issued(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    rated.issue(_rating(cast, ids))


def _suspended(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    reason = "A recall is being looked into."
    ratings.suspend_rating(by=cast.bea, rating_id=ids["rating_id"], reason=reason)


def _shared(how: Callable[..., Any]) -> Callable[..., None]:
    def go(cast: Cast, ids: dict[str, Any], owner: str) -> None:
        ids["disclosure_id"] = how(_rating(cast, ids)).pk

    return go


def _withdrawn(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    reason = "The site is being rebuilt."
    disclosing.withdraw_consent(by=cast.sid, disclosure_id=ids["disclosure_id"], reason=reason)


def _rating(cast: Cast, ids: dict[str, Any]) -> rated.Story:
    return rated.Story(cast, assessments.Story(cast, ids["assessment_id"]), ids["rating_id"])


# Stage: (the stage it comes from, the step that leads to it)
STAGES: dict[str, tuple[str, Callable[..., None]]] = {
    "round draft": ("", _round),
    "round announced": ("round draft", _round_step("announce")),
    "round open": ("round announced", _round_step("open")),
    "application draft": ("round open", _drafted),
    "application submitted": ("application draft", _signed(programs.submit_application)),
    "round screening": ("application submitted", _round_step("begin_screening")),
    "application screening": ("round screening", _screened),
    "application needs_information": (
        "application screening",
        _worded(programs.decide_screening, "ada", "ask_information"),
    ),
    "application withdrawn": (
        "application screening",
        _worded(programs.withdraw_application, "quin"),
    ),
    "application ineligible": (
        "application screening",
        _worded(programs.decide_screening, "ada", "find_ineligible"),
    ),
    "application eligible": (
        "application screening",
        _worded(programs.decide_screening, "ada", "find_eligible"),
    ),
    "application reserve": (
        "application eligible",
        _worded(programs.decide_place, "ada", "reserve"),
    ),
    "application not_selected": (
        "application eligible",
        _worded(programs.decide_place, "ada", "not_select"),
    ),
    "application selected": (
        "application eligible",
        _worded(programs.decide_place, "ada", "select"),
    ),
    "application declined": ("application selected", _worded(programs.decline_place, "sid")),
    "application accepted": ("application selected", _signed(programs.accept_place)),
    "round selected": ("application accepted", _round_step("fix_selection")),
    "round assessing": ("round selected", _round_step("begin_assessing")),
    "round rating": ("round assessing", _round_step("begin_rating")),
    "round closed": ("round rating", _round_step("close")),
    "assessment undeclared": ("", _staffed),
    "assessment planned": ("assessment undeclared", _declared),
    "assessment oriented": ("assessment planned", _advanced("hold_orientation")),
    "assessment questionnaire_out": ("assessment oriented", _advanced("send_questionnaire")),
    "assessment questionnaire_in": (
        "assessment questionnaire_out",
        _advanced("return_questionnaire"),
    ),
    "assessment scheduled": ("assessment questionnaire_in", _advanced("schedule")),
    "assessment in_progress": ("assessment scheduled", _advanced("begin")),
    "assessment exit_meeting_held": ("assessment in_progress", _advanced("hold_exit_meeting")),
    "assessment scoring": ("assessment exit_meeting_held", _advanced("begin_scoring")),
    "assessment suspended": ("assessment scoring", _advanced("suspend")),
    "assessment cancelled": ("assessment scoring", _advanced("cancel")),
    "opened consensus": ("assessment scoring", _advanced("open_consensus")),
    "assessment consensus": ("opened consensus", _remarked),
    "assessment draft_report": ("assessment consensus", _advanced("draft_report")),
    "assessment factual_check": ("assessment draft_report", _advanced("send_for_factual_check")),
    "assessment final": ("assessment factual_check", _advanced("finalise")),
    "rating proposed": ("assessment final", _proposed),
    "rating reviewed": ("rating proposed", _reviewed),
    "rating valid": ("rating reviewed", _issued),
    "rating suspended": ("rating valid", _suspended),
    "disclosure published": ("rating valid", _shared(shared)),
    "disclosure named": ("rating valid", _shared(shared_with_elm)),
    "disclosure withdrawn": ("disclosure published", _withdrawn),
}
LATEST = "disclosure published"
"""The stage at which every kind of object exists."""


def _before(stage: str) -> list[str]:
    parent = STAGES[stage][0]
    return [*_before(parent), parent] if parent else []


def stages_of(subject: str) -> list[str]:
    """Return the stages that tell a state of this kind of object; there is always the latest."""
    return [name for name in STAGES if name.split()[0] == subject] or [LATEST]
