"""Single sign-on: opens accounts that exist, believes only what is proved, asks anew every time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from openqmm.apps.accounts.models import User
from openqmm.site import environment
from openqmm.site.environment import SingleSignOn
from tests.people import Cast
from tests.site.doors import (
    CODE,
    code_of,
    events,
    give_authenticator,
    is_inside,
    person,
    switch_off,
)
from tests.site.provider import OTHER_KEY, Provider, running

pytestmark = pytest.mark.django_db

PIA = {"email": "pia@example.org", "email_verified": True}
STRONG = PIA | {"amr": ["pwd", "mfa"]}


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    """A provider that this installation is set up for."""
    with running() as there:
        settings.OIDC = SingleSignOn(there.issuer, "openqmm", "Campus", "hush")
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [settings.OIDC.as_app()]}}
        yield there


def _begin(settings) -> str:
    return reverse("openid_connect_login", args=[settings.OIDC.provider_id])


def _go(provider: Provider, settings, client: Client | None = None, next_url: str = ""):
    client = client or Client()
    begun = client.get(_begin(settings), {"next": next_url} if next_url else {})
    response = client.get(provider.authorise(begun.headers["Location"]))
    return client, response


def test_who_has_an_account_gets_in_and_back_to_the_page(cast: Cast, provider, settings) -> None:
    provider.claims = STRONG
    client, response = _go(provider, settings, next_url="/directory/?x=1")
    assert response.headers["Location"] == "/directory/?x=1"
    assert is_inside(client)
    assert SocialAccount.objects.get().user == person("pia")
    assert [event.sentence for event in events("person.signed_in")] == [
        "signed in by single sign-on"
    ]
    assert len(events("person.single_sign_on_linked")) == 1


def test_the_proof_is_asked_for_anew(cast: Cast, provider, settings) -> None:
    provider.claims = STRONG
    _go(provider, settings)
    assert provider.asked["prompt"] == "login"
    assert provider.asked["max_age"] == "0"
    assert provider.asked["code_challenge_method"] == "S256"
    assert len(provider.asked["nonce"]) > 30


@pytest.mark.parametrize(
    "claims",
    [
        PIA | {"email_verified": False},
        PIA | {"email_verified": None},
        PIA | {"email_verified": "true"},
        PIA | {"email": "unknown@example.org"},
        PIA | {"email": ""},
        PIA | {"email": "pia@example.org.evil.example"},
    ],
)
def test_unverified_and_unknown_addresses_are_refused(
    cast: Cast, provider, settings, claims
) -> None:
    provider.claims = claims
    people = User.objects.count()
    client, response = _go(provider, settings)
    assert response.status_code == 403
    assert b"There is no account here" in response.content
    assert not is_inside(client)
    assert User.objects.count() == people
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "of another sign-in"},
        {"nonce": None},
        {"iss": "https://elsewhere.example"},
        {"aud": "another-client"},
        {"aud": ["openqmm", "another-client"], "azp": "another-client"},
        {"exp": 1},
        {"exp": None},
        {"auth_time": None},
        {"auth_time": int(time.time()) - 3600},
        {"sub": None},
    ],
)
def test_a_token_made_for_something_else_is_refused(cast: Cast, provider, settings, claims) -> None:
    provider.claims = STRONG | claims
    client, response = _go(provider, settings)
    assert response.status_code == 403
    assert not is_inside(client)


def test_a_signature_by_another_key_is_refused(cast: Cast, provider, settings) -> None:
    provider.claims, provider.key = STRONG, OTHER_KEY
    client, response = _go(provider, settings)
    assert response.status_code == 403
    assert not is_inside(client)


def test_an_answer_nobody_asked_for_is_refused(cast: Cast, provider, settings) -> None:
    """Of another browser, and the same one a second time."""
    provider.claims = STRONG
    client = Client()
    begun = client.get(_begin(settings))
    back = provider.authorise(begun.headers["Location"])
    other = Client()
    assert other.get(back).status_code == 403
    assert not is_inside(other)
    assert client.get(back).status_code == 302
    client.post("/accounts/logout/")
    assert client.get(back).status_code == 403
    assert not is_inside(client)


def test_people_are_known_by_the_providers_id_and_not_by_a_changing_address(
    cast: Cast, provider, settings
) -> None:
    provider.claims = STRONG
    _go(provider, settings)
    # The provider gives the address to somebody else: it does not open the first one's account.
    provider.claims = STRONG | {"sub": "subject-2"}
    client, response = _go(provider, settings)
    assert response.status_code == 403
    assert not is_inside(client)
    # The first one gets a new address, even another person's here: they stay who they are.
    provider.claims = STRONG | {"email": "cora@example.org"}
    client, _ = _go(provider, settings)
    assert SocialAccount.objects.get().user == person("pia")
    assert b"Pia Test" in client.get("/").content


def test_another_issuer_is_another_provider() -> None:
    one = SingleSignOn("https://a.example", "openqmm", "A", "s")
    other = SingleSignOn("https://b.example", "openqmm", "B", "s")
    assert one.provider_id != other.provider_id


@pytest.mark.requirement("R19")
def test_the_second_factor_stays_unless_the_provider_says_it_was_asked(
    cast: Cast, provider, settings
) -> None:
    secret, _ = give_authenticator("quin")
    provider.claims = {"email": "quin@example.org", "email_verified": True, "amr": ["pwd"]}
    client, response = _go(provider, settings)
    assert response.headers["Location"] == CODE
    assert not is_inside(client)
    client.post(CODE, {"code": code_of(secret)})
    assert is_inside(client)
    provider.claims |= {"amr": ["pwd", "mfa"]}
    client, _ = _go(provider, settings)
    assert is_inside(client)


@pytest.mark.requirement("R19")
def test_one_without_a_second_factor_sets_it_up_first(cast: Cast, provider, settings) -> None:
    provider.claims = {"email": "lea@example.org", "email_verified": True}
    client, _ = _go(provider, settings)
    location = client.get("/").headers["Location"]
    assert location.startswith("/accounts/sign-in/authenticator/")


def test_who_was_switched_off_does_not_get_in(cast: Cast, provider, settings) -> None:
    provider.claims = STRONG
    _go(provider, settings)
    switch_off("pia")
    client, response = _go(provider, settings)
    assert response.status_code == 403
    assert not is_inside(client)


def test_the_address_may_come_with_the_second_answer(cast: Cast, provider, settings) -> None:
    provider.claims, provider.userinfo = {"amr": ["mfa"]}, PIA | {"sub": "subject-1"}
    client, _ = _go(provider, settings)
    assert is_inside(client)
    provider.userinfo = PIA | {"sub": "somebody else"}
    client, response = _go(provider, settings)
    assert response.status_code == 403


def test_no_redirect_leaves_the_portal(cast: Cast, provider, settings) -> None:
    provider.claims = STRONG
    _, response = _go(provider, settings, next_url="https://evil.example/")
    assert response.headers["Location"] == "/"


def test_nothing_is_called_where_it_is_not_set_up(cast: Cast, provider, settings) -> None:
    begin = _begin(settings)
    settings.OIDC = None
    assert Client().get(begin).status_code == 404
    assert b"Campus" not in Client().get("/accounts/login/").content
    assert provider.calls == []


def test_a_provider_that_does_not_answer_is_said_in_words(cast: Cast, settings) -> None:
    settings.OIDC = SingleSignOn("http://127.0.0.1:9", "openqmm", "Campus", "hush")
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [settings.OIDC.as_app()]}}
    response = Client().get(_begin(settings))
    assert response.status_code == 403
    assert b"cannot be reached" in response.content


def test_the_environment_sets_it_up(monkeypatch, tmp_path) -> None:
    assert environment.single_sign_on() is None
    monkeypatch.setenv("OPENQMM_OIDC_ISSUER", "https://sso.example.org/")
    with pytest.raises(ImproperlyConfigured, match="OPENQMM_OIDC_CLIENT_ID"):
        environment.single_sign_on()
    monkeypatch.setenv("OPENQMM_OIDC_CLIENT_ID", "openqmm")
    hidden = tmp_path / "secret"
    monkeypatch.setenv("OPENQMM_OIDC_CLIENT_SECRET_FILE", str(hidden))
    with pytest.raises(ImproperlyConfigured, match="cannot be read"):
        environment.single_sign_on()
    hidden.write_text("hush\n")
    found = environment.single_sign_on()
    assert (found.issuer, found.name) == ("https://sso.example.org", "sso.example.org")
    assert found.client_secret == "hush"
    assert "hush" not in repr(found)
    monkeypatch.setenv("OPENQMM_OIDC_ISSUER", "http://sso.example.org")
    with pytest.raises(ImproperlyConfigured, match="must begin with https"):
        environment.single_sign_on()
