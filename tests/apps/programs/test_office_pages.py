"""The office at work: rounds, the screening desk, the selection board."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from openqmm.apps.programs.models import Application, Round
from openqmm.web import clock
from tests.apps.facilities.stories import load_public_records
from tests.apps.programs.stories import (
    advanced,
    alder_applied,
    birch_applied,
    draft_round,
    found_eligible,
    open_round,
    sealed_protocol,
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
    assert "every criterion is met" in kept.content.decode()
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
    given = {"application": str(alder.pk), "event": "select", "reason": "Small, old, abroad."}
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


def test_the_selection_board_keeps_the_cap(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    ada = cast.client("ada")
    board = reverse("programs:selection", args=[round_.pk])
    assert "No eligible application yet" in ada.get(board).content.decode()
    alder, birch = alder_applied(cast, round_), birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, alder)
    found_eligible(cast, birch)
    with arranged():
        Round.objects.filter(pk=round_.pk).update(cap=1)
    given = {"application": str(alder.pk), "event": "select", "reason": "Small, old, abroad."}
    assert ada.post(board, given).url == board
    page = ada.get(board).content.decode()
    assert "1 of 1 places taken" in page
    assert "The one place of this round is taken" in page or "The one place" in page
    refused = ada.post(board, given | {"application": str(birch.pk), "reason": "My kept words."})
    assert refused.status_code == 409
    assert "My kept words." in refused.content.decode()
    moved = ada.post(board, given | {"application": str(birch.pk), "event": "reserve"})
    assert moved.status_code == 302
    assert Application.objects.get(pk=birch.pk).state == "reserve"


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
        ("programs:screening", 22),
        ("programs:selection", 15),
        ("programs:round", 17),
    ):
        with django_assert_max_num_queries(most):  # type: ignore[operator]
            assert ada.get(reverse(route, args=[round_.pk])).status_code == 200
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        assert ada.get(reverse("programs:applications")).status_code == 200
