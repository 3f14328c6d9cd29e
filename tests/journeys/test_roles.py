"""Every role walks through its pages in the demonstration: sound, narrow enough, accessible."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from openqmm.apps.assessments.models import Assessment
from openqmm.apps.facilities.models import Facility
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.ratings.models import Rating
from tests.journeys.people import follow, navigate, press, status

pytestmark = pytest.mark.journey

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
WIDTHS = (360, 1280)


@pytest.fixture
def walk(demo_address, pages):
    """Return a walker: signs in with one click, then every page it stops at is examined."""
    return Walk(demo_address, pages())


class Walk:
    """One person's way through the portal."""

    def __init__(self, address: str, page: Page) -> None:
        self.address = address
        self.page = page
        self.faults: list[str] = []

    def sign_in(self, role: str) -> None:
        """Sign in as the demonstration's person of this role, with one click."""
        self.page.goto(f"{self.address}/people/demo/")
        row = self.page.locator("tr", has=self.page.get_by_role("rowheader", name=role, exact=True))
        row.get_by_role("button").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Home")

    def tour(self) -> None:
        """Stop at every page of the person's navigation."""
        entries = self.page.locator("#nav a").all_inner_texts()
        assert 3 <= len(entries) <= 6
        for entry in entries:
            navigate(self.page, entry)
            self.stop()

    def stop(self) -> None:
        """Note what is wrong with the page that is open."""
        page, where = self.page, self.page.url.removeprefix(self.address)
        page.wait_for_load_state()
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.faults.append(f"{where} is {wide} wide at {width}")
        found = Axe().run(page, options={**RULES, "resultTypes": ["violations"]})
        for violation in found.response["violations"]:
            at = [node["target"] for node in violation["nodes"][:3]]
            self.faults.append(f"{where}: {violation['id']} at {at}")

    def follow(self, *names: str) -> None:
        """Follow links one after the other, and stop at the last page."""
        for name in names:
            follow(self.page, name)
        self.stop()

    def end(self) -> None:
        """Fail if any page had a fault."""
        assert not self.faults, "\n".join(self.faults)


def _address(record: str, model: type, **of: str) -> str:
    return f"/{record}/{model.objects.get(**of).pk}/"


def test_the_program_administrator(walk):
    walk.sign_in("Program administrator")
    walk.tour()
    navigate(walk.page, "Rounds")
    walk.follow(re.compile("^API pilot"))
    walk.follow("Screening desk")
    walk.page.go_back()
    walk.follow("Selection board")
    navigate(walk.page, "Applications")
    walk.follow("Brigmoor Actives, Cork")
    navigate(walk.page, "Assessments")
    walk.follow("Plan an assessment")
    navigate(walk.page, "Assessments")
    walk.follow("Norrvik Biosynth")
    walk.follow("Change the team")
    walk.end()


def test_the_rating_board_member(walk):
    walk.sign_in("Rating board member")
    walk.tour()
    navigate(walk.page, "Ratings")
    walk.follow("Sycamore Creek Parenterals")
    walk.end()


def test_the_observer(walk):
    walk.sign_in("Observer")
    walk.tour()
    navigate(walk.page, "Assessments")
    walk.follow("Old Mill Topicals")
    walk.follow("Marks and consensus")
    expect(walk.page.locator("main form")).to_have_count(0)
    walk.end()


def test_the_lead_assessor(walk):
    walk.sign_in("Lead assessor")
    walk.tour()
    navigate(walk.page, "Assessments")
    walk.follow("Old Mill Topicals")
    walk.follow("Consensus")
    walk.follow(re.compile(r"^\d+ disagreements?$"))
    walk.end()


def test_the_assessor(walk):
    walk.sign_in("Assessor")
    walk.tour()
    navigate(walk.page, "Assessments")
    walk.follow("Pinewick Chimica, Lodi")
    walk.follow("Score")
    walk.end()


def test_the_facility_quality_lead(walk):
    walk.sign_in("Facility quality lead")
    walk.tour()
    navigate(walk.page, "Ratings")
    walk.follow("Harbour Light Ophthalmics")
    navigate(walk.page, "Facilities")
    walk.follow("Harbour Light Ophthalmics")
    navigate(walk.page, "Applications")
    walk.follow("Harbour Light Ophthalmics")
    walk.end()


def test_the_authorised_signatory(walk):
    walk.sign_in("Authorised signatory")
    walk.tour()
    navigate(walk.page, "Ratings")
    walk.follow("Harbour Light Ophthalmics", "Share it, or not")
    walk.follow("Choose what to share")
    walk.page.locator("label", has_text="The overall level and score, and").click()
    walk.page.locator("label", has_text="Everybody").click()
    press(walk.page, "Show what will be seen")
    walk.stop()
    walk.end()


def test_the_purchaser_analyst(walk):
    walk.sign_in("Purchaser analyst")
    walk.tour()
    navigate(walk.page, "Rated facilities")
    walk.follow("Bluestem Oral Solids")
    walk.end()


def test_the_consultant(walk):
    walk.sign_in("Consultant")
    walk.tour()
    walk.end()


def test_the_records_auditor(walk):
    walk.sign_in("Records auditor")
    walk.tour()
    page = walk.page
    page.goto(f"{walk.address}/trail/?what=rating.issued")
    for fold in page.locator("main details").all():
        fold.locator("summary").click()
    walk.stop()
    page.locator(".aud-facts a").first.click()
    walk.stop()
    page.get_by_label("As it stood at the end of").fill("2026-01-01")
    press(page, "Show")
    walk.stop()
    page.locator(".qmm-timeline__sentence a").first.click()
    walk.stop()
    page.goto(f"{walk.address}/trail/")
    press(page, "Verify the whole trail")
    walk.stop()
    walk.follow("Audit trail")
    walk.follow("Reviews")
    press(page, "Draw the sample")
    walk.stop()
    page.get_by_text("An exception", exact=True).click()
    press(page, "Note it and go on")
    walk.stop()
    walk.end()


def test_everybody(walk):
    page = walk.page
    page.goto(walk.address)
    walk.stop()
    for entry in ("About", "Method", "Rated facilities", "Sign in", "Accessibility", "Privacy"):
        walk.follow(entry)
    page.goto(walk.address)
    walk.follow(re.compile("^Successor round"))
    page.get_by_label("FEI").fill("3099000001")
    press(page, "Check")
    walk.stop()
    page.goto(f"{walk.address}/directory/")
    walk.follow("Larkfield Sterile, Dayton")
    page.goto(f"{walk.address}/method/pilot-eleven-areas/")
    walk.stop()
    page.locator("main a[href*='/method/pilot-eleven-areas/']").first.click()
    walk.stop()
    assert status(page, f"{walk.address}/nothing/here/") == 404
    walk.stop()
    walk.end()


def test_a_rivals_pages_do_not_exist(walk):
    rival = "Larkfield Sterile, Dayton"
    of = {"application__facility__name": rival}
    rating = _address("ratings", Rating, assessment__application__facility__name=rival)
    assessment = _address("assessments", Assessment, **of)
    round_ = _address("rounds", Round, name__startswith="FDF pilot")
    for role in ("Facility quality lead", "Authorised signatory"):
        walk.sign_in(role)
        for url in (
            rating,
            rating + "rating.pdf",
            "/sharing" + rating,
            assessment,
            assessment + "report/",
            _address("applications", Application, facility__name=rival),
            _address("facilities", Facility, name=rival),
        ):
            assert status(walk.page, walk.address + url) == 404, url
        assert status(walk.page, walk.address + round_) in {403, 404}
