"""An assessor scores by keyboard, goes offline, meets an older version, and loses nothing."""

from __future__ import annotations

from contextvars import copy_context
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, Route, expect

from openqmm.apps.assessments.models import Score
from tests.apps.assessments.stories import WHY, scoring

pytestmark = [pytest.mark.journey, pytest.mark.django_db]
SITE = "http://localhost"


class Connection:
    """Brings the page's requests to the test's own client, so that both see one transaction."""

    def __init__(self, page: Page, client: Client) -> None:
        self.up = True
        self.client = client
        # The browser's library calls back in a context of its own, which has no transaction yet.
        self.context = copy_context()
        page.route(f"{SITE}/**", self.answer)

    def answer(self, route: Route) -> None:
        request, path = route.request, urlsplit(route.request.url).path
        if path.startswith("/static/"):
            route.fulfill(path=finders.find(path.removeprefix("/static/")))
        elif not self.up:
            route.abort("internetdisconnected")
        else:
            kept = {"accept": request.headers.get("accept", "")}
            kind = request.headers.get("content-type", "")
            body = request.post_data or ""
            answer = self.context.run(
                self.client.generic, request.method, path, body, kind, headers=kept
            )
            headers = dict(answer.headers.items())
            headers.pop("Cross-Origin-Opener-Policy", None)
            route.fulfill(status=answer.status_code, headers=headers, body=answer.content)


@pytest.fixture
def story(cast):
    """An assessment being scored."""
    return scoring(cast)


@pytest.fixture
def desk(story, pages):
    """Asa's page at the first question, and its connection."""
    page = pages()
    connection = Connection(page, story.cast.client("asa"))
    _open(page, story, "PLN-01")
    return page, connection


def _open(page, story, question):
    page.goto(SITE + reverse("assessments:score", args=[story.id, question]))


def _says(page, words):
    expect(page.locator("[data-save-state]")).to_contain_text(words)


def _kept(page):
    return page.evaluate("Object.keys(localStorage).filter(key => key.includes('score')).length")


def test_one_hand_on_the_keyboard_scores_an_area(desk):
    page, _ = desk
    page.keyboard.press("4")
    _says(page, "still missing: a rationale, two kinds of evidence")
    page.locator("#rationale").click()
    page.keyboard.type("Told by 3 people, shown by 2")
    _says(page, "still missing: two kinds of evidence")
    page.locator("label[for=evidence-interview]").click()
    page.locator("label[for=evidence-data]").click()
    expect(page.locator("[data-total-done]")).to_have_text("1")
    expect(page.locator("[data-link=PLN-01] [data-mark]")).to_have_text("4")
    page.keyboard.press("j")
    page.wait_for_url("**/PLN-02/")
    page.keyboard.press("n")
    _says(page, "Saved")
    page.keyboard.press("k")
    page.wait_for_url("**/PLN-01/")
    expect(page.locator("#mark-4")).to_be_checked()
    saved = Score.objects.get(question_id="PLN-01")
    assert (saved.mark, saved.rationale, saved.complete) == (
        "4",
        "Told by 3 people, shown by 2",
        True,
    )
    assert _kept(page) == 0


def test_changes_made_offline_are_kept_and_sent_later(desk, story):
    page, connection = desk
    connection.up = False
    page.keyboard.press("2")
    _says(page, "Offline: 1 change kept here")
    page.keyboard.press("j")
    _says(page, "cannot be opened without a connection")
    assert not Score.objects.exists()
    connection.up = True
    _open(page, story, "PLN-02")
    expect(page.locator("[data-link=PLN-01] [data-mark]")).to_have_text("begun")
    assert Score.objects.get().mark == "2"
    assert _kept(page) == 0


def test_two_versions_meet_and_the_assessor_chooses(desk, story):
    page, _ = desk
    story.score(story.cast.asa, "PLN-01", "1")
    page.keyboard.press("5")
    expect(page.locator("[data-conflict-stored]")).to_have_text(f"1: {WHY}")
    expect(page.locator("[data-conflict-mine]")).to_have_text("5")
    assert Score.objects.get().mark == "1"
    page.locator("[data-keep-mine]").click()
    _says(page, "Saved")
    assert Score.objects.get().mark == "5"


def test_what_another_person_left_in_the_browser_is_not_sent_as_ones_own(desk, story):
    page, connection = desk
    connection.client = story.cast.client("abe")
    page.keyboard.press("5")
    _says(page, "sign in again")
    assert not Score.objects.exists()
    _open(page, story, "PLN-01")
    _says(page, "Nothing saved yet")
    expect(page.locator("#mark-5")).not_to_be_checked()


def test_keys_can_be_turned_off(desk):
    page, _ = desk
    page.get_by_role("button", name="Turn keys off").click()
    page.keyboard.press("3")
    expect(page.locator("#mark-3")).not_to_be_checked()
    page.get_by_role("button", name="Turn keys on").click()
    page.keyboard.press("3")
    expect(page.locator("#mark-3")).to_be_checked()
    _says(page, "Saved")
