"""Every route that takes a form either has it take effect once, or says why that is not needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

import openqmm
from openqmm.site.checks import TRUSTED_MODULES, routes

# Routes that take a form any number of times, and why nothing is lost or doubled by that.
REASONS = {
    "accounts:switch": "chooses the role of a session; the same choice again changes nothing",
    "accounts:demo_sign_in": "signs in, in a demonstration only; nobody is known yet",
    "assessments:score": "carries its version; the same content again is no event",
    "assessments:edit_remark": "carries its version; the same content again is no event",
    "facilities:correct_facility": "carries its version; the same content again is no event",
    "programs:edit_step": "carries its version; the same content again is no event",
    "programs:edit_program": "carries its version; the same content again is no event",
    "programs:edit_round": "carries its version; the same content again is no event",
    "accounts:invitation": "the link works once, and nobody is signed in yet",
    "accounts:add_person": "shows a link this once; the same address again is refused",
    "accounts:invite": "shows a link this once, and takes the one before away",
    "accounts:keys": "shows a key's text this once; a second key is seen in the list and revoked",
    "accounts:access_file": "writes no record; each export sends a file, and each is on the trail",
    "audit:export": "writes no record; each export sends a file, and each is on the trail",
    "audit:check": "writes no record; each check is on the trail",
    "audit:proof": "writes no record; each proof sends a file, and each is on the trail",
    "sign_in_authenticator": "takes a code, which works once",
    "sign_in_passkey": "takes a challenge, which works once",
    "sign_in_remove": "removes what is then no longer there",
    "sign_in_recovery_codes": "shows new codes this once, and takes those before away",
    "sign_in_elsewhere": "ends what is then ended",
    "mfa_login_webauthn": "takes a challenge, which works once; nobody is signed in yet",
    "session": "makes a session last; writes no record",
}
TEMPLATES = Path(openqmm.__file__).parent
# Forms that go back to the page they stand on, by template: its route is one of the above.
TO_THEMSELVES = {
    "assessments/edit_remark.html",
    "facilities/correct_facility.html",
    "programs/edit_program.html",
    "programs/edit_round.html",
    "accounts/add_person.html",
    "accounts/demo_sign_in.html",
    "accounts/invitation.html",
    "accounts/keys.html",
    "web/merge.html",
}
FORM = re.compile(r"<form\b[^>]*?method=\"post\"[^>]*?>(?:(?!</form>).)*", re.DOTALL)
ACTION = re.compile(r"action=\"{% url '([a-z_:]+)'")


def _taking_forms() -> dict[str, bool]:
    return {
        name: view.once
        for name, _, view in routes()
        if not view.__module__.startswith(TRUSTED_MODULES) and "POST" in view.allowed_methods
    }


@pytest.mark.requirement("R39")
def test_every_route_that_takes_a_form_does_so_once_or_says_why_not() -> None:
    taking = _taking_forms()
    assert {name for name, once in taking.items() if not once} == set(REASONS)


def _forms() -> Iterator[tuple[str, str]]:
    for file in sorted(TEMPLATES.rglob("templates/**/*.html")):
        name = str(file).split("/templates/")[1]
        if not name.startswith(("account/", "mfa/", "socialaccount/", "web/gallery")):
            for form in FORM.findall(file.read_text("utf-8")):
                yield name, form


@pytest.mark.requirement("R39")
def test_every_form_carries_the_key_that_its_route_asks_for() -> None:
    taking, seen = _taking_forms(), set()
    for template, form in _forms():
        route = ACTION.search(form)
        once = taking.get(route[1], False) if route else template not in TO_THEMSELVES
        assert ("{% once %}" in form) == once, f"{template}: {route[1] if route else 'itself'}"
        seen.add(template)
    assert len(seen) > 15
    assert seen >= TO_THEMSELVES


def test_the_middleware_stands_where_the_actor_is_known() -> None:
    order = settings.MIDDLEWARE
    assert order.index("openqmm.site.middleware.ActorMiddleware") < order.index(
        "openqmm.site.once.OnceMiddleware"
    )


@pytest.mark.django_db
def test_the_sweep_says_how_many_it_forgot(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("sweep_forms")
    assert capsys.readouterr().out == "0 forgotten.\n"
