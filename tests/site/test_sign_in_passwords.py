"""Passwords: long, not leaked, nothing else; a leaked one is changed before anything."""

from __future__ import annotations

import time

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

from openqmm.apps.accounts import actions
from openqmm.site.sign_in.passwords import is_listed
from tests.people import PASSWORD, Cast
from tests.site.doors import enter, is_inside, person

pytestmark = pytest.mark.requirement("R20")

LISTED = "passwordpassword"
GOOD = ["correct horse battery staple", "zwölf graue katzen gähnen", "aaaa bbbb cccc dddd eeee"]
POOR = [
    "too short",
    "elevenchars11",
    LISTED,
    "PasswordPassword",
    "a" * 20,
    "12" * 9,
]


@pytest.mark.parametrize("password", GOOD)
def test_no_rule_of_composition(password: str) -> None:
    validate_password(password)


@pytest.mark.parametrize("password", POOR)
def test_short_leaked_and_repeated_ones_are_refused(password: str) -> None:
    with pytest.raises(ValidationError):
        validate_password(password)


def test_it_is_not_the_persons_own_name(db) -> None:
    from openqmm.apps.accounts.models import User

    with pytest.raises(ValidationError, match="similar"):
        validate_password("quincy.adams.long", User(email="quincy.adams.long@example.org"))


def test_the_list_answers_quickly() -> None:
    is_listed("warm up")
    started = time.perf_counter()
    for number in range(1_000):
        assert not is_listed(f"a sentence that nobody leaks {number} !")
    # Two look-ups each, of upper and lower case; a millisecond is the budget of one.
    assert (time.perf_counter() - started) / 1_000 < 0.001


@pytest.mark.django_db
def test_a_leaked_password_opens_only_the_page_to_change_it(cast: Cast) -> None:
    actions.set_password(person=person("pia"), password=LISTED)
    client = Client()
    enter(client, "pia", LISTED)
    response = client.get("/directory/")
    assert response.headers["Location"].startswith("/accounts/password/change/")
    assert not is_inside(client)
    refused = client.post(
        "/accounts/password/change/",
        {"oldpassword": LISTED, "password1": "qwertyuiop123456", "password2": "qwertyuiop123456"},
    )
    assert b"leaked" in refused.content
    client.post(
        "/accounts/password/change/",
        {"oldpassword": LISTED, "password1": PASSWORD, "password2": PASSWORD},
    )
    assert is_inside(client)
