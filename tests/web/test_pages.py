"""The shell and the error pages, and the promises every template keeps."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace as Row

import pytest

Page = Callable[..., str]
ERRORS = {
    "400.html": "could not be read",
    "403.html": "Nothing was changed",
    "403_csrf.html": "Nothing was changed",
    "404.html": "no page at this address",
    "429.html": "Wait a few minutes",
    "500.html": "A fault here stopped the page",
}
WORKPLACES = [
    Row(id=1, organisation="Larkfield Synthesis", role="quality lead"),
    Row(id=2, organisation="Norrvik Fine Chemicals", role="signatory"),
]


def signed_in(**more: object) -> dict[str, object]:
    """What the shell is given for a person with two workplaces (invented)."""
    return {
        "nav_items": [
            Row(label="Home", url="/", active=True),
            Row(label="Records", url="/r", active=False),
        ],
        "memberships": WORKPLACES,
        "active_membership": WORKPLACES[0],
        "waiting_count": 3,
        "user": Row(is_authenticated=True, get_full_name="Tomas Lindqvist"),
        **more,
    }


def test_shell_shows_where_one_is_and_what_waits(page: Page) -> None:
    html = page("web/base.html", **signed_in(demo=True))
    assert html.count('aria-current="page"') == 1
    assert 'href="#main"' in html
    assert 'id="main"' in html
    assert "<b>3</b> waiting" in html
    assert "invented" in html
    assert "Tomas Lindqvist" in html


def test_switching_and_signing_out_are_posts(page: Page) -> None:
    html = page("web/base.html", **signed_in())
    assert re.search(r'method="post" action="/accounts/switch"', html)
    assert re.search(r'method="post" action="/sign-out"', html)
    assert 'name="membership" value="2"' in html


def test_one_workplace_needs_no_switcher(page: Page) -> None:
    html = page("web/base.html", **signed_in(memberships=WORKPLACES[:1]))
    assert "accounts/switch" not in html
    assert "Larkfield Synthesis" in html


def test_shell_stands_without_anyone_signed_in(page: Page) -> None:
    html = page("web/base.html")
    assert "waiting" not in html
    assert 'href="/sign-in"' in html
    assert "qmm-nav" not in html


def test_public_header_links_only_what_exists(page: Page) -> None:
    html = page("web/public_base.html", section="method")
    for label in ("About", "Method", "Rated facilities", "Sign in"):
        assert f">{label}</a>" in html
    assert "Verify" not in html
    assert html.count('aria-current="page"') == 1


@pytest.mark.parametrize("name", ERRORS)
def test_error_page_stands_alone_in_plain_words(page: Page, name: str) -> None:
    html = page(name)
    assert ERRORS[name] in html
    assert html.count("<h1") == 1
    assert "<script" not in html
    assert "Traceback" not in html


def test_not_found_does_not_tell_why(page: Page) -> None:
    bare = page("404.html")
    told = page("404.html", exception="no such rating", request_path="/ratings/7", **signed_in())
    assert bare == told


def _templates(web: Path) -> list[Path]:
    found = sorted((web / "templates").rglob("*.html"))
    assert len(found) > 20
    return found


def test_templates_keep_to_the_content_security_policy(web: Path) -> None:
    for path in _templates(web):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle\s*=|<style|\son\w+\s*=|javascript:", text), path.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), path.name


def test_nothing_is_fetched_from_elsewhere(web: Path) -> None:
    ours = [*_templates(web), *(web / "static/openqmm").rglob("*.css")]
    ours += (web / "static/openqmm").rglob("*.js")
    for path in (*ours, web / "static/vendor/uswds/css/uswds.min.css"):
        assert not re.search(r"https?://|src=\"//|url\(//", path.read_text("utf-8")), path.name


def test_gallery_renders_every_page(tmp_path: Path) -> None:
    script = Path(__file__).parents[2] / "scripts/gallery.py"
    run = [sys.executable, "-W", "error", str(script), str(tmp_path)]
    subprocess.run(run, check=True, capture_output=True)
    pages = {path.stem: path.read_text("utf-8") for path in tmp_path.glob("*.html")}
    assert {"components", "dashboard", "home", "404"} <= set(pages)
    for name, html in pages.items():
        assert html.count("<h1") == 1, name
        assert "style=" not in html, name
        for target in re.findall(r'(?:href|src)="(static/[^"]+)"', html):
            assert (tmp_path / target).is_file(), target
