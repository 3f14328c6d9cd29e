"""The office's letters: read first, sent once, kept for both sides."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.programs import actions
from openqmm.apps.programs.models import Application, Letter
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from tests.apps.facilities.stories import load_public_records
from tests.apps.programs.stories import (
    advanced,
    alder_applied,
    birch_applied,
    drawn,
    found_eligible,
    open_round,
)
from tests.people import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def placed(cast: Cast) -> tuple[Application, Application]:
    """Alder selected and Birch on the reserve list of one place."""
    load_public_records()
    round_ = open_round(cast)
    alder, birch = alder_applied(cast, round_), birch_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    found_eligible(cast, alder)
    found_eligible(cast, birch)
    drawn(cast, round_, cap=1, first=alder)
    return alder, birch


def test_a_letter_is_read_then_sent_and_kept_for_both_sides(
    cast: Cast, placed: Any, django_capture_on_commit_callbacks: Any
) -> None:
    alder, _birch = placed
    ada, url = cast.client("ada"), reverse("programs:letter", args=[alder.pk])
    page = ada.get(url).content.decode()
    assert "Offer of a place: Alder Unit 1, 2027-A" in page
    assert "To quin@example.org" in page
    pdf = ada.get(reverse("programs:letter_preview", args=[alder.pk]))
    assert pdf.content.startswith(b"%PDF")
    with django_capture_on_commit_callbacks(execute=True):
        assert ada.post(url).url == url
    (message,) = mail.outbox
    assert message.to == ["quin@example.org", "quade@example.org"]
    assert "is offered a place" in message.body
    assert "Birch" not in message.body
    name, content, kind = message.attachments[0]
    assert (name, kind, content[:4]) == ("letter.pdf", "application/pdf", b"%PDF")
    letter = Letter.objects.get()
    assert AuditEvent.objects.filter(what="application.letter").count() == 1
    again = reverse("programs:sent_letter", args=[letter.pk])
    assert cast.client("quin").get(again).content.startswith(b"%PDF")
    assert cast.client("bria").get(again).status_code == 404
    assert cast.client("lea").get(again).status_code == 403


def test_the_same_letter_is_not_sent_twice_by_mistake(cast: Cast, placed: Any) -> None:
    alder, _ = placed
    actions.send_letter(by=cast.ada, application_id=alder.pk)
    with pytest.raises(TransitionRefused, match="sent already"):
        actions.send_letter(by=cast.ada, application_id=alder.pk)
    ada, url = cast.client("ada"), reverse("programs:letter", args=[alder.pk])
    assert "Send it again" in ada.get(url).content.decode()
    refused = ada.post(url)
    assert refused.status_code == 409
    assert ada.post(url, {"again": "yes"}).status_code == 302
    assert Letter.objects.count() == 2


def test_each_state_has_its_letter_and_a_draft_none(cast: Cast, placed: Any) -> None:
    _, birch = placed
    page = cast.client("ada").get(reverse("programs:letter", args=[birch.pk])).content.decode()
    assert "stands on the reserve list at place 1." in page
    other = alder_applied_elsewhere(cast)
    assert cast.client("ada").get(reverse("programs:letter", args=[other.pk])).status_code == 404
    with pytest.raises(NotFound):
        actions.send_letter(by=cast.ada, application_id=other.pk)


def test_the_letter_of_the_ineligible_lists_the_criteria_not_met(cast: Cast) -> None:
    load_public_records(alder="OAI")
    round_ = open_round(cast)
    alder = alder_applied(cast, round_)
    advanced(cast, round_, "begin_screening")
    actions.screen_application(by=cast.ada, application_id=alder.pk)
    actions.decide_screening(
        by=cast.ada,
        application_id=alder.pk,
        event="find_ineligible",
        reason="The latest class is OAI.",
    )
    page = cast.client("ada").get(reverse("programs:letter", args=[alder.pk])).content.decode()
    assert "Current class is NAI or VAI: The latest inspection" in page
    assert "The decision: The latest class is OAI." in page


@pytest.mark.parametrize("name", ["bea", "quin", "sid", "lea", "rex"])
def test_nobody_but_the_office_sends(cast: Cast, placed: Any, name: str) -> None:
    with pytest.raises((NotPermitted, NotFound)):
        actions.send_letter(by=cast.actors[name], application_id=placed[0].pk)
    assert not Letter.objects.exists()


def alder_applied_elsewhere(cast: Cast) -> Application:
    """An application that waits to be screened."""
    return birch_applied(cast, open_round(cast, "2027-B"), fei="3009999977")
