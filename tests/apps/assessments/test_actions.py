"""What may be done to an assessment, by whom, when, and what is left behind when it is refused."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from openqmm.apps.accounts.actions import add_membership, add_person
from openqmm.apps.accounts.models import Membership
from openqmm.apps.assessments import actions, queries
from openqmm.apps.assessments.actions import ScoreEntry
from openqmm.apps.assessments.models import Consensus, Remark, Score, TeamMember
from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.core.errors import InvalidScores, NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow import SYSTEM, Role
from tests.apps.assessments.stories import (
    BOTH,
    TO_SCORING,
    WHY,
    accepted_application,
    consensus,
    decide,
    declared,
    final,
    planned,
    score_all,
    scoring,
    staffed,
)
from tests.arranging import arranged

OUTSIDERS = ("bea", "odo", "rex", "zoe", "quin", "sid", "bria", "boris", "cora", "pia")


def test_planning_leaves_an_assessment_and_its_event(cast):
    story = planned(cast)
    event = AuditEvent.objects.get(what="assessment.planned")
    assert (story.state, event.actor_name) == ("planned", "Ada Test")
    assert event.trail_id == cast.organisations["Cedar Assessors"].pk


@pytest.mark.parametrize("state", ["draft", "selected", "declined", "withdrawn"])
def test_only_an_accepted_place_is_planned(cast, state):
    application = accepted_application(cast.organisations["Alder Synthesis"], state=state)
    events = AuditEvent.objects.count()
    with pytest.raises(TransitionRefused, match="once the place is accepted"):
        actions.plan_assessment(
            by=cast.ada,
            application_id=application.pk,
            contractor_id=cast.organisations["Cedar Assessors"].pk,
        )
    assert AuditEvent.objects.count() == events


def test_an_assessment_is_planned_once_and_by_a_contractor(cast):
    story = planned(cast)
    again = {
        "application_id": story.assessment.application_id,
        "contractor_id": cast.organisations["Cedar Assessors"].pk,
    }
    with pytest.raises(TransitionRefused, match="planned already"):
        actions.plan_assessment(by=cast.ada, **again)
    other = accepted_application(
        cast.organisations["Birch Pharma"], name="Birch Works", fei="3009999902"
    )
    with pytest.raises(TransitionRefused, match="Only a contractor"):
        actions.plan_assessment(
            by=cast.ada,
            application_id=other.pk,
            contractor_id=cast.organisations["Dogwood Advisers"].pk,
        )


@pytest.mark.parametrize("name", OUTSIDERS)
def test_nobody_but_the_administrator_plans_or_appoints(cast, name):
    story = planned(cast)
    by = getattr(cast, name)
    with pytest.raises(NotPermitted):
        actions.plan_assessment(by=by, application_id=story.id, contractor_id=story.id)
    with pytest.raises(NotPermitted):
        actions.assign_member(
            by=by, assessment_id=story.id, person_id=cast.lea.person_id, role=Role.LEAD_ASSESSOR
        )
    assert not TeamMember.objects.exists()


def _assign(story, person, role):
    return actions.assign_member(
        by=story.cast.ada, assessment_id=story.id, person_id=person.person_id, role=role
    )


def _another_assessor(cast, name="zed"):
    person = add_person(by=SYSTEM, email=f"{name}@example.org", full_name=name.capitalize())
    membership = add_membership(
        by=SYSTEM,
        person=person,
        organisation=cast.organisations["Cedar Assessors"],
        role=Role.ASSESSOR,
        from_on=date(2020, 1, 1),
    )
    return person, membership


def test_a_team_has_one_lead_and_four_assessors_at_most(cast):
    story = staffed(cast)
    with pytest.raises(TransitionRefused, match="on the team already"):
        _assign(story, cast.asa, Role.ASSESSOR)
    _assign(story, cast.zoe, Role.ASSESSOR)
    person, _ = _another_assessor(cast)
    with pytest.raises(TransitionRefused, match="4 assessors already"):
        actions.assign_member(
            by=cast.ada, assessment_id=story.id, person_id=person.pk, role=Role.ASSESSOR
        )
    with pytest.raises(TransitionRefused, match="Lea Test leads the team already"):
        actions.assign_member(
            by=cast.ada, assessment_id=story.id, person_id=person.pk, role=Role.LEAD_ASSESSOR
        )


def test_people_are_appointed_in_the_role_they_hold_today(cast):
    story = planned(cast)
    with pytest.raises(TransitionRefused, match="not a lead assessor of Cedar Assessors today"):
        _assign(story, cast.asa, Role.LEAD_ASSESSOR)
    with pytest.raises(TransitionRefused, match="not an observer of the program office today"):
        _assign(story, cast.asa, Role.OBSERVER)
    with pytest.raises(TransitionRefused, match="A team has no consultant"):
        _assign(story, cast.cora, Role.CONSULTANT)
    person, membership = _another_assessor(cast)
    with arranged():
        Membership.objects.filter(pk=membership.pk).update(
            until_on=date.today() - timedelta(days=1)
        )
    with pytest.raises(TransitionRefused, match="Zed is not an assessor"):
        actions.assign_member(
            by=cast.ada, assessment_id=story.id, person_id=person.pk, role=Role.ASSESSOR
        )


def test_somebody_who_worked_for_the_manufacturer_never_assesses_it(cast):
    story = planned(cast)
    person, _ = _another_assessor(cast)
    add_membership(
        by=SYSTEM,
        person=person,
        organisation=cast.organisations["Alder Synthesis"],
        role=Role.FACILITY_QUALITY_LEAD,
        from_on=date(2020, 1, 1),
    )
    with pytest.raises(TransitionRefused, match="has worked for Alder Synthesis"):
        actions.assign_member(
            by=cast.ada, assessment_id=story.id, person_id=person.pk, role=Role.ASSESSOR
        )


def test_a_member_is_taken_off_with_a_reason_until_scoring_begins(cast):
    story = staffed(cast)
    with pytest.raises(TransitionRefused, match="Say why"):
        actions.remove_member(
            by=cast.ada, assessment_id=story.id, person_id=cast.abe.person_id, reason=" "
        )
    actions.remove_member(
        by=cast.ada, assessment_id=story.id, person_id=cast.abe.person_id, reason="She fell ill."
    )
    with pytest.raises(NotFound):
        queries.assessment(cast.abe, story.id)
    going = scoring(cast, name="Alder South", fei="3009999903")
    with pytest.raises(TransitionRefused, match="team is fixed once scoring begins"):
        actions.remove_member(
            by=cast.ada,
            assessment_id=going.id,
            person_id=cast.abe.person_id,
            reason="She fell ill.",
        )


def test_each_member_declares_for_themselves_once(cast):
    story = staffed(cast)
    actions.declare_no_conflict(by=cast.asa, assessment_id=story.id)
    rows = dict(TeamMember.objects.values_list("person__email", "no_conflict_at"))
    assert [name for name, at in rows.items() if at] == ["asa@example.org"]
    with pytest.raises(TransitionRefused, match="declared already"):
        actions.declare_no_conflict(by=cast.asa, assessment_id=story.id)
    with pytest.raises(TransitionRefused, match="Only the team"):
        actions.declare_no_conflict(by=cast.quin, assessment_id=story.id)
    with pytest.raises(NotFound):
        actions.declare_no_conflict(by=cast.zoe, assessment_id=story.id)


def test_nothing_is_shown_or_done_before_declaring(cast):
    story = staffed(cast)
    for by in (cast.lea, cast.asa, cast.odo):
        with pytest.raises(NotPermitted, match="Declare that you have no conflict"):
            queries.detail(by, story.id)
    with pytest.raises(NotPermitted, match="Declare"):
        story.advance(cast.lea, "hold_orientation")


def test_the_lead_takes_the_assessment_to_scoring(cast):
    story = declared(cast)
    for event in TO_SCORING:
        by = cast.quin if event == "return_questionnaire" else cast.lea
        story.advance(by, event)
    assert story.state == "scoring"
    told = list(AuditEvent.objects.filter(what__in=[f"assessment.{e}" for e in TO_SCORING]))
    assert [event.actor_name for event in told].count("Quin Test") == 1
    assert told[-1].sentence == "began scoring"


def test_steps_are_refused_to_others_and_out_of_turn(cast):
    story = declared(cast)
    with pytest.raises(NotPermitted, match="Only the role Lead assessor"):
        story.advance(cast.asa, "hold_orientation")
    with pytest.raises(NotPermitted):
        story.advance(cast.odo, "hold_orientation")
    with pytest.raises(TransitionRefused, match="must be exit meeting held"):
        story.advance(cast.lea, "begin_scoring")
    with pytest.raises(NotFound):
        story.advance(cast.bria, "return_questionnaire")
    with pytest.raises(TransitionRefused, match="when the board issues its rating"):
        story.advance(cast.bea, "rate")


def test_a_visit_takes_five_days_at_most(cast):
    story = declared(cast)
    for event in TO_SCORING[:3]:
        story.advance(cast.quin if event == "return_questionnaire" else cast.lea, event)
    schedule = {"by": cast.lea, "assessment_id": story.id, "event": "schedule"}
    with pytest.raises(TransitionRefused, match="6 days"):
        actions.advance(**schedule, visit=(date(2026, 3, 2), date(2026, 3, 7)))
    with pytest.raises(TransitionRefused, match="ends before"):
        actions.advance(**schedule, visit=(date(2026, 3, 2), date(2026, 3, 1)))
    actions.advance(**schedule, visit=(date(2026, 3, 2), date(2026, 3, 6)))
    assert story.assessment.visit_to == date(2026, 3, 6)


def test_stopping_needs_the_office_and_a_reason(cast):
    story = scoring(cast)
    with pytest.raises(TransitionRefused, match="Say why"):
        story.advance(cast.ada, "suspend")
    story.advance(cast.ada, "suspend", "New warning letter")
    with pytest.raises(TransitionRefused, match="suspended"):
        story.score(cast.asa, "PLN-01")
    story.advance(cast.ada, "cancel", "The facility closed")
    assert story.state == "cancelled"


def test_scoring_begins_with_two_assessors_who_all_declared(cast):
    story = planned(cast)
    _assign(story, cast.lea, Role.LEAD_ASSESSOR)
    actions.declare_no_conflict(by=cast.lea, assessment_id=story.id)
    for event in TO_SCORING[:-1]:
        story.advance(cast.quin if event == "return_questionnaire" else cast.lea, event)
    with pytest.raises(TransitionRefused, match="at least 2 assessors"):
        story.advance(cast.lea, "begin_scoring")
    _assign(story, cast.asa, Role.ASSESSOR)
    with pytest.raises(TransitionRefused, match="Not everybody has declared: Asa Test"):
        story.advance(cast.lea, "begin_scoring")
    actions.declare_no_conflict(by=cast.asa, assessment_id=story.id)
    assert story.advance(cast.lea, "begin_scoring").state == "scoring"


# Scores


def test_a_score_is_saved_with_its_event_and_content(cast):
    story = scoring(cast)
    saved = story.score(cast.asa, "PLN-01", "4")
    assert (saved.mark, saved.version, saved.complete) == ("4", 1, True)
    event = AuditEvent.objects.get(what="score.recorded")
    assert (event.subject_id, event.trail_id) == (str(saved.pk), cast.asa.organisation_id)
    assert json.loads(AuditChange.objects.get(event=event).after)["mark"] == "4"
    changed = story.score(cast.asa, "PLN-01", "2", version=1)
    assert (changed.pk, changed.mark, changed.version) == (saved.pk, "2", 2)


@pytest.mark.parametrize(
    ("given", "complete"),
    [
        ({"mark": "3"}, True),
        ({"mark": "3", "rationale": " "}, False),
        ({"mark": "3", "evidence_types": ("document",)}, False),
        ({"mark": ""}, False),
        ({"mark": "NR", "evidence_types": ()}, True),
        ({"mark": "NA", "evidence_types": (), "rationale": ""}, False),
    ],
)
def test_whatever_is_given_is_kept_but_only_the_whole_counts(cast, given, complete):
    story = scoring(cast)
    saved = story.score(cast.asa, "PLN-01", **given)
    assert Score.objects.get(pk=saved.pk).complete is complete


def test_a_change_made_on_an_older_version_overwrites_nothing(cast):
    story = scoring(cast)
    story.score(cast.asa, "PLN-01", "4")
    events = AuditEvent.objects.count()
    with pytest.raises(TransitionRefused, match="changed meanwhile"):
        story.score(cast.asa, "PLN-01", "1", version=0)
    assert Score.objects.get().mark == "4"
    assert AuditEvent.objects.count() == events


def test_the_same_save_again_is_no_event(cast):
    story = scoring(cast)
    story.score(cast.asa, "PLN-01", "4")
    events = AuditEvent.objects.count()
    again = story.score(cast.asa, "PLN-01", "4", version=0)
    assert (again.version, AuditEvent.objects.count()) == (1, events)


@pytest.mark.parametrize("name", ["ada", "bea", "odo", "rex", "quin", "cora", "pia"])
def test_nobody_but_an_assessor_scores(cast, name):
    story = scoring(cast)
    with pytest.raises(NotPermitted, match="Only the role"):
        story.score(getattr(cast, name), "PLN-01")
    assert not Score.objects.exists()


def test_an_assessor_of_another_team_finds_nothing_to_score(cast):
    story = scoring(cast)
    with pytest.raises(NotFound):
        story.score(cast.zoe, "PLN-01")
    assert not AuditEvent.objects.filter(what="score.recorded").exists()


def test_scores_are_given_only_while_scoring(cast):
    story = declared(cast)
    with pytest.raises(TransitionRefused, match="is planned"):
        story.score(cast.asa, "PLN-01")


def test_faults_of_a_score_are_named_together(cast):
    story = scoring(cast)
    with pytest.raises(InvalidScores) as refused:
        story.score(cast.asa, "WF-02", "6", evidence_types=("hearsay",))
    said = str(refused.value)
    assert "WF-02 is not asked of this facility" in said
    assert "mark '6'" in said
    assert "'hearsay'" in said


def test_a_workbook_is_one_event_or_nothing(cast):
    story = scoring(cast)
    story.score(cast.asa, "PLN-01", "4")
    rows = [ScoreEntry("PLN-01", "4", WHY, BOTH), ScoreEntry("PLN-02", "2", WHY, BOTH)]
    assert actions.import_scores(by=cast.asa, assessment_id=story.id, rows=rows) == 1
    assert AuditEvent.objects.filter(what="score.imported").count() == 1
    newer = [ScoreEntry("PLN-02", "5", WHY, BOTH, 1), ScoreEntry("PLN-03", "5", WHY, BOTH)]
    assert actions.import_scores(by=cast.asa, assessment_id=story.id, rows=newer) == 2
    stale = [ScoreEntry("WF-01", "5", WHY, BOTH), ScoreEntry("PLN-02", "1", WHY, BOTH)]
    with pytest.raises(TransitionRefused, match="PLN-02 was changed meanwhile"):
        actions.import_scores(by=cast.asa, assessment_id=story.id, rows=stale)
    faulty = [ScoreEntry("WF-01", "9"), ScoreEntry("PLN-01"), ScoreEntry("PLN-01")]
    with pytest.raises(InvalidScores, match="2 problems"):
        actions.import_scores(by=cast.asa, assessment_id=story.id, rows=faulty)
    assert not Score.objects.filter(question_id="WF-01").exists()
    assert AuditEvent.objects.filter(what="score.imported").count() == 2


def test_scoring_is_finished_when_nothing_is_missing_and_locked_after(cast):
    story = scoring(cast)
    story.score(cast.asa, "PLN-01")
    story.score(cast.asa, "PLN-02", rationale="")
    story.score(cast.asa, "PLN-03", evidence_types=("data",))
    with pytest.raises(TransitionRefused) as refused:
        actions.finish_scoring(by=cast.asa, assessment_id=story.id)
    assert str(refused.value) == (
        "Scoring is not finished. What is missing: a rationale: PLN-02; two kinds of evidence: "
        "PLN-03; a mark: WF-01."
    )
    story.score(cast.asa, "PLN-02", version=1)
    story.score(cast.asa, "PLN-03", version=1)
    story.score(cast.asa, "WF-01", "NR", evidence_types=())
    actions.finish_scoring(by=cast.asa, assessment_id=story.id)
    with pytest.raises(TransitionRefused, match="your marks are locked"):
        story.score(cast.asa, "WF-01", "1", version=1)
    with pytest.raises(TransitionRefused, match="locked"):
        actions.import_scores(by=cast.asa, assessment_id=story.id, rows=[])


def test_the_consensus_opens_when_all_have_finished(cast):
    story = scoring(cast)
    score_all(story, cast.lea)
    score_all(story, cast.asa)
    with pytest.raises(TransitionRefused, match="Not everybody has finished scoring: Abe Test"):
        story.advance(cast.lea, "open_consensus")
    score_all(story, cast.abe)
    assert story.advance(cast.lea, "open_consensus").state == "consensus"


# Consensus and report


def test_every_disagreement_is_decided_before_the_report(cast):
    marks = (
        {"PLN-01": "1", "PLN-02": "NR", "PLN-03": "2", "WF-01": "NA"},
        {"PLN-01": "3", "PLN-02": "4", "PLN-03": "3", "WF-01": "NA"},
        {"PLN-01": "2", "PLN-02": "4", "PLN-03": "2", "WF-01": "NA"},
    )
    story = consensus(cast, marks)
    with pytest.raises(TransitionRefused, match="decide 2 questions: PLN-01, PLN-02"):
        story.advance(cast.lea, "draft_report")
    decide(story, "PLN-01", "2")
    with pytest.raises(TransitionRefused, match="decide 1 question: PLN-02"):
        story.advance(cast.lea, "draft_report")
    decide(story, "PLN-02", "NR")
    assert story.advance(cast.lea, "draft_report").state == "draft_report"


def test_only_the_lead_decides_in_the_consensus_with_a_reason(cast):
    story = consensus(cast)
    for by in (cast.asa, cast.odo, cast.ada, cast.quin):
        with pytest.raises(NotPermitted):
            actions.record_consensus(
                by=by,
                assessment_id=story.id,
                question_id="PLN-01",
                mark="3",
                reason="They said so.",
            )
    with pytest.raises(TransitionRefused, match="Say why"):
        decide(story, "PLN-01", reason="  ")
    with pytest.raises(InvalidScores, match="not asked"):
        decide(story, "WF-02")
    with pytest.raises(InvalidScores, match="expected 1 to 5"):
        decide(story, "PLN-01", "0")
    early = scoring(cast, name="Alder South", fei="3009999903")
    with pytest.raises(TransitionRefused, match="is scoring"):
        decide(early, "PLN-01")
    assert not Consensus.objects.exists()


def test_a_decision_is_changed_knowingly(cast):
    story = consensus(cast)
    decide(story, "PLN-01", "3")
    decide(story, "PLN-01", "3")  # The same again, as after a lost answer.
    with pytest.raises(TransitionRefused, match="changed meanwhile"):
        decide(story, "PLN-01", "4")
    decide(story, "PLN-01", "4", version=1)
    assert Consensus.objects.get().mark == "4"
    assert AuditEvent.objects.filter(what="consensus.recorded").count() == 2


def test_the_report_is_written_by_the_lead_until_it_goes_out(cast):
    story = consensus(cast)
    remark = {"assessment_id": story.id, "kind": "strength", "area_id": "WF", "text": "Good."}
    added = actions.add_remark(by=cast.lea, **remark)
    with pytest.raises(NotPermitted):
        actions.add_remark(by=cast.asa, **remark)
    for wrong in ({"area_id": "XX"}, {"kind": "finding"}, {"text": " "}):
        with pytest.raises(TransitionRefused):
            actions.add_remark(by=cast.lea, **remark | wrong)
    actions.remove_remark(by=cast.lea, assessment_id=story.id, remark_id=added.pk)
    assert not Remark.objects.exists()
    gone = AuditChange.objects.get(event__what="remark.removed")
    assert json.loads(gone.before)["text"] == "Good."
    with pytest.raises(NotFound):
        actions.remove_remark(by=cast.lea, assessment_id=story.id, remark_id=added.pk)
    finished = final(cast, name="Alder South", fei="3009999903")
    with pytest.raises(TransitionRefused, match="until the report goes out"):
        actions.add_remark(by=cast.lea, **remark | {"assessment_id": finished.id})


def test_the_board_rates_within_its_own_event(cast):
    from openqmm.apps.audit import actions as audit

    story = final(cast)
    with audit.event(by=cast.bea, what="t", on=story.assessment, sentence="issued") as opened:
        actions.rate_assessment(by=cast.bea, assessment=story.assessment, opened=opened)
    assert story.state == "rated"
    with (
        pytest.raises(NotPermitted),
        audit.event(by=cast.ada, what="t", on=story.assessment, sentence="issued") as opened,
    ):
        actions.rate_assessment(by=cast.ada, assessment=story.assessment, opened=opened)


def test_saving_one_score_takes_eleven_queries_at_most(cast, django_assert_max_num_queries):
    story = scoring(cast)
    with django_assert_max_num_queries(11):
        story.score(cast.asa, "PLN-01", "4")
    with django_assert_max_num_queries(11):
        story.score(cast.asa, "PLN-01", "3", version=1)


def test_the_days_of_the_visit_are_set_at_no_other_step(cast):
    story = declared(cast)
    with pytest.raises(TransitionRefused, match="at no other step"):
        actions.advance(
            by=cast.lea,
            assessment_id=story.id,
            event="hold_orientation",
            visit=(date(2026, 3, 2), date(2026, 3, 3)),
        )
    assert story.assessment.visit_to is None
