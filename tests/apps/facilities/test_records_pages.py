"""The office's page of public files: what it shows, what it takes, what it refuses and how."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from openqmm.apps.facilities.models import RecordSource
from openqmm.web import clock, once_keys
from tests.apps.facilities.stories import (
    ALDER_FEI,
    ALERT_HEADER,
    COMPLIANCE_HEADER,
    alert_row,
    compliance_rows,
    facility_of,
    load,
    load_public_records,
)
from tests.apps.programs.stories import advanced, alder_applied, open_round
from tests.people import Cast

pytestmark = pytest.mark.django_db


def sent(text: str = "", name: str = "actions.csv", content: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or text.encode())


def actions_file(name: str = "actions.csv") -> SimpleUploadedFile:
    return sent("\n".join([COMPLIANCE_HEADER, *compliance_rows()]) + "\n", name)


def test_the_page_says_what_is_loaded_what_is_missing_and_what_is_too_old(cast: Cast) -> None:
    ada, url = cast.client("ada"), reverse("records:sources")
    empty = ada.get(url).content.decode()
    assert "No file yet" in empty
    assert "No file of compliance actions is loaded." in empty
    load_public_records()
    old = clock.today() - timedelta(days=60)
    load("import_alerts", ALERT_HEADER, alert_row("Somebody"), told_on=old)
    page = ada.get(url).content.decode()
    assert "compliance.csv" in page
    assert f"The import alerts loaded end on {old}; load a newer file." in page
    assert "No file of compliance actions is loaded." not in page


def test_a_file_is_recognised_and_loaded(cast: Cast) -> None:
    ada, url = cast.client("ada"), reverse("records:sources")
    said = {"file": actions_file("../../etc/actions.csv"), "covers_until": str(clock.today())}
    assert ada.post(url, said).url == url
    source = RecordSource.objects.get()
    assert (source.kind, source.file_name) == ("compliance", "actions.csv")
    assert source.covers_until == clock.today()
    assert "2 rows read, 2 new" in ada.get(url).content.decode()


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({}, "This field is required"),
        ({"file": sent()}, "The file is empty."),
        ({"file": sent("a,b\n1,2\n")}, "could not be recognised as one of the nine kinds"),
        ({"file": sent(content=b"\x00\x01" * 400)}, "could not be recognised"),
        ({"file": sent("<html>Sorry</html>"), "kind": "compliance"}, "actions.csv"),
        ({"file": actions_file(), "kind": "inspections"}, "inspection"),
        ({"file": actions_file(), "told_on": "2026-06-01"}, "until which day it is complete"),
        ({"file": actions_file(), "covers_until": "2999-06-01"}, "was said to cover"),
        ({"file": sent(COMPLIANCE_HEADER + "\n")}, "at least one record"),
    ],
)
def test_every_refusal_is_one_clear_message_beside_the_file(
    cast: Cast, said: dict, refusal: str
) -> None:
    answer = cast.client("ada").post(reverse("records:sources"), said)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert refusal in page
    assert "usa-error-message" in page
    assert not RecordSource.objects.exists()


def test_a_file_too_large_is_said_to_be(cast: Cast, settings: object) -> None:
    settings.LARGEST_UPLOAD_BYTES = 1 << 20  # type: ignore[attr-defined]
    large = sent(content=b"x" * (3 << 20))
    answer = cast.client("ada").post(reverse("records:sources"), {"file": large})
    assert answer.status_code == 413
    assert "has more than 1 MB" in answer.content.decode()


def test_a_double_click_loads_once(cast: Cast) -> None:
    ada, url = cast.client("ada"), reverse("records:sources")
    key = once_keys.new_key(cast.ada.person_id)
    for _ in range(2):
        assert ada.post(url, {"file": actions_file(), once_keys.FIELD: key}).url == url
    assert RecordSource.objects.count() == 1


def test_the_timeline_of_the_own_facility_tells_everything_on_one_line(cast: Cast) -> None:
    load_public_records()
    letter = f"{ALDER_FEI},Alder Synthesis,,IND,Drugs,2025-02-03,Warning Letter,990009"
    load("compliance", COMPLIANCE_HEADER, letter, name="letters.csv")
    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    url = reverse("facilities:facility", args=[facility.pk])
    page = cast.client("sid").get(url).content.decode()
    assert page.index("voluntary action indicated") < page.index("Warning Letter to Alder")
    assert "letters.csv" in page
    only = cast.client("sid").get(url, {"kind": "compliance"}).content.decode()
    assert "Warning Letter to Alder" in only
    assert "voluntary action indicated" not in only
    assert cast.client("sid").get(url, {"kind": "nothing", "page": "x"}).status_code == 200
    assert cast.client("bria").get(url).status_code == 404


def test_what_is_gone_is_told_with_the_day(cast: Cast) -> None:
    first, second = clock.today() - timedelta(days=9), clock.today() - timedelta(days=2)
    load("import_alerts", ALERT_HEADER, alert_row("Alder", fei=ALDER_FEI), told_on=first)
    load("import_alerts", ALERT_HEADER, alert_row("Other"), told_on=second)
    facility = facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    page = cast.client("quin").get(reverse("facilities:facility", args=[facility.pk]))
    words = f"No longer in the source since {second.day} {second:%b %Y}."
    assert words in page.content.decode()


def test_the_screening_desk_shows_the_timeline_and_filters_it(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    application = alder_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    desk = reverse("programs:screening_of", args=[round_.pk, application.pk])
    page = cast.client("ada").get(desk, {"kind": "inspections"}).content.decode()
    assert "Inspection 900001" in page
    assert (
        "Nothing of this kind" in cast.client("ada").get(desk, {"kind": "form483"}).content.decode()
    )


def test_only_the_office_loads_files_and_links_records(cast: Cast) -> None:
    for route in ("records:sources", "records:links"):
        for name in ("bea", "odo", "lea", "quin", "sid", "bria", "cora", "pia", "rex"):
            assert cast.client(name).get(reverse(route)).status_code == 403
        assert cast.client(None).get(reverse(route)).status_code == 302
