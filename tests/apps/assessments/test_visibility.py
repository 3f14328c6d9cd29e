"""Blindness and tenancy: who sees which assessment, which mark, and from when."""

from __future__ import annotations

import pytest

from openqmm.apps.assessments import actions, queries
from openqmm.apps.assessments.models import Assessment
from openqmm.apps.audit import queries as audit
from openqmm.core.errors import NotFound, NotPermitted
from openqmm.core.workflow import PUBLIC, SYSTEM
from tests.apps.assessments.stories import (
    add_remark,
    consensus,
    decide,
    final,
    planned,
    score_all,
    scoring,
    staffed,
)
from tests.arranging import arranged
from tests.people import CAST

TEAM = {"lea", "asa", "abe", "odo"}
SEES_THE_ASSESSMENT = TEAM | {"ada", "quin", "sid"}

OWN, ALL, NONE = "own", "all", "none"

# Whose marks a person sees, by the assessment's state. Everybody not named sees none, ever.
MARKS = {
    "scoring": {"lea": OWN, "asa": OWN, "abe": OWN},
    "suspended": {"lea": OWN, "asa": OWN, "abe": OWN},
    "cancelled": {"lea": OWN, "asa": OWN, "abe": OWN},
    "consensus": {"lea": ALL, "asa": ALL, "abe": ALL, "odo": ALL},
    "draft_report": {"lea": ALL, "asa": ALL, "abe": ALL, "odo": ALL},
    "factual_check": {"lea": ALL, "asa": ALL, "abe": ALL, "odo": ALL},
    "final": {"lea": ALL, "asa": ALL, "abe": ALL, "odo": ALL},
    "rated": {"lea": ALL, "asa": ALL, "abe": ALL, "odo": ALL, "ada": ALL},
}


def _put(story, state):
    """Set a state by hand: the truth table asks about states, not about the way there."""
    with arranged():
        Assessment.objects.filter(pk=story.id).update(state=state)
    return Assessment.objects.get(pk=story.id)


def _seen(by, assessment):
    people = set(queries.scores_visible_to(by, assessment).values_list("assessor", flat=True))
    if not people:
        return NONE
    return OWN if people == {by.person_id} else ALL


def test_marks_are_seen_as_the_table_says(cast):
    story = scoring(cast)
    for by in (cast.lea, cast.asa, cast.abe):
        score_all(story, by)
    for state, expected in MARKS.items():
        assessment = _put(story, state)
        for name in CAST:
            seen = _seen(getattr(cast, name), assessment)
            assert seen == expected.get(name, NONE), f"{name} in {state}"
        for by in (PUBLIC, SYSTEM):
            assert _seen(by, assessment) == NONE


def test_the_teams_decisions_stay_with_the_team_until_rated(cast):
    story = consensus(cast, ({"PLN-01": "1"}, {}, {}))
    decide(story, "PLN-01")
    for state, seen_by in MARKS.items():
        assessment = _put(story, state)
        for name in CAST:
            seen = queries.decisions_visible_to(getattr(cast, name), assessment).exists()
            expected = seen_by.get(name) == ALL
            assert seen is expected, f"{name} in {state}"


def test_the_report_goes_to_facility_and_office_with_the_factual_check(cast):
    story = consensus(cast)
    add_remark(story, "strength", "They plan ahead.")
    for state, seen_by in MARKS.items():
        assessment = _put(story, state)
        for name in CAST:
            seen = queries.remarks_visible_to(getattr(cast, name), assessment).exists()
            out = state in {"factual_check", "final", "rated"}
            expected = (name in TEAM and seen_by.get(name) == ALL) or (
                name in {"ada", "quin", "sid"} and out
            )
            assert seen is expected, f"{name} in {state}"


def test_a_member_who_has_not_declared_sees_no_mark(cast):
    story = consensus(cast)
    with arranged():
        story.assessment.team.filter(person=cast.odo.person_id).update(no_conflict_at=None)
    assert _seen(cast.odo, story.assessment) == NONE
    with pytest.raises(NotPermitted, match="Declare"):
        queries.consensus_page(cast.odo, story.id)


def test_an_assessor_of_another_contractor_is_not_on_the_team_by_person_alone(cast):
    from dataclasses import replace

    story = consensus(cast)
    elsewhere = replace(cast.lea, organisation_id=cast.organisations["Dogwood Advisers"].pk)
    assert _seen(elsewhere, story.assessment) == NONE
    with pytest.raises(NotFound):
        queries.assessment(elsewhere, story.id)


@pytest.mark.parametrize("name", CAST)
def test_an_assessment_is_known_to_those_in_it(cast, name):
    story = staffed(cast)
    by = getattr(cast, name)
    listed = [row.pk for row in queries.assessments(by)]
    assert listed == ([story.id] if name in SEES_THE_ASSESSMENT else [])
    if name not in SEES_THE_ASSESSMENT:
        with pytest.raises(NotFound, match="no such assessment"):
            queries.assessment(by, story.id)


def test_nobody_outside_finds_the_matrix_and_nobody_at_all_before_it_opens(cast):
    story = scoring(cast)
    for by in (cast.lea, cast.asa, cast.odo, cast.ada, cast.quin):
        with pytest.raises(NotFound):
            queries.consensus_page(by, story.id)
    opened = consensus(cast, name="Alder South", fei="3009999903")
    for by in (cast.ada, cast.quin, cast.zoe, cast.bria):
        with pytest.raises(NotFound):
            queries.consensus_page(by, opened.id)
    for by in (cast.lea, cast.asa, cast.odo):
        assert queries.consensus_page(by, opened.id).may_decide is (by is cast.lea)


def test_a_scoring_page_holds_only_ones_own_marks(cast):
    story = scoring(cast)
    story.score(cast.asa, "PLN-01", "5", rationale="Seen by Asa alone")
    page = queries.scoring_page(cast.abe, story.id, "PLN-01")
    assert (page.score, page.done) == (None, 0)
    assert queries.own_score(cast.abe, story.id, "PLN-01") is None
    assert queries.own_score(cast.asa, story.id, "PLN-01").mark == "5"
    # Once the consensus is open the page still shows the reader's own marks, not the team's.
    _put(story, "consensus")
    assert queries.scoring_page(cast.abe, story.id, "PLN-01").score is None
    for by in (cast.odo, cast.ada, cast.quin):
        with pytest.raises(NotFound):
            queries.scoring_page(by, story.id, "PLN-01")


def test_the_history_tells_steps_and_never_marks(cast):
    story = scoring(cast)
    story.score(cast.asa, "PLN-01", "5")
    told = [entry.sentence for entry in audit.timeline(story.assessment)]
    assert not any("PLN-01" in sentence for sentence in told)
    assert told[0] == "Began scoring"


def test_progress_is_counted_for_team_and_office_and_not_for_the_facility(cast):
    story = scoring(cast)
    story.score(cast.asa, "PLN-01", "5")
    story.score(cast.asa, "PLN-02", "5", rationale="")
    for by in (cast.lea, cast.odo, cast.ada):
        done = {m.name: m.done for m in queries.detail(by, story.id).team}
        assert done == {"Lea Test": 0, "Abe Test": 0, "Asa Test": 1, "Odo Test": None}
    team = queries.detail(cast.quin, story.id).team
    assert {member.done for member in team} == {None}
    assert [member.role.value for member in team] == [
        "lead_assessor",
        "assessor",
        "assessor",
        "observer",
    ]


def test_the_rating_is_given_pseudonyms_and_the_teams_marks(cast):
    story = final(cast, ({"PLN-01": "1"}, {"PLN-01": "5"}, {"WF-01": "NR"}))
    rows = queries.score_rows(story.assessment)
    assert {row.assessor_id for row in rows} == {"A1", "A2", "A3", "consensus"}
    assert {row.facility_id for row in rows} == {"3009999901"}
    assert {row.facility_type for row in rows} == {"API"}
    assert [row.score for row in rows if row.role == "consensus"] == ["3", "3"]
    assert len(rows) == 3 * 4 + 2
    assert rows == queries.score_rows(story.assessment)
    assert [r.kind for r in queries.remarks(story.assessment)] == ["strength", "opportunity"]


def test_final_assessments_wait_for_the_administrator(cast):
    story = final(cast)
    scoring(cast, name="Alder South", fei="3009999903")
    assert [row.pk for row in queries.final_assessments(cast.ada)] == [story.id]
    assert not queries.final_assessments(cast.lea).exists()


def _waiting(by):
    return [step.label for step in queries.next_steps(by)]


def test_what_waits_follows_the_assessment(cast):
    story = planned(cast)
    assert _waiting(cast.ada) == ["Appoint the team"]
    with arranged():
        Assessment.objects.all().delete()
    assert _waiting(cast.ada) == ["Plan 1 assessment"]
    story = staffed(cast, name="Alder South", fei="3009999903")
    for by in (cast.lea, cast.asa, cast.odo):
        assert _waiting(by) == ["Declare that you have no conflict of interest"]
    for by in (cast.lea, cast.asa, cast.abe):
        actions.declare_no_conflict(by=by, assessment_id=story.id)
    assert (_waiting(cast.lea), _waiting(cast.asa)) == (["Record the orientation"], [])
    story.advance(cast.lea, "hold_orientation")
    story.advance(cast.lea, "send_questionnaire")
    assert (_waiting(cast.lea), _waiting(cast.bria)) == ([], [])
    assert _waiting(cast.quin) == ["Return the questionnaire"]
    story.advance(cast.quin, "return_questionnaire")
    for event in ("schedule", "begin", "hold_exit_meeting"):
        story.advance(cast.lea, event)
    assert _waiting(cast.lea) == ["Ask the team to declare"]
    actions.declare_no_conflict(by=cast.odo, assessment_id=story.id)
    story.advance(cast.lea, "begin_scoring")
    story.score(cast.asa, "PLN-01")
    begun = queries.next_steps(cast.asa)[0]
    assert (begun.label, begun.about.split(": ")[1]) == ("Continue scoring", "1 of 4 scored")
    assert _waiting(cast.odo) == []
    finish = {"PLN-01": "3", "PLN-02": "1"}
    score_all(story, cast.lea, finish)
    assert _waiting(cast.lea) == []
    score_all(story, cast.abe, {"PLN-02": "5"})
    for question_id in ("PLN-02", "PLN-03", "WF-01"):
        story.score(cast.asa, question_id)
    actions.finish_scoring(by=cast.asa, assessment_id=story.id)
    assert _waiting(cast.lea) == ["Open the consensus"]
    story.advance(cast.lea, "open_consensus")
    assert _waiting(cast.lea) == ["Decide 1 disagreement"]
    decide(story, "PLN-02")
    assert _waiting(cast.lea) == ["Close the consensus and draft the report"]
    story.advance(cast.lea, "draft_report")
    assert _waiting(cast.lea) == ["Send for the factual check"]
    assert _waiting(cast.pia) == []


def test_the_matrix_puts_disagreement_first_and_counts_agreement(cast):
    marks = (
        {"PLN-02": "1", "PLN-03": "NR", "WF-01": "2"},
        {"PLN-02": "4", "PLN-03": "3", "WF-01": "3"},
        {"PLN-02": "3", "PLN-03": "3", "WF-01": "3"},
    )
    story = consensus(cast, marks)
    page = queries.consensus_page(cast.lea, story.id)
    assert [row.question.id for row in page.rows] == ["PLN-02", "PLN-03", "WF-01", "PLN-01"]
    assert (page.disagreements, page.undecided, page.questions) == (2, 2, 4)
    counts = page.agreement
    assert (counts.compared, counts.same, counts.within_one, counts.further) == (4, 2, 1, 1)
    decide(story, "PLN-02", "NR")
    shown = queries.consensus_page(cast.asa, story.id, "disagreements")
    assert [row.question.id for row in shown.rows] == ["PLN-02", "PLN-03"]
    assert (shown.rows[0].decision_level, shown.undecided) == (None, 1)
