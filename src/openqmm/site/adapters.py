"""How the sign-in library behaves here: nobody makes an account for themselves, secrets are kept
encrypted, and what it would write of a person goes through our actions."""

from __future__ import annotations

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.urls import reverse

from openqmm.apps.accounts import actions
from openqmm.site.sign_in import sessions
from openqmm.site.sign_in.passwords import is_listed


class ClosedAccountAdapter(DefaultAccountAdapter):
    """Accounts are given by the program office or an organisation, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        return ["openqmm.site.sign_in.stages.SecondFactorStage"]

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Check address and password; one that is on the list lets in, but no further than to the
        page where it is changed."""
        user = super().authenticate(request, **credentials)
        if user is not None and is_listed(credentials.get("password", "")):
            sessions.note_listed_password(request, user)
        return user

    def set_password(self, user: Any, password: str) -> None:
        actions.set_password(person=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("sign_in")

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """The pages that follow say what happened; a greeting needs no message."""
        template = args[0] if args else kwargs.get("message_template")
        if template not in {
            "account/messages/logged_in.txt",
            "account/messages/logged_out.txt",
        }:
            super().add_message(request, level, *args, **kwargs)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted under the installation's secret key."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode("ascii")

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


class ClosedSocialAdapter(DefaultSocialAccountAdapter):
    """Single sign-on opens accounts that exist; it makes none."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: Any) -> str:
        return "/"


def _cipher() -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"openqmm second factors")
    return base64.urlsafe_b64encode(derive.derive(key.encode()))
