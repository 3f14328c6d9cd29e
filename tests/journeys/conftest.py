"""A real browser on a real server: Chromium, driven; skipped, and said so, where there is none."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.journeys.databases import demonstration, empty, served

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
# As long as a page may take on a busy machine.
expect.set_options(timeout=10_000)

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Return the path of the machine's Chromium, or None."""
    names = (os.environ.get("OPENQMM_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all journeys of a process."""
    path = chromium()
    if path is None:
        pytest.skip("no Chromium on this machine: browser journeys are not run")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def pages(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Page]]:
    """Return a maker of pages, each of its own visitor; a console error fails the test.

    Given the context of another page, it opens one more window of that visitor.
    """
    errors: list[str] = []
    contexts = []

    def new(context: BrowserContext | None = None, **options: Any) -> Page:
        if context is None:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
            contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on(
            "console",
            lambda message: errors.append(message.text) if _is_fault(message) else None,
        )
        return page

    yield new
    for context in contexts:
        context.close()
    assert not errors, errors


def _is_fault(message: object) -> bool:
    # A refused step answers 4xx on purpose; the browser notes it as an error of loading.
    text = getattr(message, "text", "")
    return getattr(message, "type", "") == "error" and "Failed to load resource" not in text


@pytest.fixture
def picture(request: pytest.FixtureRequest) -> Callable[[Page, str], None]:
    """Return a taker of screenshots, kept where OPENQMM_SCREENSHOTS names a folder."""
    folder = os.environ.get("OPENQMM_SCREENSHOTS")

    def take(page: Page, name: str) -> None:
        if folder:
            target = Path(folder)
            target.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=target / f"{name}.png", full_page=True)

    return take


@pytest.fixture
def address(browser, django_db_blocker, prepared, tmp_path) -> Iterator[str]:
    """Return the address of a server on an empty database of its own."""
    with django_db_blocker.unblock(), served(tmp_path, empty(prepared)) as url:
        yield url


@pytest.fixture(scope="module")
def demo_address(browser, django_db_blocker, prepared, tmp_path_factory) -> Iterator[str]:
    """Return the address of a server on a copy of the demonstration."""
    folder = tmp_path_factory.mktemp("demonstration")
    with django_db_blocker.unblock():
        told = demonstration(prepared)
        with served(folder, told, demo=True) as url:
            yield url
