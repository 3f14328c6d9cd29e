"""Signing in by a passkey alone."""

from __future__ import annotations

from typing import Any

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpRequest, HttpResponse

from openqmm.web.access import EVERYONE, allow


class _PasskeySignIn(LoginWebAuthnView):
    """The library's view, leaving out that it writes when the passkey was used: the event does."""

    def form_valid(self, form: Any) -> HttpResponse:
        person = form.cleaned_data["credential"].user
        record_authentication(self.request, person, "mfa", type="webauthn", passwordless=True)
        login = Login(user=person, redirect_url=get_next_redirect_url(self.request))
        return perform_login(self.request, login)


_view = _PasskeySignIn.as_view()


@allow(EVERYONE, methods=("GET", "POST"))
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Give a challenge, and sign in whoever's passkey answers it."""
    return _view(request)
