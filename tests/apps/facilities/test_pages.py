"""A manufacturer's facilities: entered by the quality lead, seen by the own organisation only."""

from __future__ import annotations

import pytest
from django.urls import reverse

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.facilities import actions, policies, queries
from openqmm.apps.facilities.models import Facility
from openqmm.core.errors import InvalidRecords, NotFound, NotPermitted, TransitionRefused
from tests.apps.facilities.stories import ALDER_FEI, facility_of, load_public_records
from tests.apps.programs.stories import alder_applied, alder_draft, open_round
from tests.people import Cast

pytestmark = pytest.mark.django_db

ENTERED = {
    "fei": "3009999901",
    "duns": "99-900-0001",
    "name": "Alder Unit 1",
    "address": "Plot 7, Invented Park",
    "country": "India",
    "facility_type": "API",
}


def test_the_quality_lead_adds_a_facility_and_sees_its_record(cast: Cast) -> None:
    load_public_records()
    quin = cast.client("quin")
    filled = quin.get(reverse("facilities:add_facility"), {"fei": ALDER_FEI})
    assert "Filled in from the public registration file" in filled.content.decode()
    assert 'value="Alder Synthesis Unit 1"' in filled.content.decode()
    added = quin.post(reverse("facilities:add_facility"), ENTERED | {"fei": ALDER_FEI})
    facility = Facility.objects.get()
    assert added.url == reverse("facilities:facility", args=[facility.pk])
    assert (facility.fei, facility.duns, facility.country) == (ALDER_FEI, "999000001", "IND")
    page = quin.get(added.url).content.decode()
    assert "Drug Quality Assurance: voluntary action indicated" in page
    assert "never an input to a maturity score" in page
    event = AuditEvent.objects.get(what="facility.added")
    assert event.trail_id == cast.quin.organisation_id
    assert "Alder Unit 1" in quin.get(reverse("facilities:facilities")).content.decode()


def test_nothing_is_lost_on_an_error(cast: Cast) -> None:
    wrong = ENTERED | {"fei": "30O9", "country": "Ruritania"}
    answer = cast.client("quin").post(reverse("facilities:add_facility"), wrong)
    page = answer.content.decode()
    assert "at most ten digits" in page
    assert "Ruritania" in page
    assert "Plot 7, Invented Park" in page
    assert not Facility.objects.exists()


def test_the_own_fei_twice_is_refused_and_a_rivals_is_not_revealed(cast: Cast) -> None:
    facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    with pytest.raises(TransitionRefused, match="has a facility with the FEI"):
        facility_of(cast.quin, ALDER_FEI, "Alder Unit 1 again")
    page = cast.client("quin").post(
        reverse("facilities:add_facility"), ENTERED | {"fei": ALDER_FEI}
    )
    assert "has a facility with the FEI" in page.content.decode()
    # The rival enters the same number and learns nothing by it; screening brings the two together.
    assert facility_of(cast.bria, ALDER_FEI, "Birch claims it").fei == ALDER_FEI


def test_a_facility_that_cannot_be_read_leaves_neither_row_nor_event(cast: Cast) -> None:
    entry = actions.FacilityEntry("X", "none", "12", "Street", "Ruritania", "API")
    with pytest.raises(InvalidRecords, match="3 problems"):
        actions.add_facility(by=cast.quin, entry=entry)
    assert not Facility.objects.exists()
    assert not AuditEvent.objects.filter(what="facility.added").exists()


def test_only_a_quality_lead_adds_facilities(cast: Cast) -> None:
    may = {name for name, actor in cast.actors.items() if not policies.adding_refusal(actor)}
    assert may == {"quin", "bria"}
    with pytest.raises(NotPermitted):
        facility_of(cast.sid, ALDER_FEI, "Alder Unit 1")


def test_who_sees_a_facility(cast: Cast) -> None:
    round_ = open_round(cast)
    alder_draft(cast, round_)
    seen = {name for name, actor in cast.actors.items() if queries.facilities(actor)}
    assert seen == {"quin", "sid"}


def test_the_office_sees_a_facility_once_it_has_applied(cast: Cast) -> None:
    round_ = open_round(cast)
    application = alder_applied(cast, round_)
    assert queries.facility(cast.ada, application.facility_id).name == "Alder Unit 1"
    url = reverse("facilities:facility", args=[application.facility_id])
    assert cast.client("ada").get(url).status_code == 200
    for name in ("bea", "odo", "lea", "cora", "pia", "rex"):
        assert cast.client(name).get(url).status_code == 403
        with pytest.raises(NotFound):
            queries.facility(cast.actors[name], application.facility_id)


def test_an_empty_list_teaches(cast: Cast) -> None:
    assert (
        "No facility yet"
        in cast.client("sid").get(reverse("facilities:facilities")).content.decode()
    )


def test_the_rival_gets_the_same_answer_as_for_nothing(cast: Cast) -> None:
    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    theirs = cast.client("bria").get(reverse("facilities:facility", args=[facility.pk]))
    nothing = cast.client("bria").get(
        reverse("facilities:facility", args=["00000000-0000-4000-8000-000000000000"])
    )
    assert theirs.status_code == nothing.status_code == 404
    assert "Alder" not in theirs.content.decode()
    assert "Alder" not in cast.client("bria").get(reverse("facilities:facilities")).content.decode()
