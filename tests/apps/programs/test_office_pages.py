"""The office at work: rounds, the screening desk, the selection board."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client as Browser
from django.urls import reverse

from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.models import Application, Round
from openqmm.core.programs import read_program
from openqmm.core.programs.applications_file import read_applications
from openqmm.core.programs.candidates import candidate
from openqmm.core.programs.commitments import commitment, lines
from openqmm.core.programs.drawing import draw as draw_again
from openqmm.core.records import canonical_json
from openqmm.web import clock
from tests.apps.facilities.stories import load_public_records
from tests.apps.programs.stories import (
    advanced,
    alder_applied,
    birch_applied,
    draft_round,
    drawn,
    found_eligible,
    open_round,
    sealed_protocol,
    seed_selecting,
)
from tests.arranging import arranged
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_a_round_is_added_and_announced(cast: Cast) -> None:
    ada = cast.client("ada")
    assert "No round yet" in ada.get(reverse("programs:rounds")).content.decode()
    protocol = sealed_protocol()
    day = clock.today()
    given = {
        "program_id": "pilot-api",
        "name": "2027-A",
        "protocol_version_id": str(protocol.pk),
        "opens_on": day.isoformat(),
        "closes_on": (day - timedelta(days=1)).isoformat(),
    }
    wrong = ada.post(reverse("programs:new_round"), given)
    assert "The last day comes before the first" in wrong.content.decode()
    assert 'value="2027-A"' in wrong.content.decode()
    given["closes_on"] = (day + timedelta(days=30)).isoformat()
    added = ada.post(reverse("programs:new_round"), given)
    round_ = Round.objects.get()
    assert added.url == reverse("programs:round", args=[round_.pk])
    ada.post(reverse("programs:advance_round", args=[round_.pk]), {"event": "announce"})
    round_.refresh_from_db()
    assert (round_.state, round_.announced_at is None) == ("announced", False)
    page = ada.get(added.url).content.decode()
    assert "Open to applications" in page
    assert "2027-A" in ada.get(reverse("programs:rounds")).content.decode()


def test_a_step_out_of_order_is_answered_on_the_page(cast: Cast) -> None:
    round_ = draft_round(cast)
    url = reverse("programs:advance_round", args=[round_.pk])
    answer = cast.client("ada").post(url, {"event": "close"})
    assert answer.status_code == 409
    assert "to close the round it must be rating" in answer.content.decode()


def test_closing_early_asks_for_words_in_place(cast: Cast) -> None:
    round_ = open_round(cast)
    ada = cast.client("ada")
    page = ada.get(reverse("programs:round", args=[round_.pk])).content.decode()
    assert "say why the round closes early" in page
    url = reverse("programs:advance_round", args=[round_.pk])
    assert ada.post(url, {"event": "begin_screening"}).status_code == 409
    done = ada.post(url, {"event": "begin_screening", "reason": "All have applied."})
    assert done.status_code == 302


def test_the_screening_desk_shows_records_beside_verdicts_and_decides(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    ada = cast.client("ada")
    desk = reverse("programs:screening", args=[round_.pk])
    assert "No application to screen" in ada.get(desk).content.decode()
    alder = alder_applied(cast, round_)
    assert "closed to applications" in ada.get(desk).content.decode()
    advanced(cast, round_, "begin_screening")
    assert "Begin screening" in ada.get(desk).content.decode()
    of_alder = reverse("programs:screening_of", args=[round_.pk, alder.pk])
    assert ada.post(reverse("programs:screen", args=[round_.pk, alder.pk])).url == of_alder
    page = ada.get(of_alder).content.decode()
    assert "Inspection 900001, Drug Quality Assurance" in page
    assert "Meets every criterion" in page
    without = ada.post(of_alder, {"event": "find_eligible", "reason": ""})
    assert without.status_code == 409
    assert "Say why: the reason stays on record." in without.content.decode()
    kept = ada.post(of_alder, {"event": "find_ineligible", "reason": "I kept my words."})
    assert "I kept my words." in kept.content.decode()
    assert "no criterion is found not met" in kept.content.decode()
    done = ada.post(of_alder, {"event": "find_eligible", "reason": "All criteria are met."})
    assert done.url == of_alder
    assert Application.objects.get().state == "eligible"
    assert "All criteria are met." in ada.get(of_alder).content.decode()


def test_an_application_of_another_round_is_not_on_this_desk(cast: Cast) -> None:
    first, second = open_round(cast), open_round(cast, "2027-B")
    alder = alder_applied(cast, first)
    url = reverse("programs:screening_of", args=[second.pk, alder.pk])
    assert cast.client("ada").get(url).status_code == 404
    board = reverse("programs:selection", args=[second.pk])
    given = {"application": str(alder.pk), "event": "not_select", "reason": "Small, old, abroad."}
    assert cast.client("ada").post(board, given).status_code == 404
    given["application"] = "no id at all"
    assert cast.client("ada").post(board, given).status_code == 404


@pytest.mark.parametrize("route", ["programs:screening_of", "programs:screen"])
def test_an_application_is_decided_on_at_its_own_rounds_address(cast: Cast, route: str) -> None:
    first, second = open_round(cast), open_round(cast, "2027-B")
    alder = alder_applied(cast, first)
    advanced(cast, first, "begin_screening")
    given = {"event": "find_ineligible", "reason": "The record does not fit.", "version": 3}
    url = reverse(route, args=[second.pk, alder.pk])
    assert cast.client("ada").post(url, given).status_code == 404
    alder.refresh_from_db()
    assert (alder.state, alder.screening) == ("submitted", {})


def test_the_selection_board_draws_the_places(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    ada = cast.client("ada")
    board = reverse("programs:selection", args=[round_.pk])
    draw = reverse("programs:draw", args=[round_.pk])
    assert "No eligible application yet" in ada.get(board).content.decode()
    alder, birch = alder_applied(cast, round_), birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, alder)
    early = ada.post(draw, {"version": Round.objects.get().version})
    assert early.status_code == 409
    assert "1 application still waits" in early.content.decode()
    found_eligible(cast, birch)
    with arranged():
        Round.objects.filter(pk=round_.pk).update(cap=1)
    seed_selecting(round_, alder)
    assert "Draw the places" in ada.get(board).content.decode()
    assert ada.post(draw, {"version": Round.objects.get().version}).url == board
    page = ada.get(board).content.decode()
    assert "1 of 1 places taken" in page
    assert "drawn as reserve 1" in page
    assert "0.5" in page
    given = {"application": str(birch.pk), "event": "not_select", "reason": ""}
    assert ada.post(board, given).status_code == 409
    assert ada.post(board, given | {"event": "select"}).status_code == 400
    released = ada.post(board, given | {"reason": "The cohort is complete now."})
    assert released.status_code == 302
    assert Application.objects.get(pk=birch.pk).state == "not_selected"


def test_the_file_of_a_round_draws_the_same_again(cast: Cast, tmp_path: Path) -> None:
    load_public_records()
    round_ = open_round(cast)
    alder, birch = alder_applied(cast, round_), birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, alder)
    found_eligible(cast, birch)
    drawn(cast, round_, cap=1, first=birch)
    advanced(cast, round_, "fix_selection")
    answer = cast.client("ada").get(reverse("programs:round_file", args=[round_.pk]))
    path = tmp_path / "applications.csv"
    path.write_bytes(b"".join(answer.streaming_content))
    row = Round.objects.get(pk=round_.pk)
    program = read_program(row.program_source.encode(), "program.yaml")
    applied = read_applications(path, program)
    rule = replace(program.selection_rule, places=1)
    candidates = [candidate(program, one.application) for one in applied]
    again = draw_again(rule, candidates, row.seed)
    assert again.selected == (str(birch.pk),)
    assert again.reserve == (str(alder.pk),)
    assert again.inputs_digest == row.draw["inputs_digest"]
    salts = {one.application.application_id: bytes.fromhex(one.salt) for one in applied}
    committed = sorted(
        commitment(line, salts[line.application_id])
        for line in lines(rule, candidates, again, row.seed)
    )
    public = Browser().get(reverse("public:draw_file", args=[round_.pk])).json()
    assert public["commitments"] == committed
    assert public["seed"] == row.seed


def test_an_applicant_finds_its_own_line_in_what_is_published(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    alder, birch = alder_applied(cast, round_), birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, alder)
    found_eligible(cast, birch)
    url = reverse("programs:own_line", args=[alder.pk])
    published = reverse("public:draw", args=[round_.pk])
    drawn(cast, round_, cap=1, first=alder)
    assert cast.client("quin").get(url).status_code == 404
    assert Browser().get(published).status_code == 404
    advanced(cast, round_, "fix_selection")
    own = cast.client("quin").get(url).json()
    assert own["line"]["outcome"] == "selected"
    page = Browser().get(published).content.decode()
    assert own["commitment"] in page
    assert own["seed"] in page
    assert "Alder" not in page
    assert str(alder.pk) not in page
    assert cast.client("bria").get(url).status_code == 404
    assert cast.client("ada").get(url).status_code == 403
    assert (
        hashlib.sha256(bytes.fromhex(own["salt"]) + canonical_json(own["line"])).hexdigest()
        == own["commitment"]
    )


def test_the_desks_cost_the_same_whatever_the_queue(
    cast: Cast, django_assert_max_num_queries: object
) -> None:
    load_public_records()
    round_ = open_round(cast)
    ada = cast.client("ada")
    for n in range(6):
        birch_applied(cast, round_, fei=f"30099998{n:02}")
    advanced(cast, round_, "begin_screening")
    for route, most in (
        ("programs:screening", 33),
        ("programs:selection", 17),
        ("programs:round", 18),
    ):
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            assert ada.get(reverse(route, args=[round_.pk])).status_code == 200
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert ada.get(reverse("programs:applications")).status_code == 200


def test_what_the_records_leave_open_a_person_decides_with_a_reason(cast: Cast) -> None:
    round_ = open_round(cast)
    alder = alder_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    ada = cast.client("ada")
    desk = reverse("programs:screening_of", args=[round_.pk, alder.pk])
    ada.post(reverse("programs:screen", args=[round_.pk, alder.pk]))
    assert "Found not met" in ada.get(desk).content.decode()
    eligible = {"event": "find_eligible", "reason": "All is decided by now."}
    assert "undecided is" in ada.post(desk, eligible).content.decode()
    open_ids = [c["id"] for c in queries.stored_criteria(alder_now()) if c["verdict"] != "met"]
    assert "registered" in open_ids
    for criterion in open_ids:
        url = reverse("programs:decide_criterion", args=[round_.pk, alder.pk, criterion])
        assert ada.post(url, {"verdict": "met", "reason": ""}).status_code == 409
        assert ada.post(url, {"verdict": "perhaps", "reason": "Seen by me."}).status_code == 409
        given = {"verdict": "met", "reason": "A letter of the agency says so."}
        assert ada.post(url, given).url == desk
    page = ada.get(desk).content.decode()
    assert "Decided by Ada Test" in page
    decided = reverse("programs:decide_criterion", args=[round_.pk, alder.pk, "not_in_round"])
    refused = ada.post(decided, {"verdict": "met", "reason": "A letter of the agency says so."})
    assert "nobody decides against them" in refused.content.decode()
    assert ada.post(desk, eligible).url == desk
    assert alder_now().state == "eligible"


def test_a_decision_holds_as_long_as_the_records_leave_the_same_thing_open(cast: Cast) -> None:
    round_ = open_round(cast)
    alder = alder_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    actions.screen_application(by=cast.ada, application_id=alder.pk)
    actions.decide_criterion(
        by=cast.ada,
        application_id=alder.pk,
        criterion="registered",
        verdict="not_met",
        reason="The registry has no such site.",
    )
    actions.screen_application(by=cast.ada, application_id=alder.pk)
    kept = {c["id"]: c for c in queries.stored_criteria(alder_now())}
    assert kept["registered"]["decided"]["verdict"] == "not_met"
    load_public_records()
    actions.screen_application(by=cast.ada, application_id=alder.pk)
    judged = {c["id"]: c for c in queries.stored_criteria(alder_now())}
    assert judged["registered"]["verdict"] == "met"
    assert not judged["registered"].get("decided")


def alder_now() -> Application:
    return Application.objects.select_related("facility", "round").get()
