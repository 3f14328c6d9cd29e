"""One story through the whole path: from the announced round to a page withdrawn again."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from openqmm.apps.protocols.actions import seal_protocol
from openqmm.core.workflow import SYSTEM
from openqmm.web import clock
from tests.apps.assessments.stories import WHY, two_area_protocol
from tests.apps.facilities.stories import ALDER_FEI, load_public_records
from tests.journeys.people import (
    Stage,
    choose,
    follow,
    navigate,
    press,
    sign,
    status,
    tab_to,
    told,
)
from tests.people import assemble

pytestmark = pytest.mark.journey

ROUND = "2027-A"
FACILITY = "Alder Synthesis Unit 1"
QUESTIONS = ("PLN-01", "PLN-02", "PLN-03", "WF-01")


@pytest.fixture
def stage(address, pages):
    """The cast, a short protocol to assess by, and the public records of the day."""
    assemble()
    short = replace(two_area_protocol(), id="pilot-eleven-areas", version="0-short")
    seal_protocol(by=SYSTEM, protocol=short)
    load_public_records()
    return Stage(address, pages)


def test_from_the_announcement_to_a_withdrawn_page(stage, picture):
    _announce(stage, picture)
    _apply(stage, picture)
    _select(stage, picture)
    _appoint(stage, picture)
    _declare(stage, picture)
    _visit(stage, picture)
    _score(stage, picture)
    _agree(stage, picture)
    _rate(stage, picture)
    rating = _read_rating(stage, picture)
    _consent(stage, picture)
    visitor = _find(stage, picture)
    shown = visitor.url
    assert status(stage.person("bria"), rating) == 404
    _withdraw(stage, picture)
    assert status(visitor, shown) == 404
    picture(visitor, "19-withdrawn")


def _announce(stage: Stage, picture) -> None:
    page = stage.person("ada")
    picture(page, "01-office-home")
    navigate(page, "Rounds")
    follow(page, "New round")
    choose(page, "Pilot for active pharmaceutical ingredients")
    page.get_by_label("Name of the round").fill(ROUND)
    assert "version 0-short" in page.get_by_label("Protocol version").inner_text()
    today = clock.today()
    page.get_by_label("First day for applications").fill(today.isoformat())
    page.get_by_label("Last day for applications").fill((today + timedelta(days=30)).isoformat())
    press(page, "Add the round")
    press(page, "Announce the round")
    press(page, "Open to applications")
    told(page, f"{ROUND} is now: open.")
    picture(page, "02-round-open")


def _apply(stage: Stage, picture) -> None:
    page = stage.person("quin")
    navigate(page, "Applications")
    follow(page, "New application")
    picture(page, "03-apply")
    page.locator("#lookup-fei").fill(ALDER_FEI)
    press(page, "Look up")
    expect(page.get_by_label("Name of the facility")).to_have_value(FACILITY)
    choose(page, "Active pharmaceutical ingredients")
    press(page, "Add the facility")
    press(page, "Begin the application")
    _write(page, picture)
    signatory = stage.person("sid")
    follow(signatory, "Sign the application")
    expect(signatory.locator(".prog-document")).to_contain_text("Confidential")
    picture(signatory, "03h-review-to-sign")
    fits(signatory, picture, "03i-review-to-sign-narrow")
    sign(signatory, "Sign and submit")
    told(signatory, "Signed.")
    picture(signatory, "04-application-signed")


def _write(page: Page, picture) -> None:
    """Take the application through its steps; what the public record knows stands there already."""
    page.wait_for_url("**/edit/facility/")
    expect(page.get_by_label("Active ingredient", exact=True)).to_be_checked()
    choose(page, "101 to 500 people")
    choose(page, "Generic medicines")
    looked_at(page, picture, "03b-facility")
    press(page, "Save and continue")
    page.get_by_label("Products or ingredients made here").fill("Inventol\nInventamide")
    looked_at(page, picture, "03c-products")
    press(page, "Save and continue")
    expect(page.get_by_label("VAI: voluntary action indicated")).to_be_checked()
    looked_at(page, picture, "03d-inspections")
    press(page, "Save and continue")
    page.get_by_label("Why the facility wants to take part").fill("To learn where we stand.")
    for box in page.locator("label.usa-checkbox__label").all():
        box.click()
    looked_at(page, picture, "03e-statements")
    press(page, "Save and continue")
    choose(page, "Products or ingredients")
    looked_at(page, picture, "03f-confidentiality")
    press(page, "Save and continue")
    expect(page.get_by_role("heading", name="Ready to be signed")).to_be_visible()
    looked_at(page, picture, "03g-review")
    page.locator("#contacts").get_by_role("link").click()
    looked_at(page, picture, "03a-contacts")


def _select(stage: Stage, picture) -> None:
    page = stage.person("ada")
    navigate(page, "Rounds")
    follow(page, ROUND)
    page.get_by_label("Reason").fill("Every facility that announced itself has applied.")
    press(page, "Close to applications")
    page.locator(".qmm-head__action").get_by_role("link", name="Screening desk").click()
    press(page, "Begin screening")
    _decide_what_is_open(page)
    expect(page.locator(".prog-case")).to_contain_text("eligible")
    picture(page, "05-screening-desk")
    page.locator("form.prog-decide").last.get_by_label("Reason").fill("Every criterion is met.")
    press(page, "Find eligible")
    told(page, "The decision is on record.")
    navigate(page, "Rounds")
    follow(page, ROUND)
    follow(page, "Selection board")
    press(page, "Draw the places")
    told(page, "The places are drawn.")
    picture(page, "06-selection-board")
    navigate(page, "Rounds")
    follow(page, ROUND)
    press(page, "Fix the selection")
    _write_to(page, picture)
    signatory = stage.person("sid")
    navigate(signatory, "Home")
    navigate(signatory, "Applications")
    follow(signatory, FACILITY)
    sign(signatory, "Sign and accept")
    told(signatory, "Signed.")
    navigate(page, "Rounds")
    follow(page, ROUND)
    press(page, "Begin assessments")
    told(page, f"{ROUND} is now: assessing.")


def _decide_what_is_open(page: Page) -> None:
    """Decide, criterion by criterion, what the public records do not tell."""
    undecided = page.locator(".prog-criteria details").filter(
        has=page.locator("summary", has_text=re.compile("^Decide$"))
    )
    while undecided.count():
        fold = undecided.first
        fold.locator("summary").click()
        fold.get_by_label("Reason").fill("By the certificate they sent.")
        press(fold, "Found met")
        told(page, "The decision is on record.")


def _write_to(page: Page, picture) -> None:
    """Read the letter that offers the place, and send it."""
    navigate(page, "Applications")
    follow(page, FACILITY)
    page.locator("a[href$='/letter/']").first.click()
    expect(page.locator(".prog-letter")).to_contain_text("is offered a place")
    picture(page, "06b-letter")
    press(page, "Send the letter")
    told(page, "The letter is sent and on record.")


def _appoint(stage: Stage, picture) -> None:
    page = stage.person("ada")
    navigate(page, "Assessments")
    follow(page, "Plan an assessment")
    page.get_by_label("Contractor").select_option(label="Cedar Assessors")
    press(page, "Plan the assessment")
    for name, role in (
        ("Lea", "lead assessor"),
        ("Asa", "assessor"),
        ("Abe", "assessor"),
        ("Odo", "observer"),
    ):
        option = page.locator("option", has_text=f"{name} Test, {role}")
        page.get_by_label("Person").select_option(value=option.get_attribute("value"))
        press(page, "Appoint")
        expect(page.locator("tbody")).to_contain_text(f"{name} Test")
    picture(page, "07-team")


def _declare(stage: Stage, picture) -> None:
    for name in ("lea", "asa", "abe", "odo"):
        page = stage.person(name)
        _open_assessment(page)
        if name == "lea":
            picture(page, "08-declaration")
        choose(page, "I have read this and declare")
        press(page, "Declare")
        told(page, "Your declaration is on record.")


def _visit(stage: Stage, picture) -> None:
    lead, site = stage.person("lea"), stage.person("quin")
    press(lead, "Record the orientation")
    press(lead, "Send the questionnaire")
    told(lead, "you sent the questionnaire")
    _open_assessment(site)
    press(site, "Return the questionnaire")
    told(site, "you returned the questionnaire")
    _open_assessment(lead)
    first = clock.today()
    lead.get_by_label("First day").fill(first.isoformat())
    lead.get_by_label("Last day").fill((first + timedelta(days=2)).isoformat())
    press(lead, "Schedule the visit")
    for step in ("Begin the visit", "Record the exit meeting", "Begin scoring"):
        press(lead, step)
    told(lead, "you began scoring")
    picture(lead, "09-scoring-begins")


def _score(stage: Stage, picture) -> None:
    _score_by_hand(stage.person("lea"), {"PLN-02": "4"})
    _score_by_keyboard(stage.person("asa"), picture)
    _score_by_hand(stage.person("abe"), {"PLN-01": "5"})


def _score_by_hand(page: Page, marks: dict[str, str]) -> None:
    """Click every mark, kind of evidence and button."""
    _open_assessment(page)
    follow(page, "Score")
    for question in QUESTIONS:
        page.wait_for_url(f"**/{question}/")
        page.locator(f"label[for=mark-{marks.get(question, '3')}]").click()
        page.get_by_label("Rationale").fill(WHY)
        choose(page, "Document")
        choose(page, "Interview")
        page.locator(".asm-bar button[type=submit]").click()
    expect(page.locator("[data-total-done]")).to_have_text("4")
    press(page, "Finish scoring")
    told(page, "You have finished scoring.")


def _score_by_keyboard(page: Page, picture) -> None:
    """Never touch the mouse: digits for marks, Tab and Space for the rest, J for the next."""
    _open_assessment(page)
    tab_to(page, page.get_by_role("link", name="Score", exact=True))
    page.keyboard.press("Enter")
    for number, question in enumerate(QUESTIONS):
        page.wait_for_url(f"**/{question}/")
        page.keyboard.press("2" if question == "PLN-01" else "3")
        expect(page.locator("[data-save-state]")).to_contain_text("still missing")
        tab_to(page, page.get_by_label("Rationale"))
        page.keyboard.type(WHY)
        for kind in ("document", "interview"):
            tab_to(page, page.locator(f"#evidence-{kind}"))
            page.keyboard.press("Space")
        expect(page.locator("[data-total-done]")).to_have_text(str(number + 1))
        if number == 0:
            picture(page, "10-scoring")
        page.keyboard.press("j")
    tab_to(page, page.get_by_role("button", name="Finish scoring"), backwards=True)
    page.keyboard.press("Enter")
    told(page, "You have finished scoring.")


def _agree(stage: Stage, picture) -> None:
    lead = stage.person("lea")
    _open_assessment(lead)
    press(lead, "Open the consensus")
    follow(lead, "Consensus")
    expect(lead.locator(".qmm-status")).to_contain_text("1 disagreement to decide")
    row = lead.locator("#q-PLN-01")
    row.get_by_label("Mark").select_option(label="3 Proactive")
    row.get_by_label("Reason").fill("The second example settled it.")
    picture(lead, "11-consensus")
    press(row, "Decide PLN-01")
    expect(lead.locator(".qmm-status")).to_contain_text("every disagreement decided")
    _open_assessment(lead)
    press(lead, "Close the consensus and draft the report")
    follow(lead, "Report")
    for kind, words in (
        ("Strength", "Plans are made from data people can show."),
        ("Opportunity", "Let the night shift into the planning."),
    ):
        choose(lead, kind)
        lead.get_by_label("Area").select_option(label="Area PLN")
        lead.get_by_label("What the report says").fill(words)
        press(lead, "Add")
        expect(lead.locator("#area-PLN")).to_contain_text(words)
    picture(lead, "12-report")
    _open_assessment(lead)
    press(lead, "Send for the factual check")
    follow(lead, "Sign and finalise the report")
    picture(lead, "12b-sign-report")
    fits(lead, picture, "12c-sign-report-narrow")
    sign(lead, "Sign and finalise the report")
    told(lead, "you signed and finalised the report")


def _rate(stage: Stage, picture) -> None:
    office, board = stage.person("ada"), stage.person("bea")
    navigate(office, "Ratings")
    press(office, f"Propose the rating of {FACILITY}")
    expect(office.locator(".qmm-status")).to_contain_text("proposed")
    navigate(board, "Ratings")
    follow(board, FACILITY)
    picture(board, "13-board")
    board.get_by_label("What the review looked at and found").fill("The gates follow the scores.")
    press(board, "Record the review")
    board.get_by_label("Reason for the decision").fill("The board agrees with the team.")
    press(board, "Read and sign")
    picture(board, "13b-sign-rating")
    fits(board, picture, "13c-sign-rating-narrow")
    sign(board, "Sign and issue")
    expect(board.locator(".qmm-status")).to_contain_text("valid until")
    picture(board, "14-issued")


def _read_rating(stage: Stage, picture) -> str:
    page = stage.person("quin")
    navigate(page, "Ratings")
    follow(page, FACILITY)
    expect(page.locator(".qmm-result")).to_contain_text("3 Proactive")
    for fold in page.locator("#worked details > summary").all():
        fold.click()
    expect(page.locator("#worked")).to_contain_text("PLN-01")
    expect(page.get_by_text("Let the night shift into the planning.")).to_be_visible()
    picture(page, "15-rating")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Report (PDF)", exact=True).click()
    assert Path(downloading.value.path()).read_bytes().startswith(b"%PDF")
    return page.url


def _consent(stage: Stage, picture) -> None:
    page = stage.person("sid")
    navigate(page, "Ratings")
    follow(page, FACILITY)
    follow(page, "Share it, or not")
    follow(page, "Choose what to share")
    choose(page, "and those of each area")
    choose(page, "Everybody, in the public directory")
    press(page, "Show what will be seen")
    expect(page.locator(".qmm-preview")).to_contain_text("Area PLN")
    picture(page, "16-consent")
    choose(page, "I have read what will be seen")
    fits(page, picture, "16b-consent-narrow")
    sign(page, "Sign and share")
    told(page, "The consent is signed and the rating is shared.")


def _find(stage: Stage, picture) -> Page:
    page = stage.visitor()
    follow(page, "Rated facilities")
    page.get_by_label("Name or place").fill("alder")
    press(page, "Search")
    picture(page, "17-directory")
    follow(page, FACILITY)
    expect(page.get_by_role("heading", level=1)).to_have_text(FACILITY)
    expect(page.locator(".qmm-figure")).to_contain_text("Area WF")
    picture(page, "18-rated-facility")
    return page


def _withdraw(stage: Stage, picture) -> None:
    page = stage.person("sid")
    follow(page, "Withdraw the consent")
    page.get_by_label("Reason").fill("We improve first.")
    press(page, "Withdraw the consent")
    told(page, "The consent is withdrawn.")


def fits(page: Page, picture, name: str) -> None:
    """Expect a signing page to be usable on a telephone and free of barriers that axe finds."""
    expect(page.locator(".qmm-sign__form")).to_be_visible()
    _is_usable(page, picture, name)


def looked_at(page: Page, picture, name: str) -> None:
    """Take a step's picture, and expect it to be usable on a telephone and without barriers."""
    expect(page.get_by_role("group", name="Stages")).to_be_visible()
    picture(page, name)
    _is_usable(page, picture, f"{name}-360")


def _is_usable(page: Page, picture, name: str) -> None:
    page.wait_for_load_state()
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert not found, [one["id"] for one in found]
    page.set_viewport_size({"width": 360, "height": 800})
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 360, f"{page.url} is {wide} pixels wide"
    picture(page, name)
    page.set_viewport_size({"width": 1280, "height": 900})


def _open_assessment(page: Page) -> None:
    navigate(page, "Assessments")
    follow(page, FACILITY)
