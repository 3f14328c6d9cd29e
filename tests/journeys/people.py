"""People at their browsers: signing in, finding the way, filling in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from playwright.sync_api import Locator, Page, Response, expect

from tests.people import PASSWORD, session_of


@dataclass
class Stage:
    """The portal, and a browser for everybody who comes to it."""

    address: str
    pages: Callable[..., Page]
    signed_in: dict[str, Page] = field(default_factory=dict)

    def visitor(self) -> Page:
        """Return the browser of somebody without an account, on the public home page."""
        page = self.pages()
        page.goto(self.address)
        return page

    def person(self, name: str) -> Page:
        """Return a person's browser, in which they are signed in."""
        if name not in self.signed_in:
            page = self.pages()
            sign_in(page, self.address, f"{name}@example.org")
            self.signed_in[name] = page
        return self.signed_in[name]


def sign_in(page: Page, address: str, email: str) -> None:
    """Be signed in, and on the home page. How one gets there is test_signing_in.py's story."""
    page.context.add_cookies(
        [{"name": settings.SESSION_COOKIE_NAME, "value": session_of(email), "url": address}]
    )
    page.goto(address)
    page.get_by_role("heading", name="Home", exact=True).wait_for()


def navigate(page: Page, entry: str) -> None:
    """Go to an entry of the person's own navigation, from a public page by way of their home."""
    if not page.locator("#nav").count():
        follow(page, "Your work")
        page.locator("#nav").wait_for()
    with page.expect_navigation():
        page.locator("#nav").get_by_role("link", name=entry, exact=True).click()


def press(place: Page | Locator, name: str) -> None:
    """Press a button by its full name."""
    place.get_by_role("button", name=name, exact=True).click()


def follow(place: Page | Locator, name: str) -> None:
    """Follow a link by its full name, the first where a page repeats it, until it has loaded."""
    page = place if isinstance(place, Page) else place.page
    with page.expect_navigation():
        place.get_by_role("link", name=name, exact=True).first.click()


def choose(place: Page | Locator, words: str) -> None:
    """Tick a box or choose one of several by the words beside it."""
    place.locator("label").filter(has_text=words).click()


def status(page: Page, url: str) -> int:
    """Open an address and return what the portal answers."""
    answer: Response | None = page.goto(url)
    assert answer is not None
    return answer.status


def sign(page: Page, label: str) -> None:
    """Prove by the password who signs, and sign."""
    page.get_by_label("Your password").fill(PASSWORD)
    press(page, label)


def told(page: Page, words: str) -> None:
    """Expect the message above the page to say this."""
    expect(page.locator(".qmm-messages")).to_contain_text(words)


def tab_to(page: Page, target: Locator, *, backwards: bool = False) -> None:
    """Tab until the focus is there; a keyboard trap or an unreachable control fails."""
    target.wait_for()
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Shift+Tab" if backwards else "Tab")
    raise AssertionError(f"{target} cannot be reached by keyboard")
