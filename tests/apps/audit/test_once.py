"""A form takes effect once: whoever sends it, however often, and whatever happens meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse

from openqmm.apps.assessments.models import Remark
from openqmm.apps.audit import actions
from openqmm.apps.audit.models import AuditEvent, DoneOnce, Signature
from openqmm.apps.programs.models import Application
from openqmm.apps.programs.views import applications
from openqmm.core.errors import InvalidInput
from openqmm.web import clock, once_keys
from tests.apps.assessments.stories import consensus
from tests.apps.facilities.stories import ALDER_FEI, facility_of
from tests.apps.programs.stories import advanced, alder_draft, draft_round, open_round
from tests.browsers import Browser
from tests.people import PASSWORD, Cast
from tests.signing import held_out

pytestmark = pytest.mark.django_db

FACILITY = {
    "fei": ALDER_FEI,
    "duns": "123456789",
    "name": "Alder Unit 9",
    "address": "1 Example Road",
    "country": "USA",
    "facility_type": "API",
}


def _told(client: Browser, url: str) -> list[str]:
    """The messages that the page it leads to shows."""
    return [str(message) for message in client.get(url).context["messages"]]


@pytest.fixture
def remark_form(cast: Cast) -> tuple[Browser, str, dict[str, str]]:
    """Lea's browser, and the form to add a remark as she fills it in."""
    story = consensus(cast)
    page = reverse("assessments:report", args=[story.id])
    lea = cast.client("lea")
    area = lea.get(page).context["page"].areas[0].id
    form = {"kind": "strength", "area_id": area, "text": "They trend their complaints."}
    return lea, reverse("assessments:add_remark", args=[story.id]), form


@pytest.mark.requirement("R39")
def test_the_same_form_again_leads_to_the_same_place_with_the_same_message(remark_form) -> None:
    lea, url, form = remark_form
    form |= {"once": lea.fresh_key()}
    first = lea.post(url, form)
    said = _told(lea, first.url)
    events = AuditEvent.objects.count()
    again = lea.post(url, form)
    assert (again.status_code, again.url) == (first.status_code, first.url)
    assert _told(lea, again.url) == said == ["It is in the report."]
    assert Remark.objects.count() == 1
    assert AuditEvent.objects.count() == events


@pytest.mark.requirement("R39")
def test_a_page_gone_back_to_and_changed_is_another_act(remark_form) -> None:
    lea, url, form = remark_form
    form |= {"once": lea.fresh_key()}
    lea.post(url, form)
    lea.post(url, form | {"text": "They ask their people."})
    assert sorted(Remark.objects.values_list("text", flat=True)) == [
        "They ask their people.",
        "They trend their complaints.",
    ]


@pytest.mark.requirement("R39")
def test_a_form_without_a_key_or_with_an_invented_one_does_nothing(remark_form) -> None:
    lea, url, form = remark_form
    missing = lea.post(url, form | {"once": ""})
    assert missing.status_code == 400
    assert "no one-time key" in missing.content.decode()
    assert lea.post(url, form | {"once": "invented.by-myself"}).status_code == 403
    assert not Remark.objects.exists()
    assert not DoneOnce.objects.exists()


@pytest.mark.requirement("R39")
def test_the_key_of_somebody_else_or_of_another_page_is_refused(cast: Cast, remark_form) -> None:
    lea, url, form = remark_form
    rivals = cast.client("bria").fresh_key()
    refused = lea.post(url, form | {"once": rivals})
    assert refused.status_code == 403
    assert "made for somebody else" in refused.content.decode()
    key = lea.fresh_key()
    lea.post(url, form | {"once": key})
    elsewhere = url.replace("/report/remarks/", "/step/")
    refused = lea.post(elsewhere, {"event": "draft_report", "once": key})
    assert refused.status_code == 403
    assert Remark.objects.count() == 1


@pytest.mark.requirement("R39")
def test_a_refused_form_may_be_sent_again_as_it_is(cast: Cast) -> None:
    round_, facility = draft_round(cast), facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")
    advanced(cast, round_, "announce")
    quin, url = cast.client("quin"), reverse("programs:apply")
    form = {"facility_id": facility.pk, "round_id": round_.pk, "once": quin.fresh_key()}
    quin.post(url, form)
    assert not Application.objects.exists(), "the round takes no applications yet"
    assert not DoneOnce.objects.exists()
    advanced(cast, round_, "open")
    first, again = quin.post(url, form), quin.post(url, form)
    assert first.status_code == again.status_code == 302
    assert first.url == again.url == reverse("programs:edit", args=[Application.objects.get().pk])


@pytest.mark.requirement("R39")
def test_a_signature_sent_twice_is_one_signature_and_one_answer(cast: Cast) -> None:
    draft = alder_draft(cast, open_round(cast))
    sid, url = cast.client("sid"), reverse("programs:sign", args=[draft.pk])
    page = reverse("programs:application", args=[draft.pk])
    form = held_out(sid.get(page)) | {"password": PASSWORD, "version": 2, "once": sid.fresh_key()}
    first = sid.post(url, form)
    said = _told(sid, first.url)
    again = sid.post(url, form)
    assert first.url == again.url == page
    assert _told(sid, again.url) == said
    assert Signature.objects.count() == 1
    assert AuditEvent.objects.filter(what="application.submit").count() == 1


@pytest.mark.requirement("R39")
def test_what_was_done_before_it_broke_is_not_done_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = alder_draft(cast, open_round(cast))
    quin, url = cast.client("quin"), reverse("programs:take_step", args=[draft.pk])
    quin.raise_request_exception = False
    form = {
        "event": "withdraw",
        "reason": "The site was sold to another company.",
        "once": quin.fresh_key(),
        "version": 2,
    }
    works = applications._WORDED["withdraw"]

    def breaks(**given: object) -> None:
        works(**given)
        raise RuntimeError("after the action")

    monkeypatch.setitem(applications._WORDED, "withdraw", breaks)
    assert quin.post(url, form).status_code == 500
    # On PostgreSQL the request is one transaction: what was done went with the error.
    undone = connection.vendor == "postgresql"
    assert Application.objects.get().state == ("draft" if undone else "withdrawn")
    monkeypatch.setitem(applications._WORDED, "withdraw", works)
    DoneOnce.objects.update(at=clock.now() - timedelta(seconds=11))
    page = "http://testserver" + reverse("programs:application", args=[draft.pk])
    again = quin.post(url, form, headers={"referer": page})
    assert again.status_code == 302
    assert page.endswith(again.url) or again.url == page
    assert ("was sent before" in _told(quin, again.url)[0]) is not undone
    assert Application.objects.get().state == "withdrawn"
    assert AuditEvent.objects.filter(what="application.withdraw").count() == 1


@pytest.mark.requirement("R39")
def test_what_broke_before_anything_was_done_may_be_sent_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = alder_draft(cast, open_round(cast))
    quin, url = cast.client("quin"), reverse("programs:take_step", args=[draft.pk])
    quin.raise_request_exception = False
    form = {
        "event": "withdraw",
        "reason": "The site was sold to another company.",
        "once": quin.fresh_key(),
        "version": 2,
    }

    def breaks(**given: object) -> None:
        raise RuntimeError("before the action")

    with monkeypatch.context() as broken:
        broken.setitem(applications._WORDED, "withdraw", breaks)
        assert quin.post(url, form).status_code == 500
    assert quin.post(url, form).status_code == 302
    assert AuditEvent.objects.filter(what="application.withdraw").count() == 1


def test_the_message_and_nothing_secret_is_kept(cast: Cast) -> None:
    quin = cast.client("quin")
    answer = quin.post(reverse("facilities:add_facility"), FACILITY)
    kept = DoneOnce.objects.get()
    assert kept.location == answer.url
    assert kept.messages[0][1] == "Alder Unit 9 was added."
    assert kept.event_id == AuditEvent.objects.get(what="facility.added").pk


def test_a_password_is_no_part_of_what_is_kept(cast: Cast) -> None:
    def content(password: str) -> str:
        request = RequestFactory().post("/", {"reason": "Why.", "password": password})
        return once_keys.content_of(request)

    assert content("one") == content("another")


def test_answers_are_forgotten_after_a_week(cast: Cast) -> None:
    quin = cast.client("quin")
    quin.post(reverse("facilities:add_facility"), FACILITY)
    assert actions.sweep() == 0
    DoneOnce.objects.update(at=clock.now() - timedelta(days=8))
    assert actions.sweep() == 1
    assert not DoneOnce.objects.exists()


def test_a_program_sends_its_key_in_a_header(cast: Cast) -> None:
    def key(person: str, given: str) -> str:
        request = RequestFactory().post("/", headers={"idempotency-key": given})
        request.actor = cast.actors[person]
        return once_keys.key_of(request)

    assert key("quin", "k-1") == key("quin", "k-1") != key("quin", "k-2")
    assert key("quin", "k-1") != key("bria", "k-1")
    with pytest.raises(InvalidInput, match="longer than 200"):
        key("quin", "k" * 201)
