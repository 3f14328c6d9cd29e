"""What waits for each role, from announcement to acceptance."""

from __future__ import annotations

import pytest

from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.models import Application, Round
from openqmm.core.workflow import Actor
from openqmm.web import clock
from tests.apps.facilities.stories import ALDER_FEI, facility_of, load_public_records
from tests.apps.programs.stories import (
    WRITTEN,
    advanced,
    birch_applied,
    draft_round,
    drawn,
    found_eligible,
)
from tests.arranging import arranged
from tests.people import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def labels(by: Actor) -> list[str]:
    return [step.label for step in queries.next_steps(by)]


def test_what_waits_for_whom(cast: Cast) -> None:
    load_public_records()
    round_ = draft_round(cast)
    assert labels(cast.ada) == ["Announce the round"]
    advanced(cast, round_, "announce")
    assert labels(cast.ada) == ["Open the round"]
    advanced(cast, round_, "open")
    assert labels(cast.ada) == []

    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    draft = actions.start_application(by=cast.quin, round_id=round_.pk, facility_id=facility.pk)
    assert (labels(cast.quin), labels(cast.sid)) == (["Finish the application"], [])
    actions.edit_application(by=cast.quin, application_id=draft.pk, version=1, entry=WRITTEN)
    assert (labels(cast.quin), labels(cast.sid)) == ([], ["Sign the application"])
    assert queries.next_steps(cast.sid)[0].due == round_.closes_on
    actions.submit_application(by=cast.sid, application_id=draft.pk, password=PASSWORD)
    assert labels(cast.sid) == []
    birch = birch_applied(cast, round_)

    advanced(cast, round_, "begin_screening")
    assert labels(cast.ada) == ["Screen 2 applications"]
    found_eligible(cast, draft)
    assert labels(cast.ada) == ["Screen 1 application"]
    found_eligible(cast, birch)
    assert labels(cast.ada) == ["Draw the places among 2 applications"]
    drawn(cast, round_, cap=1, first=draft)
    assert labels(cast.ada) == ["Fix the selection of 2027-A"]
    assert labels(cast.sid) == ["Accept or decline the place"]
    assert labels(cast.boris) == []
    advanced(cast, round_, "fix_selection")
    actions.accept_place(by=cast.sid, application_id=draft.pk, password=PASSWORD)
    assert labels(cast.ada) == ["Begin the assessments"]


def test_a_request_waits_for_the_quality_lead_and_turns_late(cast: Cast) -> None:
    load_public_records()
    round_ = advanced(cast, draft_round(cast), "announce", "open")
    birch = birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    actions.screen_application(by=cast.ada, application_id=birch.pk)
    actions.decide_screening(
        by=cast.ada,
        application_id=birch.pk,
        event="ask_information",
        reason="Which product is sold?",
    )
    (step,) = queries.next_steps(cast.bria)
    assert (step.label, step.late) == ("Answer the request for information", False)
    with arranged():
        Application.objects.update(answer_by_on=clock.today().replace(year=2020))
    assert queries.next_steps(cast.bria)[0].late


def test_a_round_past_its_last_day_is_late_to_close(cast: Cast) -> None:
    round_ = advanced(cast, draft_round(cast), "announce", "open")
    with arranged():
        Round.objects.filter(pk=round_.pk).update(closes_on=clock.today().replace(year=2020))
    (step,) = queries.next_steps(cast.ada)
    assert (step.label, step.late) == ("Close the round to applications", True)


@pytest.mark.parametrize("name", ["bea", "odo", "lea", "asa", "cora", "pia", "rex"])
def test_nothing_waits_here_for_anybody_else(cast: Cast, name: str) -> None:
    birch_applied(cast, advanced(cast, draft_round(cast), "announce", "open"))
    assert queries.next_steps(cast.actors[name]) == []
