"""Signing in: two factors, on every path, and what it leaves on the trail."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from openqmm.apps.accounts import actions
from openqmm.core.errors import NotPermitted
from openqmm.site.sign_in.sessions import Strength
from tests.people import PASSWORD, Cast, session_of
from tests.site.doors import (
    CODE,
    LOGIN,
    code_of,
    enter,
    events,
    give_authenticator,
    is_inside,
    person,
)

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/sign-in/authenticator/"
NEW_PASSWORD = "quite another sentence for this"


@pytest.mark.requirement("R19")
@pytest.mark.parametrize(
    "page", ["/", "/about/", "/assessments/", "/trail/", "/accounts/sign-in/", "/people/switch/"]
)
def test_a_password_alone_makes_nobody(cast: Cast, page: str) -> None:
    client = Client()
    enter(client, "lea")
    response = client.get(page)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(SET_UP)


def test_a_password_alone_reads_no_interface_and_writes_nothing(cast: Cast) -> None:
    client = Client()
    enter(client, "lea")
    response = client.get("/api/v1/directory/", headers={"Accept": "application/json"})
    assert response.status_code == 401
    response = client.post("/assessments/plan/", {})
    assert (response.status_code, response.headers["Location"]) == (302, SET_UP)


@pytest.mark.requirement("R19")
def test_whoever_must_sets_up_an_authenticator_and_goes_on(cast: Cast) -> None:
    client = Client()
    enter(client, "lea")
    before = client.session.session_key
    secret = _shown_secret(client)
    response = client.post(SET_UP, {"code": code_of(secret), "password": PASSWORD})
    codes = re.findall(r"<li><code>(\d{10})</code>", response.content.decode())
    assert len(codes) == 10
    assert is_inside(client)
    assert [message.to for message in mail.outbox] == [["lea@example.org"]]
    assert client.session.session_key != before
    assert [event.actor_name for event in events("person.second_factor_added")] == ["Lea Test"]


def test_setting_up_takes_the_password_and_the_right_code(cast: Cast) -> None:
    client = Client()
    enter(client, "lea")
    secret = _shown_secret(client)
    response = client.post(SET_UP, {"code": code_of(secret), "password": "something else"})
    assert b"The password is not right. Nothing was changed." in response.content
    response = client.post(SET_UP, {"code": "000000", "password": PASSWORD})
    assert b"The code is not right" in response.content
    assert not is_inside(client)


def test_a_purchaser_may_do_without(cast: Cast) -> None:
    client = Client()
    enter(client, "pia")
    assert is_inside(client)
    assert b"may do without" in client.get("/accounts/sign-in/").content


@pytest.mark.requirement("R19")
def test_password_then_code(cast: Cast) -> None:
    secret, _ = give_authenticator("quin")
    client = Client()
    response = enter(client, "quin")
    assert response.headers["Location"] == CODE
    assert not is_inside(client)
    response = client.post(CODE, {"code": code_of(secret)})
    assert response.headers["Location"] == "/"
    assert is_inside(client)
    assert [event.sentence for event in events("person.signed_in")] == [
        "signed in by password and code"
    ]


@pytest.mark.requirement("R19")
def test_a_code_opens_once(cast: Cast) -> None:
    secret, _ = give_authenticator("quin")
    code = code_of(secret)
    first, second = Client(), Client()
    for client in (first, second):
        enter(client, "quin")
        client.post(CODE, {"code": code})
    assert is_inside(first)
    assert not is_inside(second)
    second.post(CODE, {"code": code_of(secret, 1)})
    assert is_inside(second)


@pytest.mark.parametrize("periods", [-3, -2, 2, 3])
def test_a_code_of_another_time_opens_nothing(cast: Cast, periods: int) -> None:
    secret, _ = give_authenticator("quin")
    client = Client()
    enter(client, "quin")
    client.post(CODE, {"code": code_of(secret, periods)})
    assert not is_inside(client)


def test_somebody_elses_code_opens_nothing(cast: Cast) -> None:
    give_authenticator("quin")
    other, codes = give_authenticator("bria")
    client = Client()
    enter(client, "quin")
    client.post(CODE, {"code": code_of(other)})
    client.post(CODE, {"code": codes[0]})
    assert not is_inside(client)
    assert len(events("person.sign_in_failed")) == 2


def test_a_recovery_code_opens_once_and_is_on_the_trail(cast: Cast) -> None:
    _, codes = give_authenticator("quin")
    for expected in (True, False):
        client = Client()
        enter(client, "quin")
        client.post(CODE, {"code": codes[3]})
        assert is_inside(client) is expected
    assert len(events("person.recovery_code_used")) == 1


@pytest.mark.requirement("R19")
def test_a_reset_by_mail_keeps_the_second_factor_and_signs_nobody_in(cast: Cast) -> None:
    give_authenticator("quin")
    client = Client()
    client.post("/accounts/password/reset/", {"email": "quin@example.org"})
    link = re.search(r"http://testserver(\S+)", mail.outbox[0].body)
    form = client.get(link[1], follow=True).request["PATH_INFO"]
    client.post(form, {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD})
    assert person("quin").check_password(NEW_PASSWORD)
    assert not is_inside(client)
    assert len(events("person.password_changed")) == 1
    assert enter(client, "quin", NEW_PASSWORD).headers["Location"] == CODE
    assert client.get(link[1], follow=True).context.get("token_fail")


def test_a_session_without_our_mark_is_nobodys(cast: Cast) -> None:
    """As a session from before an update, or one that another way in has made."""
    client = Client()
    client.force_login(person("ada"))
    session = client.session
    del session["openqmm.sign_in"]
    session.save()
    assert not is_inside(client)
    assert client.get("/rounds/").headers["Location"].startswith(LOGIN)


def test_the_demonstrations_mark_is_worth_nothing_elsewhere(cast: Cast, settings) -> None:
    client = Client()
    key = session_of("ada@example.org", Strength.DEMONSTRATION)
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert not is_inside(client)
    settings.DEMO = True
    assert is_inside(client)


def test_a_demonstration_is_entered_with_one_click(cast: Cast, settings) -> None:
    settings.DEMO = True
    client = Client()
    response = client.post("/people/demo/", {"person": str(person("ada").pk)})
    assert response.status_code == 302
    assert is_inside(client)


def test_the_session_gets_a_new_key_on_the_way_in(cast: Cast) -> None:
    client = Client()
    client.get(LOGIN)
    enter(client, "pia", "wrong")
    before = client.cookies.get("sessionid")
    enter(client, "pia")
    assert before is None or before.value != client.cookies["sessionid"].value


def test_signing_out_is_on_the_trail(cast: Cast) -> None:
    client = Client()
    enter(client, "pia")
    client.post("/accounts/logout/")
    assert not is_inside(client)
    assert [event.sentence for event in events("person.signed_out")] == ["signed out"]


def test_the_last_second_factor_of_a_role_that_needs_one_stays(cast: Cast) -> None:
    give_authenticator("quin")
    give_authenticator("pia")
    row = _factor("quin")
    with pytest.raises(NotPermitted, match="Add another one first"):
        actions.remove_factor(person=person("quin"), factor_id=row)
    actions.remove_factor(person=person("pia"), factor_id=_factor("pia"))
    assert len(events("person.second_factor_removed")) == 1
    with pytest.raises(NotPermitted, match="Set one up first"):
        actions.make_recovery_codes(person=person("pia"))


def test_a_second_authenticator_is_refused(cast: Cast) -> None:
    give_authenticator("quin")
    with pytest.raises(NotPermitted, match="already"):
        give_authenticator("quin")


def test_new_recovery_codes_end_the_old(cast: Cast) -> None:
    secret, codes = give_authenticator("quin")
    client = cast.client("quin")
    address = "/accounts/sign-in/recovery-codes/"
    refused = client.post(address, {"password": PASSWORD, "present_code": "123456"})
    assert b"Nothing was changed" in refused.content
    made = client.post(address, {"password": PASSWORD, "present_code": code_of(secret)})
    shown = re.findall(r"<li><code>(\d{10})</code>", made.content.decode())
    assert len(shown) == 10
    assert not set(shown) & set(codes)
    assert not actions.use_code(person("quin"), codes[0], recovery=True)
    assert actions.use_code(person("quin"), shown[0], recovery=True)
    assert len(events("person.recovery_codes_made")) == 1


def test_secrets_are_kept_encrypted_and_off_the_trail(cast: Cast) -> None:
    from allauth.mfa.models import Authenticator

    from openqmm.apps.audit.models import AuditChange

    secret, _ = give_authenticator("quin")
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert "seed" not in str(list(AuditChange.objects.values_list("after", flat=True)))


def test_somebody_elses_factor_is_not_found(cast: Cast) -> None:
    give_authenticator("quin")
    address = f"/accounts/sign-in/remove/{_factor('quin')}/"
    assert cast.client("bria").get(address).status_code == 404


def _factor(name: str) -> int:
    from allauth.mfa.models import Authenticator

    return Authenticator.objects.get(user=person(name), type="totp").pk


def _shown_secret(client: Client) -> str:
    page = client.get(SET_UP).content.decode()
    found = re.search(r"data-key>([A-Z2-7 ]+)<", page)
    return found[1].replace(" ", "")
