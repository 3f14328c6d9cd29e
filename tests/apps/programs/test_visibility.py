"""Who knows of an application, and who must not."""

from __future__ import annotations

import pytest
from django.urls import reverse

from openqmm.apps.programs import actions, queries
from openqmm.core.errors import NotFound
from openqmm.core.workflow import SYSTEM
from tests.apps.facilities.stories import load_public_records
from tests.apps.programs.stories import (
    advanced,
    alder_applied,
    alder_draft,
    birch_applied,
    draft_round,
    open_round,
)
from tests.people import Cast

pytestmark = pytest.mark.django_db

NOTHING = "00000000-0000-4000-8000-000000000000"


def test_a_draft_is_known_to_its_own_organisation_only(cast: Cast) -> None:
    alder_draft(cast, open_round(cast))
    assert {n for n, a in cast.actors.items() if queries.applications(a)} == {"quin", "sid"}


def test_a_signed_application_is_known_to_the_office_too(cast: Cast) -> None:
    alder_applied(cast, open_round(cast))
    known = {n for n, a in cast.actors.items() if queries.applications(a)}
    assert known == {"quin", "sid", "ada"}
    assert len(queries.applications(SYSTEM)) == 1


def test_a_draft_withdrawn_before_it_was_signed_stays_unknown_to_the_office(cast: Cast) -> None:
    draft = alder_draft(cast, open_round(cast))
    actions.withdraw_application(by=cast.quin, application_id=draft.pk, reason="Not this year.")
    with pytest.raises(NotFound):
        queries.application(cast.ada, draft.pk)


def test_rounds_are_the_offices(cast: Cast) -> None:
    round_ = draft_round(cast)
    assert {n for n, a in cast.actors.items() if queries.rounds(a)} == {"ada"}
    with pytest.raises(NotFound):
        queries.round_(cast.quin, round_.pk)


def test_an_applicants_pages_tell_nothing_of_others(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    alder, _birch = alder_applied(cast, round_), birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    actions.screen_application(by=cast.ada, application_id=alder.pk)
    quin = cast.client("quin")
    for url in (
        reverse("programs:applications"),
        reverse("programs:application", args=[alder.pk]),
    ):
        page = quin.get(url).content.decode()
        assert "Birch" not in page
        assert "Needs review" not in page
        assert "Meets every criterion" not in page


@pytest.mark.parametrize("route", ["programs:application", "programs:edit", "programs:review"])
def test_the_rival_gets_the_answer_for_nothing(cast: Cast, route: str) -> None:
    draft = alder_draft(cast, open_round(cast))
    bria = cast.client("bria")
    theirs = bria.get(reverse(route, args=[draft.pk]))
    nothing = bria.get(reverse(route, args=[NOTHING]))
    assert theirs.status_code == nothing.status_code == 404
    assert "Alder" not in theirs.content.decode()


@pytest.mark.parametrize("route", ["programs:sign", "programs:take_step"])
def test_the_rival_cannot_step_for_another(cast: Cast, route: str) -> None:
    draft = alder_draft(cast, open_round(cast))
    event = {"programs:sign": "submit", "programs:take_step": "withdraw"}[route]
    given = {"event": event, "password": "x", "reason": "Because they asked."}
    answer = cast.client("boris").post(reverse(route, args=[draft.pk]), given)
    assert answer.status_code == 404
    assert queries.application(cast.quin, draft.pk).state == "draft"


@pytest.mark.parametrize(
    "route", ["programs:rounds", "programs:new_round", "programs:round", "programs:screening"]
)
@pytest.mark.parametrize("name", ["bea", "odo", "lea", "quin", "sid", "cora", "pia", "rex"])
def test_the_offices_pages_are_the_administrators(cast: Cast, route: str, name: str) -> None:
    round_ = draft_round(cast)
    args = [round_.pk] if route in {"programs:round", "programs:screening"} else []
    assert cast.client(name).get(reverse(route, args=args)).status_code == 403
    signed_out = cast.client(None).get(reverse(route, args=args))
    assert signed_out.status_code == 302
