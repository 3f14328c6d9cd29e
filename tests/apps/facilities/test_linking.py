"""Which site a record is about: by rule, by a person, and never by a guess."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.facilities import actions, policies, queries
from openqmm.apps.facilities.models import ImportAlertEntry, RecordLink
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from tests.apps.facilities.stories import (
    ALDER_FEI,
    ALERT_HEADER,
    BIRCH_FEI,
    REGISTRATION_HEADER,
    SHORTAGE_HEADER,
    alert_row,
    load,
    load_public_records,
    registration_rows,
    shortage_row,
)
from tests.people import Cast

pytestmark = pytest.mark.django_db
JUNE, JULY = date(2026, 6, 1), date(2026, 7, 1)
ALDER_PLACE = "Plot 7, Invented Park, India"
# The site of another firm that is called the same and stands in the same place.
NAMESAKE = '3009999977,999000077,Alder Synthesis Unit 1,"Plot 9, Invented Park, India (IND)",,PACK'


def alerts(*rows: str, told_on: date = JUNE) -> None:
    load("import_alerts", ALERT_HEADER, *rows, told_on=told_on)


def waiting() -> RecordLink:
    return RecordLink.objects.get(state="proposed")


def decide(by: object, link: RecordLink, fei: str | None, **changed: str) -> None:
    seen = queries.links_seen(list(RecordLink.objects.filter(subject=link.subject)))
    said = {"reason": "The address on the list is the plant's.", "seen": seen} | changed
    actions.decide_link(by=by, kind=link.kind, subject=link.subject, fei=fei, **said)


def test_a_firm_of_one_name_and_place_is_linked_by_rule_with_its_evidence() -> None:
    load_public_records()
    alerts(alert_row("ALDER SYNTHESIS UNIT 1, Ltd.", ALDER_PLACE))
    link = RecordLink.objects.get()
    assert (link.fei, link.state, link.method) == (ALDER_FEI, "accepted", "name_city")
    assert link.reviewer is None
    assert "alder synthesis unit 1" in link.evidence
    assert [entry.alert for entry in queries.public_record(ALDER_FEI).alerts] == ["66-40"]
    event = AuditEvent.objects.get(what="records.linked")
    assert "1 by rule, 0 for review" in event.sentence


def test_two_sites_of_one_name_and_place_wait_for_a_person() -> None:
    load("establishments", REGISTRATION_HEADER, *registration_rows(), NAMESAKE, told_on=JUNE)
    alerts(alert_row("Alder Synthesis Unit 1", ALDER_PLACE))
    assert set(RecordLink.objects.values_list("fei", "state")) == {
        (ALDER_FEI, "proposed"),
        ("3009999977", "proposed"),
    }
    record = queries.public_record(ALDER_FEI)
    assert (record.alerts, len(record.possible_alerts)) == ((), 1)


def test_a_namesake_registered_later_takes_the_rules_link_back() -> None:
    load("establishments", REGISTRATION_HEADER, *registration_rows(), told_on=JUNE)
    alerts(alert_row("Alder Synthesis Unit 1", ALDER_PLACE))
    assert RecordLink.objects.get().state == "accepted"
    load("establishments", REGISTRATION_HEADER, *registration_rows(), NAMESAKE, told_on=JULY)
    assert set(RecordLink.objects.values_list("state", flat=True)) == {"proposed"}


def test_a_similar_name_is_never_linked_without_a_person() -> None:
    load_public_records()
    alerts(alert_row("Alder Synthetics", "2 Elsewhere Street, Pune", "IND"))
    assert set(RecordLink.objects.values_list("state", flat=True)) <= {"proposed"}
    assert queries.public_record(ALDER_FEI).alerts == ()


def test_an_fei_in_the_record_needs_no_link() -> None:
    load_public_records()
    alerts(alert_row("Another name", fei=ALDER_FEI))
    assert not RecordLink.objects.exists()
    (told,) = queries.timeline(ALDER_FEI, kind="import_alerts").page
    assert told.linked == "by FEI"


def test_a_person_decides_once_for_all_records_of_the_firm_and_those_to_come(cast: Cast) -> None:
    load_public_records()
    row = shortage_row("Inventol", company="Birch Pharma Works")
    load("shortages", SHORTAGE_HEADER, row, told_on=JUNE)
    decide(cast.ada, waiting(), BIRCH_FEI)
    link = RecordLink.objects.get()
    assert (link.state, link.method, str(link.reviewer_id)) == (
        "accepted",
        "person",
        str(cast.ada.person_id),
    )
    more = shortage_row("Inventamide", company="Birch Pharma Works")
    load("shortages", SHORTAGE_HEADER, row, more, told_on=JULY)
    told = queries.timeline(BIRCH_FEI, kind="shortages").page
    assert {entry.sentence.split(",")[0] for entry in told} == {"Inventol", "Inventamide"}
    assert {entry.linked for entry in told} == {"by a person's decision"}
    event = AuditEvent.objects.get(what="records.link_decided")
    assert (event.why, event.actor_id) == (link.reason, link.reviewer_id)


def test_a_firm_under_a_new_name_is_looked_at_anew(cast: Cast) -> None:
    load_public_records()
    load("shortages", SHORTAGE_HEADER, shortage_row("A", "Birch Pharma Works"), told_on=JUNE)
    decide(cast.ada, waiting(), BIRCH_FEI)
    load("shortages", SHORTAGE_HEADER, shortage_row("A", "Birch Pharma Group"), told_on=JULY)
    assert RecordLink.objects.filter(state="accepted").count() == 1
    assert waiting().firm["name"] == "Birch Pharma Group"


def test_what_a_person_refused_is_neither_proposed_nor_linked_again(cast: Cast) -> None:
    load_public_records()
    alerts(alert_row("Alder Synthesis Unit 1", ALDER_PLACE))
    decide(cast.ada, RecordLink.objects.get(), None)
    assert RecordLink.objects.get().state == "rejected"
    newer = registration_rows()
    newer[1] = newer[1].replace("1 Birch Road", "2 Birch Road")
    load("establishments", REGISTRATION_HEADER, *newer, told_on=JULY)
    assert RecordLink.objects.get().state == "rejected"
    assert queries.public_record(ALDER_FEI).alerts == ()


def test_a_person_may_name_a_site_the_rules_did_not_find(cast: Cast) -> None:
    load_public_records()
    alerts(alert_row("Alder Synthetics", "2 Elsewhere Street, Pune"))
    link = waiting()
    with pytest.raises(TransitionRefused, match="in none of the registration"):
        decide(cast.ada, link, "3001234567")
    with pytest.raises(TransitionRefused, match="is not an FEI"):
        decide(cast.ada, link, "30O9")
    decide(cast.ada, link, f"00{BIRCH_FEI}")
    assert RecordLink.objects.get(state="accepted").fei == BIRCH_FEI
    assert RecordLink.objects.get(fei=ALDER_FEI).state == "rejected"


def test_a_decision_needs_a_reason_and_what_its_maker_saw(cast: Cast) -> None:
    load_public_records()
    alerts(alert_row("Alder Synthesis Unit 1", ALDER_PLACE))
    link = RecordLink.objects.get()
    with pytest.raises(TransitionRefused):
        decide(cast.ada, link, ALDER_FEI, reason="ok")
    with pytest.raises(TransitionRefused, match="changed since you opened"):
        decide(cast.ada, link, ALDER_FEI, seen="another state")
    assert not AuditEvent.objects.filter(what="records.link_decided").exists()


def test_only_the_office_decides_and_sees_links(cast: Cast) -> None:
    may = {name for name, actor in cast.actors.items() if not policies.linking_refusal(actor)}
    assert may == {"ada"}
    load_public_records()
    alerts(alert_row("Alder Synthesis Unit 1", ALDER_PLACE))
    link = RecordLink.objects.get()
    with pytest.raises(NotPermitted, match="program administrator"):
        decide(cast.quin, link, ALDER_FEI)
    with pytest.raises(NotFound):
        queries.review_queue(cast.quin)
    with pytest.raises(NotFound):
        queries.firm_review(cast.bea, link.kind, link.subject)


def test_the_queue_and_its_page(cast: Cast) -> None:
    load("establishments", REGISTRATION_HEADER, *registration_rows(), NAMESAKE, told_on=JUNE)
    ada, queue = cast.client("ada"), reverse("records:links")
    assert "No firm waits" in ada.get(queue).content.decode()
    alerts(alert_row("Alder Synthesis Unit 1", ALDER_PLACE))
    entry = ImportAlertEntry.objects.get()
    url = reverse("records:link", args=["import_alerts", entry.subject])
    assert url in ada.get(queue, {"kind": "import_alerts"}).content.decode()
    assert url not in ada.get(queue, {"kind": "shortages"}).content.decode()
    page = ada.get(url).content.decode()
    for words in ("Plot 9, Invented Park", "FEI 3009999977", "66 Inventol", "Sites it could be"):
        assert words in page
    seen = queries.firm_review(cast.ada, "import_alerts", entry.subject).seen
    empty = ada.post(url, {"seen": seen})
    assert empty.status_code == 400
    said = {"site": ALDER_FEI, "reason": "The plot number is Alder's.", "seen": seen}
    assert ada.post(url, said).url == queue
    assert RecordLink.objects.get(state="accepted").fei == ALDER_FEI
    again = ada.post(url, said | {"reason": "Somebody else clicks later."})
    assert "changed since you opened" in again.content.decode()
    assert "The plot number is Alder" in ada.get(url).content.decode()
    assert url in ada.get(queue, {"state": "accepted"}).content.decode()


def test_a_firm_that_has_no_links_is_not_there(cast: Cast) -> None:
    ada = cast.client("ada")
    for kind in ("import_alerts", "establishments", "nothing"):
        assert ada.get(reverse("records:link", args=[kind, "0" * 64])).status_code == 404
