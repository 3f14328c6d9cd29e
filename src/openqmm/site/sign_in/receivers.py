"""Receivers of the log-in signals of Django and its sign-in libraries: they write the trail."""

from __future__ import annotations

from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authentication_failed
from allauth.usersessions.models import UserSession
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest
from django.utils.translation import gettext as _

from openqmm.apps.accounts import actions, queries
from openqmm.site.sign_in import sessions
from openqmm.site.sign_in.notices import tell


def connect() -> None:
    """Connect every receiver; called once, at the start."""
    for signal, receiver in (
        (user_logged_in, on_signed_in),
        (user_logged_out, on_signed_out),
        (user_login_failed, on_failed),
        (user_locked_out, on_locked_out),
        (authentication_failed, on_code_failed),
        (password_changed, on_password_changed),
    ):
        signal.connect(receiver, dispatch_uid=f"openqmm.{receiver.__name__}")


def on_signed_in(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Begin the session by the rules' clock, with what was proved."""
    strength, means = sessions.proved(request, user)
    sessions.begin(request, strength)
    if hasattr(request, "user"):
        UserSession.objects.create_from_request(request)
    actions.record_sign_in(person=user, means=means)


def on_signed_out(request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """Record who signed out, or was."""
    if user is not None:
        actions.record_sign_out(person=user, why=getattr(request, "signed_out_because", ""))


def on_failed(credentials: dict[str, Any], **kwargs: Any) -> None:
    """Record a wrong password for somebody's address."""
    if credentials.get("email"):
        actions.record_failure(email=credentials["email"], what="password")


def on_locked_out(request: HttpRequest, **kwargs: Any) -> None:
    """Record the moment of locking out; attempts made while it lasts are only refused."""
    credentials = getattr(request, "axes_credentials", None) or {}
    if request.axes_failures_since_start is not None and credentials.get("email"):
        actions.record_lock_out(email=credentials["email"])
        person = queries.person_with_address(credentials["email"])
        if person:
            tell(person, _("Your account is locked for 15 minutes, after five wrong passwords."))


def on_code_failed(user: Any, **kwargs: Any) -> None:
    """Record a wrong code after a right password."""
    actions.record_failure(email=user.email, what="code")


def on_password_changed(request: HttpRequest, **kwargs: Any) -> None:
    """Let a person go on who was asked to change a listed password."""
    sessions.forget_listed_password(request)
