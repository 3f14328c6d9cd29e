"""What everybody may read: announcements, and a self-check that keeps and tells nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.programs import queries
from tests.apps.facilities.stories import ALDER_FEI, STRANGER_FEI, load_public_records
from tests.apps.programs.stories import advanced, alder_applied, draft_round, open_round
from tests.arranging import BESIDES
from tests.people import Cast

pytestmark = pytest.mark.django_db


def test_a_round_is_public_from_its_announcement_until_it_closes_to_applications(
    cast: Cast,
) -> None:
    round_ = draft_round(cast)
    url = reverse("public:round", args=[round_.pk])
    nobody = cast.client(None)
    assert nobody.get(url).status_code == 404
    advanced(cast, round_, "announce")
    announced = nobody.get(url).content.decode()
    assert "takes no applications" in announced
    assert queries.open_rounds() == []
    advanced(cast, round_, "open")
    page = nobody.get(url).content.decode()
    assert "Sign in and apply" in page
    assert "The facility is outside the United States and its territories." in page
    assert [row.name for row in queries.open_rounds()] == ["2027-A"]
    advanced(cast, round_, "begin_screening")
    assert nobody.get(url).status_code == 404


def test_the_self_check_answers_by_public_records(cast: Cast) -> None:
    load_public_records()
    nobody = cast.client(None)
    url = reverse("public:self_check")
    api = nobody.get(url, {"fei": ALDER_FEI, "program": "pilot-api"}).content.decode()
    assert "Nothing in the public records speaks against applying" in api
    assert "Inspection 900001" in api
    assert "is in US commerce" in api
    fdf = nobody.get(url, {"fei": ALDER_FEI, "program": "pilot-fdf"}).content.decode()
    assert "A criterion is not met" in fdf
    every = nobody.get(url, {"fei": STRANGER_FEI}).content.decode()
    assert every.count("Criterion by criterion") == 3
    assert "“30O9” is not an FEI" in nobody.get(url, {"fei": "30O9"}).content.decode()
    bare = nobody.get(url)
    assert "Criterion by criterion" not in bare.content.decode()
    assert bare.headers["Cache-Control"] == "no-store"
    assert bare.headers["Referrer-Policy"] == "no-referrer"


def test_the_self_check_says_the_same_whoever_has_applied(cast: Cast) -> None:
    load_public_records()
    round_ = open_round(cast)
    url, asked = reverse("public:self_check"), {"fei": ALDER_FEI, "program": "pilot-api"}
    before = cast.client(None).get(url, asked).content
    alder_applied(cast, round_)
    assert cast.client(None).get(url, asked).content == before
    assert "One application in the round" not in before.decode()


def test_the_self_check_writes_nothing_and_opens_no_session(cast: Cast) -> None:
    load_public_records()
    events = AuditEvent.objects.count()
    nobody = cast.client(None)
    with CaptureQueriesContext(connection) as asked:
        nobody.get(reverse("public:self_check"), {"fei": ALDER_FEI})
    assert all(query["sql"].startswith(("SELECT", *BESIDES)) for query in asked.captured_queries)
    assert AuditEvent.objects.count() == events
    assert "sessionid" not in nobody.cookies


def test_the_public_pages_tell_no_counts(cast: Cast) -> None:
    round_ = open_round(cast)
    url = reverse("public:round", args=[round_.pk])
    before = cast.client(None).get(url).content
    alder_applied(cast, round_)
    assert cast.client(None).get(url).content == before


def test_without_an_fei_the_questions_are_answered_and_nothing_is_kept(db: None) -> None:
    url = reverse("public:self_check")
    before = AuditEvent.objects.count()
    given = {
        "program": "pilot-api",
        "activities": ["API"],
        "country": "India",
        "registered": "yes",
        "inspected": "yes",
        "classification": "OAI",
    }
    page = Browser().get(url, given).content.decode()
    assert "By your answers a criterion is not met" in page
    assert "The latest inspection is OAI." in page
    assert "Not answered." in page
    assert AuditEvent.objects.count() == before
    assert "By your answers" not in Browser().get(url).content.decode()
    assert "By your answers" not in Browser().get(url, {"country": "x" * 90}).content.decode()
