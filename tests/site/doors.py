"""Ways in, as people use them: addresses, passwords, codes, and a clock that can be moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth import get_user_model
from django.http import HttpResponse
from django.test import Client

from openqmm.apps.accounts import actions
from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.models import AuditEvent
from openqmm.core.workflow import SYSTEM
from openqmm.web import clock
from tests.people import PASSWORD

LOGIN = "/accounts/login/"
CODE = "/accounts/login/code/"


@dataclass
class Clock:
    """The server's clock, which a test moves."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **time: float) -> None:
        """Let time pass."""
        self.at += timedelta(**time)


def person(name: str) -> Any:
    """Return a member of the cast as an account."""
    return get_user_model().objects.get(email=f"{name}@example.org")


def switch_off(name: str) -> None:
    """Switch somebody's account off, as an administrator does."""
    user = person(name)
    with audit.event(by=SYSTEM, what="person.test", on=user, sentence="switched off") as opened:
        opened.update(user, is_active=False)


def end_memberships(name: str) -> None:
    """End every membership of somebody, two days ago."""
    user = person(name)
    with audit.event(by=SYSTEM, what="person.test", on=user, sentence="ended") as opened:
        for membership in user.memberships.all():
            opened.update(membership, until_on=clock.today() - timedelta(days=2))


def code_of(secret: str, periods: int = 0) -> str:
    """Return an authenticator's code, some periods from now."""
    counter = int(clock.now().timestamp()) // 30 + periods
    return format_hotp_value(hotp_value(secret, counter))


def give_authenticator(name: str) -> tuple[str, list[str]]:
    """Set up somebody's authenticator; return its secret and the recovery codes. The code of one
    period ago is used up by it."""
    secret = generate_totp_secret()
    codes = actions.add_authenticator(person=person(name), secret=secret, code=code_of(secret, -1))
    return secret, codes


def enter(client: Client, name: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    """Send the sign-in form."""
    return client.post(LOGIN, {"login": f"{name}@example.org", "password": password, **more})


def is_inside(client: Client) -> bool:
    """Return whether the browser is somebody's who acts here: the home page has their work."""
    response = client.get("/")
    return response.status_code == 200 and b"qmm-nav" in response.content


def events(what: str) -> list[AuditEvent]:
    """Return the events of a kind, oldest first."""
    return list(AuditEvent.objects.filter(what=what))
