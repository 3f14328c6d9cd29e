"""Sessions: how long they last by the server's clock, and what ends them at once."""

from __future__ import annotations

import pytest
from django.conf import settings as django_settings
from django.test import Client

from openqmm.apps.accounts import actions
from openqmm.apps.accounts.models import User
from openqmm.core.errors import NotPermitted
from openqmm.site.sign_in.sessions import BACKGROUND_HEADER
from openqmm.web import clock
from tests.apps.facilities.stories import facility_of
from tests.people import PASSWORD, Cast, session_of
from tests.site.doors import (
    LOGIN,
    Clock,
    end_memberships,
    enter,
    events,
    is_inside,
    person,
    switch_off,
)

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "quite another sentence for this"


@pytest.fixture
def moving(monkeypatch) -> Clock:
    """The server's clock, in the test's hand."""
    hand = Clock()
    monkeypatch.setattr(clock, "now", hand)
    return hand


@pytest.mark.requirement("R22")
def test_fifteen_idle_minutes_end_it_and_lead_back(cast: Cast, moving: Clock) -> None:
    client = cast.client("ada")
    moving.pass_by(minutes=14, seconds=30)
    assert is_inside(client)
    moving.pass_by(minutes=15)
    response = client.get("/rounds/?page=2")
    assert response.headers["Location"] == f"{LOGIN}?next=/rounds/%3Fpage%3D2"
    assert b"15 minutes without activity" in client.get(LOGIN).content
    assert [event.why for event in events("person.signed_out")] == [
        "You were signed out after 15 minutes without activity."
    ]


@pytest.mark.requirement("R22")
def test_twelve_hours_end_it_however_busy(cast: Cast, moving: Clock) -> None:
    client = cast.client("ada")
    for _ in range(71):
        moving.pass_by(minutes=10)
        assert is_inside(client)
    moving.pass_by(minutes=10)
    assert not is_inside(client)


@pytest.mark.requirement("R22")
def test_what_a_page_does_on_its_own_is_no_activity(cast: Cast, moving: Clock) -> None:
    client = cast.client("ada")
    for _ in range(3):
        moving.pass_by(minutes=4)
        answer = client.get("/accounts/session/", headers={BACKGROUND_HEADER: "1"})
        assert answer.status_code == 200
    assert answer.json()["left"] == 3 * 60
    moving.pass_by(minutes=4)
    answer = client.get("/accounts/session/", headers={BACKGROUND_HEADER: "1"})
    assert answer.status_code == 401


@pytest.mark.requirement("R22")
def test_staying_signed_in_is_one_click(cast: Cast, moving: Clock) -> None:
    client = cast.client("ada")
    moving.pass_by(minutes=14)
    assert client.post("/accounts/session/").json()["left"] == 15 * 60
    moving.pass_by(minutes=14)
    assert is_inside(client)


def test_a_form_sent_too_late_leads_back_to_its_page(cast: Cast, moving: Clock) -> None:
    client = cast.client("ada")
    moving.pass_by(minutes=16)
    response = client.post(
        "/rounds/new/", {}, headers={"Referer": "http://testserver/rounds/new/?from=home"}
    )
    assert response.headers["Location"] == f"{LOGIN}?next=/rounds/new/"
    response = client.post("/rounds/new/", {}, headers={"Referer": "https://evil.example/x"})
    assert response.headers["Location"] == f"{LOGIN}?next=/"


def test_a_clock_put_back_ends_it(cast: Cast, moving: Clock) -> None:
    client = cast.client("ada")
    moving.pass_by(hours=-2)
    assert not is_inside(client)


@pytest.mark.requirement("R23")
def test_switching_a_person_off_ends_every_session_at_once(cast: Cast) -> None:
    clients = [cast.client("quin"), cast.client("quin")]
    switch_off("quin")
    assert not any(is_inside(client) for client in clients)


@pytest.mark.requirement("R23")
def test_who_was_switched_off_during_a_request_changes_nothing_more(cast: Cast) -> None:
    """The actor was made while the person was there; the change comes after."""
    actor = cast.ada
    switch_off("ada")
    with pytest.raises(NotPermitted, match="ended meanwhile"):
        actions.add_person(by=actor, email="new@example.org", full_name="New Person")
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.requirement("R23")
def test_who_lost_the_role_during_a_request_changes_nothing_more(cast: Cast) -> None:
    end_memberships("ada")
    with pytest.raises(NotPermitted, match="ended meanwhile"):
        actions.add_person(by=cast.ada, email="new@example.org", full_name="New Person")


@pytest.mark.requirement("R23")
def test_who_was_taken_off_a_role_today_changes_nothing_more(cast: Cast) -> None:
    """The last day of an ended role is today; it is over all the same."""
    held = person("quin").memberships.get()
    actions.end_membership(by=cast.ada, membership_id=held.pk, reason="Left the company today.")
    with pytest.raises(NotPermitted, match="ended meanwhile"):
        facility_of(cast.quin, "3009999903", "Late Works")


@pytest.mark.requirement("R23")
def test_without_a_role_anywhere_the_session_is_over(cast: Cast) -> None:
    client = cast.client("quin")
    end_memberships("quin")
    assert not is_inside(client)
    assert not client.session.keys() & {"_auth_user_id"}


@pytest.mark.requirement("R23")
def test_a_changed_password_ends_the_sessions_elsewhere(cast: Cast) -> None:
    here, there = cast.client("quin"), cast.client("quin")
    before = here.session.session_key
    here.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
    )
    assert person("quin").check_password(NEW_PASSWORD)
    assert is_inside(here)
    assert here.session.session_key != before
    assert not is_inside(there)
    assert len(events("person.password_changed")) == 1


def test_signing_out_everywhere_else(cast: Cast) -> None:
    here, there = Client(), Client()
    for client in (here, there):
        enter(client, "pia")
    assert is_inside(there)
    assert here.get("/accounts/sign-in/").content.count(b"127.0.0.1") == 2
    here.post("/accounts/sign-in/elsewhere/")
    assert is_inside(here)
    assert not is_inside(there)
    assert [event.sentence for event in events("person.sessions_ended")] == [
        "ended 1 sessions of Pia Test"
    ]


def test_nobody_ends_somebody_elses_sessions(cast: Cast) -> None:
    with pytest.raises(NotPermitted, match="Only its owner"):
        actions.end_sessions(by=cast.bria, person=person("quin"), why="spite")
    actions.end_sessions(by=cast.ada, person=person("quin"), why="The laptop was stolen.")


def test_private_pages_are_kept_by_no_cache(cast: Cast) -> None:
    for address in ("/", "/accounts/sign-in/", "/accounts/sign-in/authenticator/"):
        response = cast.client("quin").get(address)
        assert "no-store" in response.headers["Cache-Control"]


def test_cookies_are_for_this_host_and_not_for_scripts(cast: Cast) -> None:
    client = Client()
    enter(client, "pia")
    cookie = client.cookies[django_settings.SESSION_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["domain"] == ""
    assert cookie["path"] == "/"
    assert not cookie["max-age"]


def test_a_session_key_of_another_person_is_not_made_by_asking(cast: Cast) -> None:
    client = Client()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = session_of("quin@example.org")[::-1]
    assert not is_inside(client)


def test_your_sign_in_is_found_under_ones_name(cast: Cast) -> None:
    for address in ("/", "/accounts/sign-in/passkey/"):
        assert b'href="/accounts/sign-in/">Your sign-in' in cast.client("quin").get(address).content
