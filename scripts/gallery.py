"""Render the style gallery to a folder of plain files, to be looked at in a browser.

    python scripts/gallery.py OUT_DIR

Writes `components.html`, `dashboard.html`, `home.html` and the error pages beside a copy of the
static files. Needs no database; every name in it is invented.
"""

from __future__ import annotations

import shutil
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace as Row

import django
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "src/openqmm/web"
ERROR_PAGES = ("400", "403", "403_csrf", "404", "429", "500")


def _nowhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


PUBLIC = ("about", "method", "directory", "accessibility", "privacy")
urlpatterns = [
    path("", _nowhere, name="home"),
    path("sign-in", _nowhere, name="account_login"),
    path("sign-out", _nowhere, name="account_logout"),
    path("accounts/", include(([path("switch", _nowhere, name="switch")], "accounts"))),
    path("public/", include(([path(name, _nowhere, name=name) for name in PUBLIC], "public"))),
]


def configure() -> None:
    """Set up the least Django that renders the templates."""
    settings.configure(
        INSTALLED_APPS=["django.contrib.staticfiles", "openqmm.web"],
        ROOT_URLCONF=__name__,
        SECRET_KEY="gallery",
        STATIC_URL="/static/",
        TIME_ZONE="UTC",
        USE_TZ=True,
        TEMPLATES=[
            {"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}
        ],
    )
    django.setup()


LEVELS = [
    Row(
        area="Supply Chain Management", level=1, score=1.21, interval=(1.0, 1.7), answers=9,
        evidence=4, reason="", state="Not started", tone="neutral",
    ),
    Row(
        area="Risk Management", level=2, score=2.38, interval=(1.9, 2.8), answers=8,
        evidence=11, reason="", state="In progress", tone="progress",
    ),
    Row(
        area="Manufacturing Strategy and Operations", level=3, score=3.42, interval=(2.9, 3.8),
        answers=12, evidence=17, reason="", state="Answered", tone="done",
    ),
    Row(
        area="Workforce Management", level=4, score=4.05, interval=(3.6, 4.4), answers=7,
        evidence=9, reason="", state="Signed", tone="info",
    ),
    Row(
        area="Quality Culture", level=5, score=4.71, interval=(4.3, 5.0), answers=10,
        evidence=21, reason="", state="Due soon", tone="warn",
    ),
    Row(
        area="Planning", level=None, score=None, interval=None, answers=3, evidence=0,
        reason="3 of 8 questions are scored; at least 80 % are needed", state="Late", tone="stop",
    ),
    Row(
        area="Inventory Management", level="not_applicable", score=None, interval=None, answers=0,
        evidence=0, reason="the site keeps no stock of its own", state="Not asked", tone="neutral",
    ),
]  # fmt: skip
TODO = [
    Row(label="Answer the questionnaire", url="#", due=date(2027, 3, 26), late=False,
        about="31 of 67 questions answered"),
    Row(label="Upload the annual product review", url="#", due=date(2027, 3, 9), late=True,
        about="Requested by the lead assessor on 1 Mar 2027"),
    Row(label="Name an authorised signatory", url="#", due=None, late=False, about=""),
]  # fmt: skip
STAGES = [
    Row(label="Oriented", state="done"),
    Row(label="Questionnaire", state="done"),
    Row(label="Visit", state="current"),
    Row(label="Scoring", state="todo"),
    Row(label="Report", state="todo"),
    Row(label="Rated", state="todo"),
]
HISTORY = [
    Row(at=datetime(2027, 3, 11, 9, 14, tzinfo=UTC), by="Ines Moreau, lead assessor",
        sentence="Moved the visit from 19 to 22 April 2027.", why="The site is shut on 19 April.",
        changes=[Row(field="Visit begins", before="19 Apr 2027", after="22 Apr 2027")]),
    Row(at=datetime(2027, 3, 8, 15, 2, tzinfo=UTC), by="Tomas Lindqvist, quality lead",
        sentence="Uploaded “Change control procedure”, 2.1 MB.", why="", changes=[]),
]  # fmt: skip
FACTS = [
    ("Facility", "Larkfield Synthesis"),
    ("FEI", "3009999901"),
    ("Activities", "API, intermediates"),
    ("Valid until", None),
]
PROGRAM = [
    Row(name="Request", text="A facility asks to take part."),
    Row(name="Selection", text="The office screens requests and draws from published strata."),
    Row(name="Questionnaire", text="The site answers and shows its evidence."),
    Row(name="Assessment", text="Independent assessors visit for up to five days."),
    Row(name="Rating", text="A board issues the rating with its reasons."),
    Row(name="Disclosure", text="The facility decides whether anyone sees it."),
]
SCALE = [
    Row(level=1, text="Problems are dealt with as they appear."),
    Row(level=2, text="Procedures exist and are followed."),
    Row(level=3, text="Data is used to act before problems appear."),
    Row(level=4, text="Trends and models foresee what is coming."),
    Row(level=5, text="The whole site learns, and shares what it learns."),
]
TONES = [
    Row(word="Draft", name="neutral"),
    Row(word="Submitted", name="info"),
    Row(word="In progress", name="progress"),
    Row(word="Eligible", name="done"),
    Row(word="Needs information", name="warn"),
    Row(word="Ineligible", name="stop"),
]


def sample_forms() -> dict[str, object]:
    """Return a form with errors that shows every kind of control, and the self-check."""
    from django import forms

    class Application(forms.Form):
        name = forms.CharField(label="Facility name", help_text="As registered, not the brand.")
        country = forms.ChoiceField(choices=[("", "Choose"), ("IN", "India"), ("IT", "Italy")])
        visit_on = forms.DateField(
            label="Earliest visit", widget=forms.DateInput, help_text="A working day at the site."
        )
        kind = forms.ChoiceField(
            label="Facility type",
            choices=[("API", "API"), ("FDF", "Finished dosage form")],
            widget=forms.RadioSelect,
        )
        languages = forms.MultipleChoiceField(
            label="Languages spoken on site",
            choices=[("en", "English"), ("it", "Italian")],
            widget=forms.CheckboxSelectMultiple,
            required=False,
        )
        rationale = forms.CharField(
            label="Why take part", widget=forms.Textarea(attrs={"rows": 4}), required=False
        )
        plan = forms.FileField(label="Site plan", required=False, help_text="PDF, up to 20 MB.")
        agreed = forms.BooleanField(label="The particulars above are correct")

    class Check(forms.Form):
        fei = forms.CharField(label="FEI", help_text="Seven to ten digits.", max_length=10)

    form = Application({"name": "Larkfield Synthesis", "kind": "API", "visit_on": "2027-04-19"})
    return {"form": form, "check": Check()}


def context() -> dict[str, object]:
    """Return what the sample pages show, with the shell of a signed-in quality lead."""
    from django.core.paginator import Paginator

    memberships = [
        Row(id=1, organisation="Larkfield Synthesis", role="quality lead"),
        Row(id=2, organisation="Norrvik Fine Chemicals", role="authorised signatory"),
    ]
    labels = ("Home", "Applications", "Assessments", "Metrics", "Improvement", "Records")
    user = Row(is_authenticated=True, get_full_name="Tomas Lindqvist")
    return {
        "levels": LEVELS, "todo": TODO, "stages": STAGES, "history": HISTORY, "facts": FACTS,
        "program": PROGRAM, "scale": SCALE, "tones": TONES, "wide": (3.3, 4.2), "none": [],
        "page": Paginator(range(1204), 50).page(7), **sample_forms(),
        "nav_items": [Row(label=label, url="#", active=label == "Home") for label in labels],
        "memberships": memberships, "active_membership": memberships[0], "waiting_count": 3,
        "demo": True, "user": user, "section": "",
    }  # fmt: skip


def render_pages(out: Path) -> list[Path]:
    """Write every page to the folder and return their paths."""
    from django.template.loader import render_to_string

    shutil.rmtree(out / "static", ignore_errors=True)
    shutil.copytree(WEB / "static", out / "static")
    samples = context()
    visitor = {**samples, "user": None}
    pages = {
        "components": render_to_string("web/gallery.html", samples),
        "dashboard": render_to_string("web/gallery_dashboard.html", samples),
        "home": render_to_string("web/gallery_home.html", visitor),
    }
    pages |= {name: render_to_string(f"{name}.html") for name in ERROR_PAGES}
    written = []
    for name, html in pages.items():
        target = out / f"{name}.html"
        # The pages are opened from disk, where an address from the root leads nowhere.
        target.write_text(html.replace('"/static/', '"static/'), encoding="utf-8")
        written.append(target)
    return written


def main() -> None:
    """Render to the folder named on the command line."""
    if len(sys.argv) != 2:
        sys.exit("usage: gallery.py OUT_DIR")
    configure()
    for page in render_pages(Path(sys.argv[1])):
        print(page)


if __name__ == "__main__":
    main()
