"""A person sets up how they sign in, is signed out by the clock, and loses nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from openqmm.apps.assessments.models import Score
from openqmm.web import clock
from tests.apps.assessments.stories import scoring
from tests.journeys.people import follow, navigate, press, sign_in, tab_to
from tests.journeys.test_roles import RULES, WIDTHS
from tests.people import PASSWORD, assemble
from tests.site.doors import Clock, code_of

pytestmark = pytest.mark.journey

PASSKEYS = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def moving(monkeypatch) -> Clock:
    """The server's clock, in the test's hand."""
    hand = Clock()
    monkeypatch.setattr(clock, "now", hand)
    return hand


@pytest.fixture
def cast(address):
    """The cast, in the database of this test's own server."""
    return assemble()


class Visitor:
    """One person at their browser; every page they stop at is examined."""

    def __init__(self, page: Page, address: str, picture: Any) -> None:
        self.page, self.address, self.picture = page, address, picture
        self.faults: list[str] = []
        self.secret = ""

    def stop(self, name: str) -> None:
        """Note what is wrong with the page that is open, at both widths."""
        self.page.wait_for_load_state()
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            wide = self.page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.faults.append(f"{name} is {wide} wide at {width}")
            self.picture(self.page, f"sign-in-{name}-{width}")
        found = Axe().run(self.page, options={**RULES, "resultTypes": ["violations"]})
        for violation in found.response["violations"]:
            at = [node["target"] for node in violation["nodes"][:3]]
            self.faults.append(f"{name}: {violation['id']} at {at}")

    def password(self, name: str) -> None:
        """Send the sign-in form from the page that is open."""
        self.page.locator("input[name=login]").fill(f"{name}@example.org")
        self.page.locator("input[name=password]").fill(PASSWORD)
        press(self.page, "Sign in")

    def set_up(self) -> None:
        """Set up the authenticator that the open page shows."""
        self.secret = self.page.locator("[data-key]").inner_text().replace(" ", "")
        self.page.get_by_label("Code of the new authenticator").fill(code_of(self.secret, -1))
        self.page.get_by_label("Your password").fill(PASSWORD)
        press(self.page, "Set up")

    def end(self) -> None:
        """Fail if any page had a fault."""
        assert not self.faults, "\n".join(self.faults)


@pytest.fixture
def lea(address, pages, cast, picture) -> Visitor:
    """Lea, who has signed in for the first time and set up her authenticator."""
    visitor = Visitor(pages(), address, picture)
    visitor.page.goto(address)
    follow(visitor.page, "Sign in")
    visitor.stop("login")
    visitor.password("lea")
    expect(visitor.page.get_by_role("heading", name="Before you go on")).to_be_visible()
    visitor.stop("set-up")
    visitor.set_up()
    return visitor


def test_an_authenticator_a_passkey_and_the_way_in_by_each(lea, moving):
    page = lea.page
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    expect(page.locator(".qmm-codes li")).to_have_count(10)
    lea.stop("codes")
    follow(page, "I have kept them, go on")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEYS})
    page.locator(".qmm-drop--end summary").click()
    follow(page, "Your sign-in")
    lea.stop("overview")
    follow(page, "Add a passkey")
    lea.stop("passkey")
    page.get_by_label("Name").fill("Office laptop")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Code you have now").fill(code_of(lea.secret))
    press(page, "Add the passkey")
    expect(page.get_by_role("rowheader", name="Passkey: Office laptop")).to_be_visible()
    lea.stop("overview-both")
    page.get_by_role("link", name="Remove the authenticator app").click()
    lea.stop("remove")
    _sign_out(page)
    follow(page, "Sign in")
    press(page, "Sign in with a passkey")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    _sign_out(page)
    follow(page, "Sign in")
    lea.password("lea")
    lea.stop("second-factor")
    page.get_by_label("Code").fill(code_of(lea.secret, 1))
    press(page, "Sign in")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    _sign_out(page)
    follow(page, "Sign in")
    lea.password("lea")
    press(page, "Use a passkey instead")
    expect(page.get_by_role("heading", level=1)).to_have_text("Home")
    lea.end()


@pytest.mark.requirement("R22")
def test_what_was_typed_survives_the_end_of_the_session(address, pages, cast, picture, moving):
    visitor = Visitor(pages(), address, picture)
    page = visitor.page
    sign_in(page, address, "quin@example.org")
    navigate(page, "Facilities")
    follow(page, "Add a facility")
    page.get_by_label("Name").fill("A works whose name was long in coming")
    moving.pass_by(minutes=16)
    press(page, "Add the facility")
    expect(page.locator(".qmm-messages")).to_contain_text("15 minutes without activity")
    visitor.stop("signed-out")
    visitor.password("quin")
    visitor.set_up()
    follow(page, "I have kept them, go on")
    expect(page.get_by_label("Name")).to_have_value("A works whose name was long in coming")
    expect(page.get_by_text("is back")).to_be_visible()
    visitor.stop("restored")
    press(page, "Take it out again")
    expect(page.get_by_label("Name")).to_have_value("")
    page.get_by_label("Name").fill("Half a name")
    _sign_out(page)
    assert page.evaluate("Object.keys(sessionStorage).filter(k => k.includes('draft'))") == []
    visitor.end()


def test_secrets_are_never_kept(lea):
    kept = lea.page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})")
    assert PASSWORD not in kept
    assert lea.secret not in kept
    assert "lea@example.org" not in kept


@pytest.mark.requirement("R22")
def test_a_warning_comes_in_time_and_is_answered_by_keyboard(address, pages, cast, picture, moving):
    visitor = Visitor(pages(), address, picture)
    page = visitor.page
    page.clock.install()
    sign_in(page, address, "ada@example.org")
    _pass_by(page, moving, minutes=12, seconds=30)
    dialog = page.locator("[data-session]")
    expect(dialog).to_be_hidden()
    _pass_by(page, moving, seconds=45)
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("About 105 seconds are left.")
    visitor.stop("warning")
    tab_to(page, page.get_by_role("button", name="Stay signed in"))
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    _pass_by(page, moving, minutes=13, seconds=30)
    expect(dialog).to_be_visible()
    _pass_by(page, moving, minutes=2)
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    visitor.stop("over")
    follow(page, "Sign in again")
    expect(page).to_have_url(re.compile(r"/accounts/login/\?next=%2F$|next=/$"))
    visitor.end()


@pytest.mark.requirement("R22")
def test_a_score_given_after_the_end_waits_for_the_sign_in(address, pages, cast, moving):
    scoring(cast)
    page = pages()
    sign_in(page, address, "asa@example.org")
    navigate(page, "Assessments")
    follow(page, "Alder Works")
    follow(page, "Score")
    page.wait_for_url("**/PLN-01/")
    moving.pass_by(minutes=16)
    page.locator("label[for=mark-4]").click()
    expect(page.locator("[data-save-state]")).to_contain_text("Your changes are kept here")
    assert not Score.objects.exists()
    sign_in(pages(page.context), address, "asa@example.org")
    expect(page.locator("[data-save-state]")).to_contain_text("Saved", timeout=20_000)
    assert Score.objects.get().mark == "4"


def _pass_by(page: Page, moving: Clock, **time: float) -> None:
    moving.pass_by(**time)
    seconds = time.get("minutes", 0) * 60 + time.get("seconds", 0)
    page.clock.fast_forward(int(seconds * 1000))


def _sign_out(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(".qmm-drop--end summary").click()
    press(page, "Sign out")
    page.get_by_role("link", name="Sign in").wait_for()
