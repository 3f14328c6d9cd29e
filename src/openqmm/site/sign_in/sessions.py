"""What a session says of itself: when it began, when it was last used, what was proved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from openqmm.apps.accounts import policies, queries
from openqmm.web import clock

_KEY = "openqmm.sign_in"
_LISTED = "openqmm.password_listed"
BACKGROUND_HEADER = "X-Background"

# How late the last activity may be noted: a write for every page would be too many.
_NOTED_EVERY = timedelta(seconds=20)


class Strength(StrEnum):
    """What a person proved when they signed in."""

    PASSWORD = "password"  # noqa: S105  (the name of a proof)
    TWO_FACTORS = "two_factors"
    DEMONSTRATION = "demonstration"


@dataclass(frozen=True, slots=True)
class SignIn:
    """When a person signed in, was last seen, and what they proved."""

    at: datetime
    seen_at: datetime
    strength: Strength


def mark(strength: Strength) -> dict[str, dict[str, Any]]:
    """Return what a session holds from the moment of signing in."""
    now = clock.now().timestamp()
    return {_KEY: {"at": now, "seen_at": now, "strength": strength.value}}


def begin(request: HttpRequest, strength: Strength) -> None:
    """Note that a person has just signed in."""
    request.session.update(mark(strength))


def strengthen(request: HttpRequest) -> None:
    """Note that the person has proved a second factor too; when they signed in stays."""
    held = dict(request.session[_KEY])
    request.session[_KEY] = held | {"strength": Strength.TWO_FACTORS.value}


def sign_in(request: HttpRequest) -> SignIn | None:
    """Return the session's own account of itself; None where nobody signed in as the rules want."""
    held = request.session.get(_KEY)
    if not held:
        return None
    return SignIn(
        datetime.fromtimestamp(held["at"], UTC),
        datetime.fromtimestamp(held["seen_at"], UTC),
        Strength(held["strength"]),
    )


def over(request: HttpRequest, found: SignIn) -> str | None:
    """Return why the session is over, or None."""
    return policies.session_refusal(found.at, found.seen_at, clock.now())


def seconds_left(found: SignIn) -> int:
    """Return in how many seconds the session ends if the person does nothing."""
    now = clock.now()
    ends = min(found.seen_at + policies.IDLE, found.at + policies.LONGEST_SESSION)
    return max(0, int((ends - now).total_seconds()))


def note_activity(request: HttpRequest, found: SignIn) -> None:
    """Note that the person did something; what a page does on its own says so, and is nothing."""
    if request.headers.get(BACKGROUND_HEADER):
        return
    now = clock.now()
    if now - found.seen_at >= _NOTED_EVERY:
        held = dict(request.session[_KEY])
        request.session[_KEY] = held | {"seen_at": now.timestamp()}


def proved(request: HttpRequest, user: Any) -> tuple[Strength, list[str]]:
    """Return what the person proved on the way in, by the sign-in library's own records."""
    if settings.DEMO and request.resolver_match.view_name == "accounts:demo_sign_in":
        return Strength.DEMONSTRATION, ["one click, in a demonstration"]
    records = get_authentication_records(request, user)
    words = {"totp": "code", "recovery_codes": "recovery code", "webauthn": "passkey"}
    means = [
        words.get(record.get("type", ""), record["method"])
        if record["method"] == "mfa"
        else {"socialaccount": "single sign-on"}.get(record["method"], record["method"])
        for record in records
    ]
    strong = any(r["method"] == "mfa" or r.get("second_factor") for r in records)
    return (Strength.TWO_FACTORS if strong else Strength.PASSWORD), means or ["password"]


def note_listed_password(request: HttpRequest, user: Any) -> None:
    """Note that the password just typed is on the list: changing it comes before anything else."""
    request.session[_LISTED] = str(user.pk)


def forget_listed_password(request: HttpRequest) -> None:
    """Note that the password was changed."""
    request.session.pop(_LISTED, None)


def next_duty(request: HttpRequest, found: SignIn) -> str | None:
    """Return the route of what the person must do before anything else, or None."""
    if request.session.get(_LISTED) == str(request.user.pk):
        return "account_change_password"
    if found.strength is Strength.TWO_FACTORS or settings.DEMO:
        return None
    if policies.second_factor_required(queries.roles_of(request.user.pk)):
        return "sign_in_authenticator"
    return None
