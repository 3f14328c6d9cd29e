"""The pipeline, what is due, calendars and the table of a year."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from icalendar import Calendar

from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.models import Application
from openqmm.web import clock
from tests.apps.facilities.stories import load_public_records
from tests.apps.programs.stories import advanced, alder_applied, birch_applied, open_round
from tests.arranging import arranged
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast: Cast) -> Application:
    """Alder's application, asked for information; Birch's beside it."""
    load_public_records()
    round_ = open_round(cast)
    alder = alder_applied(cast, round_)
    birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    actions.screen_application(by=cast.ada, application_id=alder.pk)
    return actions.decide_screening(
        by=cast.ada,
        application_id=alder.pk,
        event="ask_information",
        reason="Which product is on the US market?",
    )


def test_the_pipeline_shows_who_stands_where_and_what_is_late(
    cast: Cast, asked: Application
) -> None:
    with arranged():
        Application.objects.filter(pk=asked.pk).update(answer_by_on=date(2020, 1, 2))
    url = reverse("programs:pipeline", args=[asked.round_id])
    page = cast.client("ada").get(url).content.decode()
    assert "1 late" in page
    assert "Answer to the request for information, 2 Jan" in page
    assert "Alder Unit 1" in page
    assert cast.client("quin").get(url).status_code == 403


def test_what_is_due_comes_earliest_first(cast: Cast, asked: Application) -> None:
    later = open_round(cast, "2027-B")
    lines = queries.due_lines(cast.ada)
    assert [line.deadline.what for line in lines] == [
        "Answer to the request for information",
        "Last day for applications",
    ]
    assert lines[1].deadline.on == later.closes_on
    assert queries.due_lines(cast.quin) == []
    assert (
        "Alder Unit 1, 2027-A" in cast.client("ada").get(reverse("programs:due")).content.decode()
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ada", ["Answer to the request for information: Alder Unit 1, 2027-A"]),
        ("quin", ["Answer to the request for information: Alder Unit 1"]),
        ("bria", []),
    ],
)
def test_a_calendar_holds_ones_own_days(
    cast: Cast, asked: Application, name: str, expected: list[str]
) -> None:
    answer = cast.client(name).get(reverse("programs:calendar"))
    found = Calendar.from_ical(answer.content)
    assert [str(event["summary"]) for event in found.walk("VEVENT")] == expected
    for event in found.walk("VEVENT"):
        assert event["dtstart"].dt == asked.answer_by_on


def test_the_table_of_a_year_counts_its_rounds(cast: Cast, asked: Application) -> None:
    report = queries.annual_report(cast.ada)
    assert (report.year, len(report.lines)) == (clock.today().year, 1)
    counts = dict(zip(report.head, report.totals, strict=True))
    assert (counts["Submitted"], counts["Accepted"], counts["Withdrawn"]) == (2, 0, 0)
    ada, url = cast.client("ada"), reverse("programs:annual")
    assert "2027-A" in ada.get(url).content.decode()
    csv = ada.get(url, {"format": "csv"}).content.decode()
    assert csv.splitlines()[0].startswith("Round,Program,From,Until,Places,Submitted")
    assert csv.splitlines()[1].startswith("2027-A,")
    assert ada.get(url, {"year": "1999"}).status_code == 200
    assert cast.client("quin").get(url).status_code == 403


def test_without_a_round_the_table_teaches(cast: Cast) -> None:
    page = cast.client("ada").get(reverse("programs:annual")).content.decode()
    assert "No round opened in this year" in page
