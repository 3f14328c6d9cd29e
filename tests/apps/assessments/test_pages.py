"""The pages: what each shows, saves and refuses, and that a rival's browser finds nothing."""

from __future__ import annotations

import pytest
from django.urls import reverse

from openqmm.apps.assessments import queries
from openqmm.apps.assessments.models import Assessment, Consensus, Remark, Score, TeamMember
from tests.apps.assessments.stories import (
    BOTH,
    WHY,
    accepted_application,
    consensus,
    decide,
    declared,
    final,
    pilot_protocol,
    planned,
    scoring,
    staffed,
)


def _url(route, story, *more):
    return reverse(f"assessments:{route}", args=[story.id, *more])


def _get(story, name, route, *more, query=""):
    return story.cast.client(name).get(_url(route, story, *more) + query)


def _post(story, name, route, *more, data=None, **headers):
    return story.cast.client(name).post(_url(route, story, *more), data or {}, **headers)


def _score(story, name="asa", question="PLN-01", **given):
    data = {"mark": "3", "rationale": WHY, "evidence_types": BOTH, "version": 0} | given
    accept = data.pop("accept", "text/html")
    return _post(story, name, "score", question, data=data, headers={"accept": accept})


# The list, the plan, the team


def test_the_list_shows_what_the_role_may_know(cast):
    staffed(cast)
    url = reverse("assessments:assessments")
    assert "Alder Works" in cast.client("ada").get(url).content.decode()
    assert "declare first" in cast.client("asa").get(url).content.decode()
    assert "Alder Works" in cast.client("quin").get(url).content.decode()
    for name, words in (("bria", "No assessment yet"), ("zoe", "You are on no team yet")):
        page = cast.client(name).get(url).content.decode()
        assert words in page
        assert "Alder" not in page
    for name in ("bea", "cora", "pia", "rex"):
        assert cast.client(name).get(url).status_code == 403
    assert cast.client(None).get(url).status_code == 302


def test_the_administrator_plans_and_appoints(cast):
    application = accepted_application(cast.organisations["Alder Synthesis"])
    ada = cast.client("ada")
    plan = reverse("assessments:plan")
    assert "Alder Works, Round of Alder Works" in ada.get(plan).content.decode()
    contractor = cast.organisations["Cedar Assessors"].pk
    answer = ada.post(plan, {"application": application.pk, "contractor": contractor})
    story_id = Assessment.objects.get().pk
    team = reverse("assessments:team", args=[story_id])
    assert answer.headers["Location"] == team
    member = {"member": f"{cast.lea.person_id}:lead_assessor"}
    assert ada.post(team, member).status_code == 302
    assert TeamMember.objects.get().role == "lead_assessor"
    again = ada.post(team, member)
    assert again.status_code == 400
    assert "Select a valid choice" in again.content.decode()
    assert "Nothing to plan" in ada.get(plan).content.decode()


def test_a_member_is_taken_off_on_the_team_page(cast):
    story = staffed(cast)
    data = {"person": cast.abe.person_id, "reason": ""}
    url = reverse("assessments:remove_member", args=[story.id])
    refused = cast.client("ada").post(url, data, follow=True)
    assert "Say why" in refused.content.decode()
    cast.client("ada").post(url, data | {"reason": "She fell ill."})
    assert not TeamMember.objects.filter(person=cast.abe.person_id).exists()


@pytest.mark.parametrize("name", ["lea", "odo", "quin", "bria", "bea", "pia"])
def test_planning_and_staffing_pages_are_the_administrators(cast, name):
    story = staffed(cast)
    client = cast.client(name)
    assert client.get(reverse("assessments:plan")).status_code == 403
    assert client.get(_url("team", story)).status_code == 403
    assert client.post(_url("remove_member", story)).status_code == 403


def test_a_member_declares_before_anything_else(cast):
    story = staffed(cast)
    for route in ("detail", "score_next", "consensus", "report"):
        answer = _get(story, "asa", route)
        assert answer.status_code in {302, 403}
    assert _get(story, "asa", "detail").headers["Location"] == _url("declare", story)
    page = _get(story, "asa", "declare").content.decode()
    assert "36 months" in page
    assert "Planned the assessment" not in page
    assert _post(story, "asa", "declare").status_code == 400
    _post(story, "asa", "declare", data={"declared": "on"})
    assert _get(story, "asa", "detail").status_code == 200
    assert _get(story, "bria", "declare").status_code == 403
    assert _get(story, "zoe", "declare").status_code == 404


def test_the_page_shows_steps_with_what_they_wait_for(cast):
    story = scoring(cast)
    page = _get(story, "lea", "detail").content.decode()
    assert "Not everybody has finished scoring: Lea Test, Abe Test, Asa Test." in page
    assert "Suspend" in _get(story, "ada", "detail").content.decode()
    facility = _get(story, "quin", "detail").content.decode()
    assert "The lead assessor takes the next step" in facility
    assert "0 of 4" not in facility
    for name in ("zoe", "bria", "boris"):
        assert _get(story, name, "detail").status_code == 404


def test_a_step_is_taken_or_refused_in_words(cast):
    story = declared(cast)
    _post(story, "lea", "step", data={"event": "hold_orientation"})
    assert story.state == "oriented"
    refused = cast.client("lea").post(_url("step", story), {"event": "begin"}, follow=True)
    assert "must be scheduled" in refused.content.decode()
    assert _post(story, "asa", "step", data={"event": "send_questionnaire"}).status_code == 403
    assert _post(story, "bria", "step", data={"event": "cancel"}).status_code == 404
    half = {"event": "schedule", "visit_from": "2026-03-02"}
    answered = cast.client("lea").post(_url("step", story), half, follow=True)
    assert "both the first and the last day" in answered.content.decode()
    stop = {"event": "suspend", "reason": "A new warning letter"}
    _post(story, "ada", "step", data=stop)
    page = _get(story, "quin", "detail").content.decode()
    assert "This assessment is suspended" in page
    assert "A new warning letter" in page


# Scoring


def test_the_scoring_page_shows_question_anchors_and_what_to_look_at(cast):
    story = scoring(cast, protocol=pilot_protocol())
    first = _get(story, "asa", "score_next")
    assert first.headers["Location"] == _url("score", story, "SCM-01")
    page = _get(story, "asa", "score", "SCM-01").content.decode()
    for words in ("Key question", "Before you claim a level", "Not rated", "What to look at"):
        assert words in page
    assert page.count('name="mark"') == 7
    assert "0</b> of 88 finished" in page
    assert _get(story, "asa", "score", "XX-99").status_code == 404


def test_a_form_saves_and_goes_on(cast):
    story = scoring(cast)
    answer = _score(story, then="PLN-02")
    assert answer.headers["Location"] == _url("score", story, "PLN-02")
    page = _get(story, "asa", "score", "PLN-01").content.decode()
    assert WHY.split(".")[0].replace("'", "&#x27;") in page
    assert 'value="3" id="mark-3" checked' in page
    assert 'name="version" value="1"' in page


def test_a_script_saves_and_is_told_the_time_and_what_is_missing(cast):
    story = scoring(cast)
    saved = _score(story, rationale="", accept="application/json").json()
    assert (saved["version"], saved["complete"]) == (1, False)
    assert saved["lacks"] == ["a rationale"]
    assert saved["saved_at"].endswith(" UTC")


def test_two_versions_are_both_shown_and_nothing_is_lost(cast):
    story = scoring(cast)
    _score(story, mark="4", rationale="The first")
    told = _score(story, mark="1", rationale="The second", accept="application/json")
    assert told.status_code == 409
    assert "changed meanwhile" in told.json()["message"]
    assert told.json()["stored"]["mark"] == "4"
    page = _score(story, mark="1", rationale="The second")
    assert page.status_code == 409
    text = page.content.decode()
    assert "The first" in text
    assert text.count("The second") == 2  # Beside the saved one, and in the form.
    assert 'name="version" value="1"' in text
    _score(story, mark="1", rationale="The second", version=1)
    assert Score.objects.get().rationale == "The second"


def test_what_cannot_be_read_is_refused_and_kept_in_the_form(cast):
    story = scoring(cast)
    page = _score(story, mark="9", rationale="Typed with care")
    assert page.status_code == 400
    assert "Typed with care" in page.content.decode()
    assert _score(story, mark="9", accept="application/json").json()["stored"] is None
    unasked = _score(story, question="WF-02", accept="application/json")
    assert unasked.status_code == 400
    assert not Score.objects.exists()


def test_marks_left_behind_are_not_saved_as_somebody_elses(cast):
    story = scoring(cast)
    assert _score(story, name="abe", person=str(cast.asa.person_id)).status_code == 403
    assert _score(story, name="abe", person=str(cast.abe.person_id)).status_code == 302
    assert Score.objects.get().assessor_id == cast.abe.person_id


def test_a_question_not_asked_of_the_site_says_so(cast):
    story = scoring(cast)
    page = _get(story, "asa", "score", "WF-02").content.decode()
    assert "not asked of a site that makes active pharmaceutical ingredient" in page
    assert 'name="mark"' not in page
    assert "not asked" in _get(story, "asa", "score", "WF-01").content.decode()


def test_finishing_lists_what_is_missing_then_locks(cast):
    story = scoring(cast)
    client = cast.client("asa")
    refused = client.post(_url("finish", story), follow=True).content.decode()
    assert "a mark: PLN-01, PLN-02, PLN-03, WF-01" in refused
    for question in story.asked:
        _score(story, question=question)
    client.post(_url("finish", story))
    page = _get(story, "asa", "score", "PLN-01").content.decode()
    assert "your marks are locked" in page
    assert "Save and next" not in page


@pytest.mark.parametrize(
    ("name", "status"),
    [("ada", 403), ("bea", 403), ("odo", 403), ("quin", 403), ("bria", 403), ("zoe", 404)],
)
def test_others_neither_see_nor_save_a_score(cast, name, status):
    story = scoring(cast)
    assert _get(story, name, "score_next").status_code == status
    assert _get(story, name, "score", "PLN-01").status_code == status
    assert _score(story, name).status_code == status
    assert _post(story, name, "finish").status_code == status
    assert not Score.objects.exists()


def test_the_page_of_one_assessor_never_holds_anothers_mark(cast):
    story = scoring(cast)
    _score(story, "asa", mark="5", rationale="Only Asa thinks so")
    for name, route, more in (
        ("abe", "score", ["PLN-01"]),
        ("lea", "score", ["PLN-01"]),
        ("lea", "detail", []),
        ("odo", "detail", []),
        ("ada", "detail", []),
        ("quin", "detail", []),
    ):
        page = _get(story, name, route, *more).content.decode()
        assert "Only Asa thinks so" not in page, (name, route)
        assert 'id="mark-5" checked' not in page, (name, route)


# Consensus and report

APART = ({"PLN-01": "1", "PLN-02": "2"}, {"PLN-01": "4", "PLN-02": "3"}, {})


def test_the_matrix_is_filtered_and_says_how_far_the_team_agrees(cast):
    story = consensus(cast, APART)
    page = _get(story, "asa", "consensus").content.decode()
    assert "all agreed exactly on <b>2</b>" in page
    assert "All 4 questions" in page
    assert page.index('id="q-PLN-01"') < page.index('id="q-PLN-02"')
    assert "<form" not in page[page.index("asm-matrix") :].split("</table>")[0]
    filtered = _get(story, "lea", "consensus", query="?show=disagreements").content.decode()
    assert 'id="q-PLN-01"' in filtered
    assert 'id="q-PLN-02"' not in filtered


def test_the_lead_decides_in_place(cast):
    story = consensus(cast, APART)
    data = {"mark": "3", "reason": "", "version": 0, "show": "disagreements"}
    refused = _post(story, "lea", "decide", "PLN-01", data=data)
    assert refused.status_code == 400
    assert "Give the team&#x27;s reason" in refused.content.decode()
    done = _post(story, "lea", "decide", "PLN-01", data=data | {"reason": "We all agreed."})
    assert done.headers["Location"] == f"{_url('consensus', story)}?show=disagreements#q-PLN-01"
    page = _get(story, "odo", "consensus").content.decode()
    assert "We all agreed." in page
    stale = _post(
        story, "lea", "decide", "PLN-01", data=data | {"reason": "We settled on 4.", "mark": "4"}
    )
    assert stale.status_code == 409
    assert "We settled on 4." in stale.content.decode()
    assert Consensus.objects.get().mark == "3"


@pytest.mark.parametrize(
    ("name", "status"), [("asa", 403), ("odo", 403), ("ada", 403), ("quin", 403)]
)
def test_only_the_lead_decides_and_writes(cast, name, status):
    story = consensus(cast, APART)
    data = {"mark": "3", "reason": "Because they agreed.", "version": 0}
    assert _post(story, name, "decide", "PLN-01", data=data).status_code == 403
    assert _post(story, name, "add_remark").status_code == 403
    assert not Consensus.objects.exists()


@pytest.mark.parametrize("name", ["ada", "zoe"])
def test_the_matrix_is_not_found_by_those_who_may_not_see_marks(cast, name):
    story = consensus(cast, APART)
    assert _get(story, name, "consensus").status_code == 404
    assert _get(story, "bria", "consensus").status_code == 403


def test_the_report_is_written_and_read(cast):
    story = consensus(cast)
    data = {
        "kind": "strength",
        "area_id": "WF",
        "text": "People are trained before need.",
    }
    refused = _post(story, "lea", "add_remark", data=data | {"text": ""})
    assert refused.status_code == 400
    _post(story, "lea", "add_remark", data=data)
    assert "trained before" in _get(story, "odo", "report").content.decode()
    for name in ("ada", "quin", "bria", "zoe"):
        assert _get(story, name, "report").status_code == 404
    story.advance(cast.lea, "draft_report")
    remark = Remark.objects.get()
    story.advance(cast.lea, "send_for_factual_check")
    for name in ("ada", "quin", "sid"):
        assert "trained before" in _get(story, name, "report").content.decode()
    assert _get(story, "bria", "report").status_code == 404
    url = _url("remove_remark", story, remark.pk)
    kept = cast.client("lea").post(url, follow=True)
    assert "until the report goes out" in kept.content.decode()
    late = _post(story, "lea", "add_remark", data=data)
    assert late.status_code == 409


def test_a_rival_finds_nothing_and_learns_nothing(cast):
    story = final(cast)
    nothing = reverse("assessments:detail", args=["00000000-0000-4000-8000-000000000000"])
    rival = cast.client("bria")
    unknown = rival.get(nothing)
    known = rival.get(_url("detail", story))
    assert (known.status_code, known.content) == (404, unknown.content)
    assert rival.get(_url("report", story)).content == unknown.content
    assert rival.post(_url("step", story), {"event": "return_questionnaire"}).status_code == 404


# Budgets


def test_pages_take_few_queries_whatever_their_size(cast, django_assert_max_num_queries):
    going = scoring(cast, protocol=pilot_protocol())
    score, asa = _url("score", going, "SCM-01"), cast.client("asa")
    asa.get(score)
    with django_assert_max_num_queries(10):
        assert asa.get(score).status_code == 200
    data = {"mark": "3", "rationale": WHY, "evidence_types": BOTH, "version": 0}
    # Ten for the save and its event, one of them whether the assessor is still one; three to know
    # who asks.
    with django_assert_max_num_queries(13):
        assert asa.post(score, data, headers={"accept": "application/json"}).status_code == 200


@pytest.mark.parametrize("large", [False, True])
def test_the_matrix_takes_ten_queries_small_or_large(cast, large, django_assert_max_num_queries):
    more = {"protocol": pilot_protocol()} if large else {}
    ids = {"SCM-01": "1", "PLN-01": "1"}
    story = consensus(cast, (ids, {}, {}), **more)
    decide(story, "PLN-01")
    for name in ("lea", "asa", "odo"):
        client, url = cast.client(name), _url("consensus", story)
        client.get(url)
        with django_assert_max_num_queries(10):
            assert client.get(url).status_code == 200


def test_lists_take_as_many_queries_for_many_as_for_one(cast, django_assert_max_num_queries):
    planned(cast)
    url = reverse("assessments:assessments")
    for n in range(3):
        staffed(cast, name=f"Alder {n}", fei=f"300999991{n}")
    assert queries.assessments(cast.ada).count() == 4
    client = cast.client("lea")
    with django_assert_max_num_queries(9):
        client.get(url)
