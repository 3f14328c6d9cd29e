"""Assessments in every state, reached through the actions; used by the tests of other apps too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from openqmm.apps.accounts.models import Organisation
from openqmm.apps.assessments import actions, queries
from openqmm.apps.assessments.actions import ScoreEntry
from openqmm.apps.assessments.models import Assessment
from openqmm.apps.audit import actions as audit
from openqmm.apps.facilities.models import Facility
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.protocols.actions import seal_protocol
from openqmm.core.protocols import Area, Element, Protocol, shipped_protocol
from openqmm.core.workflow import SYSTEM, Actor, Role
from openqmm.web import clock
from tests.factories import small_area, small_protocol, small_question
from tests.people import PASSWORD, Cast

BOTH = ("document", "interview")
WHY = "The planner showed last month's plan and told how it was changed."

# The lead's steps from a planned assessment to scoring; the facility returns its questionnaire.
TO_SCORING = (
    "hold_orientation",
    "send_questionnaire",
    "return_questionnaire",
    "schedule",
    "begin",
    "hold_exit_meeting",
    "begin_scoring",
)


@dataclass(frozen=True)
class Story:
    """An assessment and the people in it."""

    cast: Cast
    id: UUID

    @property
    def assessment(self) -> Assessment:
        """The assessment as the administrator reads it now."""
        return queries.assessment(self.cast.ada, self.id)

    @property
    def state(self) -> str:
        """The state it is in now."""
        return self.assessment.state

    @property
    def asked(self) -> list[str]:
        """The ids of the questions asked of the facility."""
        return [question.id for question in queries.asked_questions(self.assessment)]

    def advance(self, by: Actor, event: str, reason: str = "") -> Assessment:
        """Take a step."""
        return actions.advance(by=by, assessment_id=self.id, event=event, reason=reason)

    def score(self, by: Actor, question_id: str, mark: str = "3", **given: object) -> object:
        """Record a finished mark, unless something is left out."""
        content = {"rationale": WHY, "evidence_types": BOTH, "version": 0} | given
        entry = ScoreEntry(question_id, mark, **content)
        return actions.record_score(by=by, assessment_id=self.id, entry=entry)


def two_area_protocol() -> Protocol:
    """A protocol of two areas; the last question is not asked of API sites."""
    return small_protocol(
        _with_own_element(
            small_area("PLN", [small_question("PLN-01", key=True), "PLN-02", "PLN-03"])
        ),
        _with_own_element(small_area("WF", ["WF-01", small_question("WF-02", applies_to=["FDF"])])),
    )


def _with_own_element(area: Area) -> Area:
    # A sealed protocol is read back whole, and there an element's id stands once.
    element = f"{area.id}.1"
    questions = tuple(replace(question, element=element) for question in area.questions)
    return replace(area, elements=(Element(element, "Everything"),), questions=questions)


def accepted_application(
    organisation: Organisation,
    *,
    protocol: Protocol | None = None,
    state: str = "accepted",
    name: str = "Alder Works",
    fei: str = "3009999901",
) -> Application:
    """An application of a new facility, in a round of its own."""
    facility = Facility(
        organisation=organisation,
        name=name,
        fei=fei,
        duns="012345678",
        address="1 Synthetic Street",
        country="IND",
        facility_type="API",
    )
    version = seal_protocol(by=SYSTEM, protocol=protocol or two_area_protocol())
    round_ = Round(
        program_id="pilot-api",
        name=f"Round of {name}",
        state="assessing",
        protocol=version,
        cap=9,
        opens_on=date(2026, 1, 5),
        closes_on=date(2026, 2, 27),
        announced_at=clock.now(),
    )
    application = Application(
        round=round_,
        facility=facility,
        state=state,
        contact_name="Quin Test",
        contact_email="quin@example.org",
        activities=[facility.facility_type],
        products="Synthetic",
        size_band="medium",
        sector="generic",
        statement="Synthetic",
        willing_visit=True,
        willing_observers=True,
        willing_data=True,
        submitted_at=clock.now(),
    )
    with audit.event(by=SYSTEM, what="test.set_up", on=round_, sentence="set the scene") as opened:
        for record in (facility, round_, application):
            opened.create(record)
    return application


def planned(cast: Cast, **application: object) -> Story:
    """An assessment of an Alder facility by Cedar, without a team."""
    accepted = accepted_application(cast.organisations["Alder Synthesis"], **application)
    assessment = actions.plan_assessment(
        by=cast.ada,
        application_id=accepted.pk,
        contractor_id=cast.organisations["Cedar Assessors"].pk,
    )
    return Story(cast, assessment.pk)


def staffed(cast: Cast, **application: object) -> Story:
    """... led by Lea with Asa and Abe, accompanied by Odo; nobody has declared yet."""
    story = planned(cast, **application)
    team = (
        (cast.lea, Role.LEAD_ASSESSOR),
        (cast.asa, Role.ASSESSOR),
        (cast.abe, Role.ASSESSOR),
        (cast.odo, Role.OBSERVER),
    )
    for person, role in team:
        actions.assign_member(
            by=cast.ada, assessment_id=story.id, person_id=person.person_id, role=role
        )
    return story


def declared(cast: Cast, **application: object) -> Story:
    """... all of whom have declared."""
    story = staffed(cast, **application)
    for person in (cast.lea, cast.asa, cast.abe, cast.odo):
        actions.declare_no_conflict(by=person, assessment_id=story.id)
    return story


def scoring(cast: Cast, **application: object) -> Story:
    """... who have been on site and are scoring."""
    story = declared(cast, **application)
    for event in TO_SCORING:
        by = cast.quin if event == "return_questionnaire" else cast.lea
        story.advance(by, event)
    return story


def score_all(story: Story, by: Actor, marks: Mapping[str, str] | None = None) -> None:
    """Score every question 3, or as `marks` says, and finish."""
    rows = [ScoreEntry(id_, (marks or {}).get(id_, "3"), WHY, BOTH) for id_ in story.asked]
    actions.import_scores(by=by, assessment_id=story.id, rows=rows)
    actions.finish_scoring(by=by, assessment_id=story.id)


def consensus(
    cast: Cast, marks: Sequence[Mapping[str, str]] = ({}, {}, {}), **application: object
) -> Story:
    """... and have finished, Lea, Asa and Abe with these marks."""
    story = scoring(cast, **application)
    for by, given in zip((cast.lea, cast.asa, cast.abe), marks, strict=True):
        score_all(story, by, given)
    story.advance(cast.lea, "open_consensus")
    return story


def decide(story: Story, question_id: str, mark: str = "3", **given: object) -> object:
    """Record the team's decision as Lea."""
    content = {"reason": "The interview settled it.", "version": 0} | given
    return actions.record_consensus(
        by=story.cast.lea,
        assessment_id=story.id,
        question_id=question_id,
        mark=mark,
        **content,
    )


def final(
    cast: Cast, marks: Sequence[Mapping[str, str]] = ({}, {}, {}), **application: object
) -> Story:
    """... whose disagreements are decided, and whose report is final."""
    story = consensus(cast, marks, **application)
    for question_id in queries.undecided_questions(story.assessment):
        decide(story, question_id)
    add_remark(story, "strength", "Plans are made from data people can show.")
    add_remark(story, "opportunity", "Let the night shift into the planning.")
    for event in ("draft_report", "send_for_factual_check"):
        story.advance(cast.lea, event)
    actions.sign_report(by=cast.lea, assessment_id=story.id, password=PASSWORD)
    return story


def add_remark(story: Story, kind: str, text: str, area_id: str | None = None) -> object:
    """Write a strength or an opportunity as Lea, in the first area unless said."""
    protocol = queries.report_page(story.cast.lea, story.id)
    return actions.add_remark(
        by=story.cast.lea,
        assessment_id=story.id,
        kind=kind,
        area_id=area_id or protocol.areas[0].id,
        text=text,
    )


def pilot_protocol() -> Protocol:
    """The protocol the pilots use: eleven areas, eighty-eight questions."""
    return shipped_protocol("pilot-eleven-areas")
