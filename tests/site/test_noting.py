"""What is refused, and what starts, is on the installation's trail."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from openqmm.apps.audit.models import INSTALLATION, AuditEvent
from openqmm.site import serving
from openqmm.site.configuration import configuration, configuration_digest
from openqmm.web import clock
from tests.people import Cast

pytestmark = pytest.mark.django_db


def _denied() -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(what="access.denied").order_by("seq"))


@pytest.mark.requirement("R12")
def test_a_denied_access_is_on_the_trail_once_a_minute_for_each_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    bria = cast.client("bria")
    for _ in range(3):
        assert bria.get("/trail/?text=secret-words").status_code == 403
    assert bria.post("/trail/check/").status_code == 403
    first, second = _denied()
    assert (first.actor_name, first.trail_id) == ("Bria Test", INSTALLATION)
    assert first.sentence == "was refused audit:trail"
    assert first.why == "as facility quality lead"
    assert "secret-words" not in first.content
    assert second.sentence == "was refused audit:check"
    cast.client("sid").get("/trail/")
    later = clock.now() + timedelta(minutes=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    bria.get("/trail/")
    assert [event.actor_name for event in _denied()[2:]] == ["Sid Test", "Bria Test"]


@pytest.mark.requirement("R12")
def test_what_the_address_names_is_told_and_is_nothing_for_a_rival(cast: Cast) -> None:
    id_ = "00000000-0000-4000-8000-000000000000"
    assert cast.client("bria").get(f"/trail/{id_}/").status_code == 403
    (event,) = _denied()
    assert event.why == f"as facility quality lead, event_id {id_}"
    page = cast.client("rex").get("/trail/?only=refusals").content.decode()
    assert "Was refused audit:event" in page


def test_who_is_not_signed_in_leaves_no_trace(cast: Cast) -> None:
    cast.client(None).get("/trail/")
    cast.client(None).get("/trail/00000000-0000-4000-8000-000000000000/")
    assert _denied() == []


@pytest.mark.requirement("R48")
def test_a_start_is_on_the_trail_when_something_is_new(settings: Any, cast: Cast) -> None:
    assert serving.note_start()
    assert not serving.note_start()
    before = configuration_digest()
    settings.SESSION_COOKIE_AGE = 60
    assert configuration_digest() != before
    assert serving.note_start()
    events = AuditEvent.objects.filter(what="installation.started", trail_id=INSTALLATION)
    assert events.count() == 2
    assert events.latest("seq").why == f"configuration {configuration_digest()}"


@pytest.mark.requirement("R48")
def test_no_secret_is_part_of_the_configuration(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SECRET_KEY = "never-to-be-told"
    monkeypatch.setitem(settings.DATABASES["default"], "PASSWORD", "nor-this")
    said = str(configuration())
    assert "never-to-be-told" not in said
    assert "nor-this" not in said
    before = configuration_digest()
    settings.SECRET_KEY = "another"
    assert configuration_digest() == before
