"""Many at the same moment, each with a connection of their own, on a real database."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, local

import pytest
from django.db import connection
from django.http import HttpResponse
from django.urls import reverse

from openqmm.apps.assessments.models import Remark
from openqmm.apps.audit.models import AuditEvent, DoneOnce, Signature
from openqmm.apps.programs.models import Application
from tests.apps.assessments.stories import consensus
from tests.apps.programs.stories import alder_draft, open_round, step_of
from tests.browsers import Browser
from tests.journeys.databases import empty, served
from tests.people import PASSWORD, Cast, assemble
from tests.signing import held_out

SENDINGS = 100
# A server of PostgreSQL takes a hundred connections, a few of them kept for its own people.
AT_ONCE = 100 if connection.vendor == "sqlite" else 80


@pytest.fixture
def alone(django_db_blocker, tmp_path) -> Iterator[Cast]:
    """The cast, in a database that threads can share and that is thrown away."""
    with django_db_blocker.unblock(), served(tmp_path, empty(tmp_path)):
        yield assemble()


def _at_once(browser: Browser, send: Callable[[Browser], HttpResponse]) -> list[HttpResponse]:
    """Send a hundred times at once, each from a window of its own of one person."""
    start, own = Barrier(AT_ONCE), local()
    cookies = browser.cookies.output(attrs=[], header="", sep="; ").strip()

    def one(_: int) -> HttpResponse:
        if not hasattr(own, "started"):
            own.started = True
            start.wait(60)
        window = Browser()
        window.cookies.load(cookies)
        try:
            return send(window)
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(one, range(SENDINGS)))


@pytest.mark.requirement("R39")
def test_a_signature_sent_a_hundred_times_is_one_signature(alone: Cast) -> None:
    draft = alder_draft(alone, open_round(alone))
    sid = alone.client("sid")
    page = reverse("programs:application", args=[draft.pk])
    form = held_out(sid.get(page))
    form |= {"password": PASSWORD, "version": 2, "once": sid.fresh_key()}
    url = reverse("programs:sign", args=[draft.pk])
    before = AuditEvent.objects.count()
    answers = _at_once(sid, lambda window: window.post(url, form))
    assert Counter((answer.status_code, answer.url) for answer in answers) == {
        (302, page): SENDINGS
    }
    assert Application.objects.get().state == "submitted"
    assert Signature.objects.count() == 1
    assert AuditEvent.objects.count() - before == 1
    assert DoneOnce.objects.count() == 1


@pytest.mark.requirement("R39")
def test_a_remark_sent_a_hundred_times_is_one_remark(alone: Cast) -> None:
    story = consensus(alone)
    lea = alone.client("lea")
    area = lea.get(reverse("assessments:report", args=[story.id])).context["page"].areas[0].id
    form = {
        "kind": "strength",
        "area_id": area,
        "text": "They trend.",
        "once": lea.fresh_key(),
        "version": 1,
    }
    url = reverse("assessments:add_remark", args=[story.id])
    answers = _at_once(lea, lambda window: window.post(url, form))
    assert Counter(answer.status_code for answer in answers) == {302: SENDINGS}
    assert len({answer.url for answer in answers}) == 1
    assert Remark.objects.count() == 1
    assert AuditEvent.objects.filter(what="remark.added").count() == 1


@pytest.mark.requirement("R38")
def test_of_a_hundred_changes_of_one_version_one_is_saved_and_the_others_are_told(
    alone: Cast,
) -> None:
    draft = alder_draft(alone, open_round(alone))
    quin, url = alone.client("quin"), step_of(draft, "statements")
    numbers = iter(range(SENDINGS))

    def send(window: Browser) -> HttpResponse:
        said = {"statement": f"Version {next(numbers)}.", "version": 2}
        return window.post(url, said, headers={"accept": "application/json"})

    answers = _at_once(quin, send)
    assert Counter(answer.status_code for answer in answers) == {200: 1, 409: SENDINGS - 1}
    assert Application.objects.get().version == 3
    assert AuditEvent.objects.filter(what="application.edited").count() == 2
