"""The stages of a program, each by the step of the platform's own actions that leads to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from unittest import mock

from openqmm.apps.accounts import actions as accounts
from openqmm.apps.accounts.models import Membership
from openqmm.apps.assessments import actions as assessing
from openqmm.apps.audit import actions as auditing
from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.disclosure import actions as disclosing
from openqmm.apps.programs import actions as programs
from openqmm.apps.programs import queries as programs_queries
from openqmm.apps.programs.models import Application, Letter
from openqmm.apps.ratings import actions as ratings
from openqmm.core.workflow import SYSTEM, Role, Scope
from openqmm.core.workflow.states import ASSESSMENT, ROUND
from openqmm.web import clock
from tests.apps.assessments import stories as assessments
from tests.apps.disclosure.stories import shared, shared_with_elm
from tests.apps.evidence.stories import evidence
from tests.apps.facilities.stories import ALDER_FEI, BIRCH_FEI, facility_of
from tests.apps.programs import stories as rounds
from tests.apps.ratings import stories as rated
from tests.arranging import arranged
from tests.people import PASSWORD, Cast
from tests.signing import sign

LONG_AGO = date(2020, 1, 1)


# Each step is told the cast as its owner sees it, and adds to the owner's ids.


def _round(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    if owner == "alder":
        rounds.draft_round(cast)
    row = programs_queries.rounds(cast.ada)[0]
    ids |= {"round_id": row.pk, "protocol_id": row.protocol.protocol_id}
    ids["question_id"] = "PLN-01"
    ids |= {"pilot_protocol": row.protocol_id, "round_step": "announce"}


def _round_step(event: str) -> Callable[..., None]:
    def go(cast: Cast, ids: dict[str, Any], owner: str) -> None:
        if owner == "alder":
            reason = rounds.EARLY if event == "begin_screening" else ""
            programs.advance_round(
                by=cast.ada, round_id=ids["round_id"], event=event, reason=reason
            )
        state = ROUND.transition(event).target
        following = [t.event for t in ROUND.transitions if state in t.sources]
        ids["round_step"] = following[0] if following else event

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
        if event == "find_ineligible":
            _decide_criteria(cast, ids, "not_met")
        action(
            by=cast.actors[who],
            application_id=ids["application_id"],
            reason="The records say so.",
            **more,
        )

    return go


def _waits(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    """Nothing happens: it was submitted, and the round takes no more."""


def _entered(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    fei, name = (ALDER_FEI, "Alder Works") if owner == "alder" else (BIRCH_FEI, "Birch Works")
    ids["facility_id"] = facility_of(cast.quin, fei, name).pk
    if owner == "alder":
        rounds.draft_round(cast, "2028-A")
    ids["hidden_round"] = next(
        row.pk for row in programs_queries.rounds(cast.ada) if row.name == "2028-A"
    )


def _screened(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    programs.screen_application(by=cast.ada, application_id=ids["application_id"])
    _decide_criteria(cast, ids, "met")


def _decide_criteria(cast: Cast, ids: dict[str, Any], verdict: str) -> None:
    # No public records are loaded: all that they would tell is open, and a person decides it.
    row = programs_queries.application(cast.ada, ids["application_id"])
    for criterion in programs_queries.stored_criteria(row):
        if criterion["verdict"] == "cannot_tell":
            programs.decide_criterion(
                by=cast.ada,
                application_id=row.pk,
                criterion=criterion["id"],
                verdict=verdict,
                reason="Their letter settles it.",
            )
            ids["criterion"] = criterion["id"]


def _drawn(places: int) -> Callable[..., None]:
    def go(cast: Cast, ids: dict[str, Any], owner: str) -> None:
        # One draw places everybody.
        if owner == "alder":
            row = programs_queries.round_(cast.ada, ids["round_id"])
            rounds.drawn(cast, row, cap=places)

    return go


def _released(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    reason = "The cohort is complete now."
    programs.release_reserve(by=cast.ada, application_id=ids["application_id"], reason=reason)


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
        "program_id": _own_program(cast),
        "letter_id": _letter(applied).pk,
        "event": "hold_orientation",
        "round_step": "begin_rating",
    }
    ids |= _access(cast)


def _letter(application: Application) -> Letter:
    """Return a letter that the office sent, of when the place was offered."""
    row = Letter(
        application=application,
        kind="selected",
        subject="A place in the round",
        body="The place is offered.",
        recipients=[application.contact_email],
        sent_at=clock.now(),
    )
    with arranged() as opened:
        return opened.create(row)


def _own_program(cast: Cast) -> str:
    """Return the id of a program of the office's own, which no announcement has sealed."""
    named = "pilot-own"
    if named not in dict(programs_queries.program_choices(cast.ada)):
        programs.copy_program(
            by=cast.ada, copied_from="pilot-api", program_id=named, title="The office's pilot"
        )
    return named


def _access(cast: Cast) -> dict[str, Any]:
    """Return a manufacturer's person, role, key, invitation and lost second factor."""
    site = cast.quin.organisation_id
    made = accounts.make_key(
        by=cast.sid,
        name="Nightly",
        scopes=[Scope.RATINGS_READ.value],
        expires_on=clock.today(),
    )
    new = accounts.NewPerson(
        f"new@{site}.example", "New Test", site, Role.AUTHORISED_SIGNATORY, clock.today()
    )
    reason = "Lost with the telephone."
    reset = accounts.ask_factor_reset(by=cast.ada, person_id=cast.quin.person_id, reason=reason)
    return {
        "person_id": cast.quin.person_id,
        "membership_id": Membership.objects.get(person=cast.quin.person_id).pk,
        "organisation_id": site,
        "key_id": made.key.pk,
        "text": accounts.invite_person(by=cast.ada, new=new, link=str).link,
        "reset_id": reset.pk,
    } | _review(cast)


def _review(cast: Cast) -> dict[str, Any]:
    """Return a review that the own auditor opened, the day after, of all there is till then."""
    today, tomorrow = clock.today(), clock.now() + timedelta(days=1)
    with mock.patch.object(clock, "now", return_value=tomorrow):
        review = auditing.open_review(
            by=cast.aud, from_on=LONG_AGO, until_on=today, size=2, kinds=[]
        )
    return {"review_id": review.pk, "item": review.sample.first().pk}


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
        if event == "finalise":
            assessing.sign_report(by=cast.lea, assessment_id=story.id, password=PASSWORD)
            return
        story.advance(cast.actors[who], event, reason)
        state = ASSESSMENT.transition(event).target
        following = [
            t.event for t in ASSESSMENT.transitions if state in t.sources and not t.reasoned
        ]
        ids["event"] = following[0] if following else event

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
    ids |= {"rating_id": row.pk, "table": "ratings_rating", "record_id": row.pk}


def _reviewed(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    note = "Gates and coverage were checked."
    ratings.review_rating(by=cast.bea, rating_id=ids["rating_id"], note=note)


def _issued(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    rated.issue(_rating(cast, ids))
    # Issuing is on the facility's own trail, where proposing and reviewing are not.
    ids["event_id"] = AuditEvent.objects.filter(subject_id=str(ids["rating_id"])).latest("at").pk


def _suspended(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    reason = "A recall is being looked into."
    ratings.suspend_rating(by=cast.bea, rating_id=ids["rating_id"], reason=reason)


def _superseded(cast: Cast, ids: dict[str, Any], owner: str) -> None:
    reason = "A new assessment has replaced it."
    ratings.supersede_rating(by=cast.bea, rating_id=ids["rating_id"], reason=reason)


def _shared(how: Callable[..., Any]) -> Callable[..., None]:
    def go(cast: Cast, ids: dict[str, Any], owner: str) -> None:
        ids["disclosure_id"] = how(_rating(cast, ids)).pk
        application = programs_queries.application(SYSTEM, ids["application_id"])
        with arranged() as opened:
            sign(opened, by=cast.sid, record=application, content={}, meaning="Accepts")

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
    "facility entered": ("round open", _entered),
    "application draft": ("round open", _drafted),
    "application submitted": ("application draft", _signed(programs.submit_application)),
    "round screening": ("application submitted", _round_step("begin_screening")),
    "application queued": ("round screening", _waits),
    "application screening": ("application queued", _screened),
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
    "application reserve": ("application eligible", _drawn(0)),
    "application not_selected": ("application reserve", _released),
    "application selected": ("application eligible", _drawn(9)),
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
    "rating superseded": ("rating valid", _superseded),
    "disclosure published": ("rating valid", _shared(shared)),
    "disclosure named": ("rating valid", _shared(shared_with_elm)),
    "disclosure withdrawn": ("disclosure published", _withdrawn),
}
# The stage at which every kind of object exists.
LATEST = "disclosure published"


def before(stage: str) -> list[str]:
    parent = STAGES[stage][0]
    return [*before(parent), parent] if parent else []


def stages_of(subject: str) -> list[str]:
    """Return the stages that tell a state of this kind of object; there is always the latest."""
    return [name for name in STAGES if name.split()[0] == subject] or [LATEST]
