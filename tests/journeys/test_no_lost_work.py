"""Nothing an assessor or a signatory does is lost or done twice, whatever happens around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from threading import Event
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from openqmm.apps.assessments import actions as assessments
from openqmm.apps.assessments.models import Score
from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.programs.models import Application
from openqmm.apps.programs.views import applications
from tests.apps.assessments.stories import WHY, Story, consensus, scoring
from tests.apps.programs.stories import alder_draft, open_round
from tests.journeys.people import choose, follow, navigate, press, sign_in, tab_to, told
from tests.people import PASSWORD, assemble

pytestmark = pytest.mark.journey

SAVED = re.compile(r"Saved \d\d:\d\d:\d\d UTC")


@pytest.fixture
def cast(address):
    """The cast, in the database of this test's own server."""
    return assemble()


@pytest.fixture
def story(cast) -> Story:
    """An assessment being scored."""
    return scoring(cast)


@pytest.fixture
def asa(address, pages, story) -> Page:
    """Asa's window, at the first question."""
    page = pages()
    _begin_scoring(page, address)
    return page


def _begin_scoring(page: Page, address: str) -> None:
    sign_in(page, address, "asa@example.org")
    navigate(page, "Assessments")
    follow(page, "Alder Works")
    follow(page, "Score")
    page.wait_for_url("**/PLN-01/")


def _says(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("[data-save-state]")).to_contain_text(words)


def _mark(page: Page, mark: str) -> None:
    page.locator(f"label[for=mark-{mark}]").click()


class SlowAnswer:
    """An action that is done at once, and whose answer takes its time."""

    def __init__(self, action: Callable[..., Any]) -> None:
        self.action = action
        self.done = Event()
        self.released = Event()

    def __call__(self, **given: Any) -> Any:
        result = self.action(**given)
        self.done.set()
        assert self.released.wait(20)
        return result

    def click_twice(self, button: Locator) -> None:
        """Click, and click again when the action is done and the answer is not there yet."""
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box is not None
        at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        button.page.mouse.click(*at)
        assert self.done.wait(20)
        button.page.mouse.click(*at)
        self.released.set()


def test_what_is_typed_is_saved_with_its_time(asa):
    _says(asa, "Nothing saved yet")
    _mark(asa, "4")
    _says(asa, SAVED)
    asa.get_by_label("Rationale").fill(WHY)
    _says(asa, "still missing: two kinds of evidence")
    choose(asa, "Document")
    choose(asa, "Interview")
    expect(asa.locator("[data-total-done]")).to_have_text("1")
    asa.reload()
    expect(asa.locator("#mark-4")).to_be_checked()
    expect(asa.get_by_label("Rationale")).to_have_value(WHY)
    _says(asa, SAVED)


def test_offline_keeps_the_change_and_saves_it_later(asa):
    asa.context.set_offline(True)
    _mark(asa, "2")
    asa.get_by_label("Rationale").fill(WHY)
    _says(asa, "Offline: 1 change kept here")
    assert not Score.objects.exists()
    asa.context.set_offline(False)
    _says(asa, SAVED)
    saved = Score.objects.get()
    assert (saved.mark, saved.rationale) == ("2", WHY)
    assert asa.evaluate("Object.keys(localStorage).filter(key => key.includes('score'))") == []


def test_two_windows_of_one_assessor_lose_nothing(asa, pages):
    other = pages(asa.context)
    other.goto(asa.url)
    _mark(asa, "2")
    asa.get_by_label("Rationale").fill("First window.")
    asa.get_by_label("Rationale").blur()
    _says(asa, "still missing: two kinds of evidence")
    _mark(other, "5")
    expect(other.locator("[data-conflict-stored]")).to_have_text("2: First window.")
    expect(other.locator("[data-conflict-mine]")).to_have_text("5")
    other.reload()
    expect(other.locator("[data-conflict-stored]")).to_have_text("2: First window.")
    expect(other.locator("[data-conflict-mine]")).to_have_text("5")
    assert Score.objects.get().mark == "2"
    other.get_by_role("button", name="Keep mine").click()
    _says(other, SAVED)
    assert Score.objects.get().mark == "5"
    asa.get_by_label("Rationale").fill("First window, later.")
    expect(asa.locator("[data-conflict-mine]")).to_have_text("2: First window, later.")
    assert Score.objects.get().mark == "5"
    asa.get_by_role("button", name="Take the saved one").click()
    expect(asa.locator("#mark-5")).to_be_checked()


def test_a_signature_clicked_twice_is_one_signature(address, pages, cast, monkeypatch):
    draft = alder_draft(cast, open_round(cast))
    page = pages()
    sign_in(page, address, "sid@example.org")
    navigate(page, "Applications")
    follow(page, "Alder Unit 1")
    page.get_by_label("Your password").fill(PASSWORD)
    slow = SlowAnswer(applications._SIGNED["submit"])
    monkeypatch.setitem(applications._SIGNED, "submit", slow)
    slow.click_twice(page.get_by_role("button", name="Sign and submit"))
    expect(page.locator(".qmm-messages")).to_contain_text("Signed.")
    expect(page.get_by_role("heading", name="Nothing was changed")).to_have_count(0)
    assert Application.objects.get(pk=draft.pk).state == "submitted"
    assert _events("application.submit") == 1


def test_finishing_clicked_twice_finishes_once(asa, story, monkeypatch):
    for question in story.asked:
        story.score(story.cast.asa, question)
    asa.reload()
    slow = SlowAnswer(assessments.finish_scoring)
    monkeypatch.setattr(assessments, "finish_scoring", slow)
    slow.click_twice(asa.get_by_role("button", name="Finish scoring"))
    expect(asa.locator(".qmm-messages")).to_contain_text("You have finished scoring.")
    expect(asa.locator(".usa-alert--error")).to_have_count(0)
    assert _events("finish") == 1


@pytest.mark.parametrize("press_twice", [False, True])
def test_scoring_works_without_scripts(address, pages, story, press_twice):
    page = pages(java_script_enabled=False)
    _begin_scoring(page, address)
    _mark(page, "3")
    page.get_by_label("Rationale").fill(WHY)
    choose(page, "Document")
    choose(page, "Interview")
    button = page.get_by_role("button", name="Save and next")
    button.dblclick() if press_twice else button.click()
    expect(page.locator("[data-total-done]")).to_have_text("1")
    saved = Score.objects.get()
    assert (saved.question_id, saved.mark, saved.rationale) == ("PLN-01", "3", WHY)
    if not press_twice:
        page.wait_for_url("**/PLN-02/")


def test_two_windows_without_scripts_lose_nothing(address, pages, story):
    page = pages(java_script_enabled=False)
    _begin_scoring(page, address)
    story.score(story.cast.asa, "PLN-01", "1", rationale="Saved elsewhere.")
    _mark(page, "4")
    page.get_by_label("Rationale").fill("Typed here.")
    press(page, "Save and next")
    expect(page.get_by_role("alert")).to_contain_text("Saved elsewhere.")
    expect(page.get_by_label("Rationale")).to_have_value("Typed here.")
    press(page, "Save and next")
    page.wait_for_url("**/PLN-02/")
    assert Score.objects.get().rationale == "Typed here."


def _events(name: str) -> int:
    return AuditEvent.objects.filter(what__contains=name).count()


# Two people, or two windows, at one draft.


@pytest.fixture
def draft(cast) -> Application:
    """Alder's draft, written once."""
    return alder_draft(cast, open_round(cast))


def _writing(page: Page, address: str, draft: Application, step: str = "contacts") -> Page:
    page.goto(f"{address}/applications/{draft.pk}/edit/{step}/")
    return page


def _step(page: Page, draft: Application, step: str) -> None:
    _writing(page, page.url.split("/applications")[0], draft, step)


@pytest.fixture
def quin(address, pages, draft) -> Page:
    """Quin's window, at the draft."""
    page = pages()
    sign_in(page, address, "quin@example.org")
    return _writing(page, address, draft)


def _stored(draft: Application) -> Application:
    return Application.objects.get(pk=draft.pk)


@pytest.mark.requirement("R37")
def test_a_draft_is_saved_as_it_is_written(quin, draft, picture):
    _step(quin, draft, "statements")
    quin.get_by_label("Why the facility wants to take part").fill("Because we learn.")
    quin.get_by_label("Why the facility wants to take part").blur()
    _says(quin, SAVED)
    picture(quin, "draft-saved")
    assert _stored(draft).statement == "Because we learn."
    _step(quin, draft, "facility")
    choose(quin, "Finished dosage form")
    _says(quin, SAVED)
    assert _stored(draft).activities == ["API", "FDF"]
    _step(quin, draft, "products")
    choose(quin, "Solid oral forms")
    _says(quin, SAVED)
    assert _stored(draft).dosage_forms == ["solid"]
    _step(quin, draft, "contacts")
    quin.get_by_label("Contact’s e-mail address").fill("half an add")
    quin.get_by_label("Contact person").focus()
    _says(quin, "Not saved yet, kept here.")
    quin.reload()
    expect(quin.get_by_label("Contact’s e-mail address")).to_have_value("half an add")
    _step(quin, draft, "products")
    _step(quin, draft, "contacts")
    expect(quin.get_by_label("Contact’s e-mail address")).to_have_value("half an add")
    assert _stored(draft).contact_email == "quin@example.org"


def test_a_draft_written_offline_is_saved_later(quin, draft):
    _step(quin, draft, "statements")
    quin.context.set_offline(True)
    quin.get_by_label("Why the facility wants to take part").fill("Written on a train.")
    quin.get_by_label("Why the facility wants to take part").blur()
    _says(quin, "Offline: 1 change kept here")
    assert _stored(draft).statement != "Written on a train."
    quin.context.set_offline(False)
    _says(quin, SAVED)
    assert _stored(draft).statement == "Written on a train."


@pytest.mark.requirement("R38")
def test_two_windows_of_one_draft_are_put_together_by_keyboard(quin, pages, draft, picture):
    other = pages(quin.context)
    other.goto(quin.url)
    quin.get_by_label("Deputy’s name").fill("Somebody of the first")
    quin.get_by_label("Contact person").fill("Quin of the first")
    quin.get_by_label("Contact person").blur()
    _says(quin, SAVED)
    other.get_by_label("Deputy’s name").fill("Somebody of the second")
    other.get_by_label("Contact’s telephone").fill("+41 61 555 0199")
    other.get_by_label("Contact’s telephone").blur()
    expect(other.locator("[data-conflict]")).to_be_visible()
    picture(other, "draft-conflict")
    assert _stored(draft).deputy_name == "Somebody of the first"
    tab_to(other, other.get_by_role("button", name="Put the two together"))
    other.keyboard.press("Enter")
    expect(other.get_by_role("button", name="Save both together")).to_be_visible()
    picture(other, "merge")
    expect(other.locator("main")).to_contain_text("Quin of the first")
    tab_to(other, other.get_by_role("button", name="Save both together"))
    other.keyboard.press("Enter")
    expect(other.get_by_role("alert")).to_contain_text("choose one of the two")
    picture(other, "merge-refused")
    mine = other.get_by_role("radio", name=re.compile("Yours"))
    tab_to(other, other.get_by_role("radio", name=re.compile("Saved meanwhile")))
    other.keyboard.press("ArrowDown")
    expect(mine).to_be_checked()
    tab_to(other, other.get_by_role("button", name="Save both together"))
    other.keyboard.press("Enter")
    told(other, "The draft is saved.")
    now = _stored(draft)
    assert now.deputy_name == "Somebody of the second"
    assert now.contact_name == "Quin of the first"
    assert now.contact_phone == "+41 61 555 0199"
    assert (
        other.evaluate("Object.keys(localStorage).filter(key => key.includes('draft')).length") <= 1
    )
    _step(other, draft, "contacts")
    expect(other.locator("[data-conflict]")).to_be_hidden()
    expect(other.get_by_label("Contact person")).to_have_value("Quin of the first")


@pytest.mark.requirement("R38")
def test_two_windows_at_two_steps_of_one_draft_do_not_meet(quin, pages, draft):
    other = pages(quin.context)
    _writing(other, quin.url.split("/applications")[0], draft, "statements")
    quin.get_by_label("Contact person").fill("Quin of the first")
    quin.get_by_label("Contact person").blur()
    _says(quin, SAVED)
    other.get_by_label("Why the facility wants to take part").fill("The second window says.")
    other.get_by_label("Why the facility wants to take part").blur()
    _says(other, SAVED)
    expect(other.locator("[data-conflict]")).to_be_hidden()
    now = _stored(draft)
    assert (now.contact_name, now.statement) == ("Quin of the first", "The second window says.")


def test_two_windows_of_one_draft_without_scripts(address, pages, draft, picture):
    page = pages(java_script_enabled=False)
    page.set_viewport_size({"width": 360, "height": 800})
    sign_in(page, address, "quin@example.org")
    other = pages(page.context)
    other.set_viewport_size({"width": 360, "height": 800})
    _writing(page, address, draft, "facility")
    _writing(other, address, draft, "facility")
    choose(page, "API intermediate")
    press(page, "Save and continue")
    choose(other, "Contract manufacture")
    press(other, "Save and continue")
    expect(other.locator("main")).to_contain_text("Different things were changed")
    picture(other, "merge-360")
    press(other, "Save both together")
    told(other, "The draft is saved.")
    now = _stored(draft)
    assert (now.activities, now.sector) == (["API", "API_INTERMEDIATE"], "contract")


@pytest.mark.requirement("R39")
def test_a_remark_sent_twice_without_scripts_is_one_remark(address, pages, cast):
    story = consensus(cast)
    page = pages(java_script_enabled=False)
    sign_in(page, address, "lea@example.org")
    page.goto(f"{address}/assessments/{story.id}/report/")
    choose(page, "Strength")
    page.get_by_label("What the report says").fill("They trend their complaints.")
    page.get_by_role("button", name="Add", exact=True).dblclick()
    told(page, "It is in the report.")
    assert story.assessment.remarks.count() == 1
