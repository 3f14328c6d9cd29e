"""Keys: one role, some scopes, until a day; they die with whatever they hang on."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from openqmm.apps.accounts import actions, queries
from openqmm.apps.accounts.models import ApiKey, Membership
from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.core.errors import NotFound, TransitionRefused
from openqmm.core.workflow import SYSTEM, Role, Scope
from openqmm.site.checks import OPEN_TO_ANY_KEY, routes
from openqmm.web import clock
from tests.apps.disclosure.stories import shared
from tests.apps.ratings import stories
from tests.people import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.requirement("R25")]
API = "/api/v1"
WHY = "No longer needed there."


def made(by, *scopes: Scope, days: int = 30) -> actions.NewKey:
    until = clock.today() + timedelta(days=days)
    return actions.make_key(
        by=by, name="Nightly", scopes=[s.value for s in scopes], expires_on=until
    )


def call(text: str, path: str, client: Client | None = None, method: str = "get"):
    headers = {"authorization": f"Bearer {text}"}
    return getattr(client or Client(), method)(f"{API}{path}", headers=headers)


def test_each_operation_opens_to_its_own_scope_alone(cast: Cast):
    """Every operation with every scope: the one it declares answers, any other is 403."""
    story = stories.issued(cast)
    consent = shared(story)
    paths = {
        "api:directory": "/directory/",
        "api:disclosed": f"/directory/{consent.pk}",
        "api:protocols": "/protocols/",
        "api:protocol": "/protocols/synthetic",
        "api:rating": f"/ratings/{story.id}",
    }
    declared = {name: view.scopes for name, _, view in routes() if name.startswith("api:")}
    assert set(paths) == set(declared) - set(OPEN_TO_ANY_KEY)
    keys = {scope: made(cast.sid, scope).text for scope in Scope}
    for name, path in paths.items():
        for scope, text in keys.items():
            expected = 200 if scope in declared[name] else 403
            assert call(text, path).status_code == expected, (name, scope)
    everything = made(cast.sid, *Scope).text
    assert {call(everything, path).status_code for path in paths.values()} == {200}


@pytest.mark.requirement("R15")
def test_a_key_sees_what_its_role_sees(cast: Cast):
    story = stories.issued(cast)
    path = f"/ratings/{story.id}"
    assert call(made(cast.sid, Scope.RATINGS_READ).text, path).status_code == 200
    rival = made(cast.bria, Scope.RATINGS_READ).text
    hidden, nowhere = call(rival, path), call(rival, f"/ratings/{uuid4()}")
    assert (hidden.status_code, hidden.content) == (404, nowhere.content)
    assert call(made(cast.pia, Scope.RATINGS_READ).text, path).status_code == 403


def test_a_key_acts_in_the_role_it_was_made_in_and_no_other(cast: Cast):
    """Sid gains a role at Birch; the key stays Alder's."""
    story = stories.issued(cast)
    key = made(cast.sid, Scope.RATINGS_READ)
    person = Membership.objects.get(person=cast.sid.person_id).person
    birch = actions.add_membership(
        by=SYSTEM,
        person=person,
        organisation=cast.organisations["Birch Pharma"],
        role=Role.AUTHORISED_SIGNATORY,
        from_on=clock.today(),
    )
    browser = cast.client("sid")
    browser.post(reverse("accounts:switch"), {"membership": str(birch.pk)})
    path = f"/ratings/{story.id}"
    assert browser.get(f"{API}{path}").status_code == 404
    assert call(key.text, path, browser).status_code == 200


@pytest.mark.requirement("R23")
@pytest.mark.requirement("R21")
@pytest.mark.parametrize(
    "how", ["unknown", "cut", "expired", "revoked", "membership", "person", "basic", "empty"]
)
def test_whatever_ends_a_key_the_answer_is_the_same(cast: Cast, settings, how: str):
    settings.DEMO = True
    stories.proposed(cast)
    key = made(cast.sid, Scope.PROTOCOLS_READ, days=10)
    path, text = "/protocols/", key.text
    assert call(text, path).status_code == 200
    moment = clock.now()
    headers = {"authorization": f"Bearer {text}"}
    match how:
        case "unknown":
            headers["authorization"] = f"Bearer {text[:-1]}{'A' if text[-1] != 'A' else 'B'}"
        case "cut":
            headers["authorization"] = f"Bearer {key.key.prefix}"
        case "expired":
            moment += timedelta(days=11)
        case "revoked":
            actions.revoke_key(by=cast.sid, key_id=key.key.pk)
        case "membership":
            actions.end_membership(by=cast.ada, membership_id=key.key.membership_id, reason=WHY)
        case "person":
            actions.deactivate_person(by=cast.ada, person_id=cast.sid.person_id, reason=WHY)
        case "basic":
            headers["authorization"] = "Basic c2lkOnBhc3N3b3Jk"
        case "empty":
            headers["authorization"] = ""
    with clock.told(moment):
        refused = cast.client("ada").get(f"{API}{path}", headers=headers)
    assert (refused.status_code, refused.content) == (401, b'{"detail":"Sign in first."}')


def test_a_key_lasts_through_its_last_day(cast: Cast, settings):
    settings.DEMO = True
    stories.proposed(cast)
    key = made(cast.sid, Scope.PROTOCOLS_READ, days=10)
    with clock.told(clock.now() + timedelta(days=10)):
        assert call(key.text, "/protocols/").status_code == 200


def test_a_key_opens_no_page(cast: Cast):
    key = made(cast.ada, *Scope)
    headers = {"authorization": f"Bearer {key.text}"}
    for page in ("accounts:people", "programs:rounds", "accounts:keys", "assessments:assessments"):
        response = Client().get(reverse(page), headers=headers)
        assert response.status_code == 302
        assert "/accounts/login/" in response.headers["Location"]


@pytest.mark.parametrize(
    ("scopes", "days", "why"),
    [
        ([], 30, "what the key may be used for"),
        (["ratings:write"], 30, "what the key may be used for"),
        (["ratings:read"], 366, "365 days"),
        (["ratings:read"], -1, "365 days"),
    ],
)
def test_keys_are_bounded(cast: Cast, scopes: list[str], days: int, why: str):
    with pytest.raises(TransitionRefused, match=why):
        actions.make_key(
            by=cast.sid,
            name="Nightly",
            scopes=scopes,
            expires_on=clock.today() + timedelta(days=days),
        )
    assert not ApiKey.objects.exists()


def test_the_text_of_a_key_is_shown_once_and_kept_nowhere(cast: Cast):
    browser, url = cast.client("sid"), reverse("accounts:keys")
    data = {
        "name": "Nightly",
        "scopes": ["ratings:read"],
        "expires_on": (clock.today() + timedelta(days=30)).isoformat(),
    }
    shown = browser.post(url, data)
    text = re.search(r"oqmm_[0-9a-f]{8}_[\w-]{43}", shown.content.decode())
    assert text
    assert shown.headers["Cache-Control"] == "no-store, private"
    secret = text[0].rpartition("_")[2] if text[0].count("_") == 2 else text[0][14:]
    kept = str(list(ApiKey.objects.values())) + str(list(AuditChange.objects.values()))
    assert secret not in kept + str(list(AuditEvent.objects.values()))
    pages = [
        browser.get(url),
        cast.client("ada").get(reverse("accounts:person", args=[cast.sid.person_id])),
    ]
    for page in pages:
        assert text[0][:13] in page.content.decode()
        assert secret not in page.content.decode()
        assert ApiKey.objects.get().digest not in page.content.decode()


def test_only_its_owner_revokes_a_key(cast: Cast):
    key = made(cast.sid, Scope.RATINGS_READ).key
    for by in (cast.ada, cast.quin, cast.boris):
        with pytest.raises(NotFound):
            actions.revoke_key(by=by, key_id=key.pk)
    url = reverse("accounts:revoke_key", args=[key.pk])
    assert cast.client("boris").post(url).status_code == 404
    assert cast.client("sid").post(url).status_code == 302
    assert queries.own_keys(cast.sid)[0].state == "revoked"


def test_the_first_use_of_a_day_is_on_the_trail(cast: Cast, settings):
    settings.DEMO = True
    stories.proposed(cast)
    key = made(cast.sid, Scope.PROTOCOLS_READ)
    for days in (0, 0, 1, 1, 1):
        with clock.told(clock.now() + timedelta(days=days)):
            call(key.text, "/protocols/")
            call(key.text, f"/ratings/{uuid4()}")
    uses = AuditEvent.objects.filter(what="key.used")
    assert [event.trail_id for event in uses] == [cast.sid.organisation_id] * 2


def test_a_session_changes_nothing_by_the_interface(rf):
    """Were there an operation that writes, a forged request could bring the session along."""
    from openqmm.api.access import identify

    request = rf.post("/")
    request.actor = "somebody"
    identify(request, lambda text: None)
    assert request.actor.role is Role.PUBLIC
