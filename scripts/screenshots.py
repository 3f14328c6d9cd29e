"""Take the manual's pictures from a demonstration: `python scripts/screenshots.py docs/images`."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

VIEWPORT = {"width": 1280, "height": 900}
FLAGS = ["--no-sandbox", "--disable-gpu", "--force-device-scale-factor=1"]
LARGEST_BYTES = 300_000
STARTING_SECONDS = 240


def main() -> None:
    """Start a demonstration, take every picture, stop it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder for the pictures")
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as data,
        demonstration(Path(data)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        for name, (role, go) in PICTURES.items():
            target = out / f"{name}.png"
            picture(browser, address, role, go, target)
            print(f"{target}  {target.stat().st_size // 1000} kB")
        browser.close()
    large = [path.name for path in out.glob("*.png") if path.stat().st_size > LARGEST_BYTES]
    if large:
        sys.exit(f"Larger than {LARGEST_BYTES // 1000} kB: {', '.join(large)}")


def chromium() -> str:
    """Return the machine's Chromium, or say that there is none."""
    names = (os.environ.get("OPENQMM_CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    for name in names:
        if name and (path := shutil.which(name)):
            return path
    sys.exit("No Chromium on this machine; name one with OPENQMM_CHROMIUM=/path/to/chromium.")


@contextmanager
def demonstration(data: Path) -> Iterator[str]:
    """Run a demonstration on a free port of this machine, and yield its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "openqmm", "demo", "--data", str(data), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_for(server, address)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def wait_for(server: subprocess.Popen[bytes], address: str) -> None:
    """Wait until the demonstration answers; its story takes a while to tell."""
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            sys.exit("The demonstration stopped before it answered.")
        try:
            urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.5)
        else:
            return
    sys.exit(f"The demonstration did not answer within {STARTING_SECONDS} seconds.")


def picture(
    browser: Browser, address: str, role: str, go: Callable[[Page], None], target: Path
) -> None:
    """Sign in as a role, unless nobody is to be signed in, go somewhere, take the picture."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    if role:
        page.goto(f"{address}/people/demo/")
        row = page.locator("tr", has=page.get_by_role("rowheader", name=role, exact=True))
        row.get_by_role("button").click()
        page.locator("#nav").wait_for()
    else:
        page.goto(address)
    go(page)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=target)
    context.close()


def stay(page: Page) -> None:
    """Take the first page there is."""
    page.get_by_role("heading", level=1).wait_for()


def by_links(*names: str | re.Pattern[str]) -> Callable[[Page], None]:
    """Return a way through these links, one after the other."""

    def go(page: Page) -> None:
        for name in names:
            exact = isinstance(name, str)
            link = page.locator("#nav, main, header").get_by_role("link", name=name, exact=exact)
            link.first.click()
            page.wait_for_load_state()

    return go


# File name: (whose browser, and the way from there).
PICTURES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "home": ("", stay),
    "dashboard": ("Program administrator", stay),
    "scoring": ("Assessor", by_links("Assessments", "Pinewick Chimica, Lodi", "Score")),
    "consensus": (
        "Lead assessor",
        by_links("Assessments", "Old Mill Topicals", "Consensus", re.compile(r"^\d+ disagreement")),
    ),
    "board": ("Rating board member", by_links("Ratings", "Sycamore Creek Parenterals")),
    "rating": ("Facility quality lead", by_links("Ratings", "Harbour Light Ophthalmics")),
    "directory": ("", by_links("Rated facilities")),
    "screening": (
        "Program administrator",
        by_links("Rounds", re.compile("^API pilot"), "Screening desk"),
    ),
}


if __name__ == "__main__":
    main()
