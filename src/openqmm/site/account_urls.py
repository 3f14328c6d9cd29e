"""The routes of signing in; the sign-in library's others do not exist here.

Its views that write are replaced by our own (`openqmm.site.sign_in.views`), because everything
written of a person is an event on the trail.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from allauth.mfa.base.views import authenticate
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

from openqmm.site.sign_in import single_sign_on
from openqmm.site.sign_in import views as own
from openqmm.site.sign_in.passkeys import passkey_sign_in
from openqmm.web import tenancy


def scoped(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Run a view of the library, and draw its page, in the tenant scope of who calls."""

    @wraps(view)
    def within(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with tenancy.scope(request.actor):
            response = view(request, *args, **kwargs)
            return response.render() if hasattr(response, "render") else response

    return within


urlpatterns = [
    path("login/", scoped(views.login), name="account_login"),
    path("login/code/", scoped(authenticate), name="mfa_authenticate"),
    path("login/passkey/", scoped(passkey_sign_in), name="mfa_login_webauthn"),
    path(
        "login/<str:provider_id>/begin/", scoped(single_sign_on.login), name="openid_connect_login"
    ),
    path(
        "login/<str:provider_id>/callback/",
        scoped(single_sign_on.callback),
        name="openid_connect_callback",
    ),
    path("logout/", scoped(views.logout), name="account_logout"),
    path("signup/", scoped(views.signup), name="account_signup"),
    path("inactive/", scoped(views.account_inactive), name="account_inactive"),
    path("password/change/", scoped(views.password_change), name="account_change_password"),
    path("password/reset/", scoped(views.password_reset), name="account_reset_password"),
    path(
        "password/reset/done/",
        scoped(views.password_reset_done),
        name="account_reset_password_done",
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        scoped(views.password_reset_from_key),
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        scoped(views.password_reset_from_key_done),
        name="account_reset_password_from_key_done",
    ),
    path("sign-in/", own.overview, name="sign_in"),
    path("sign-in/authenticator/", own.authenticator, name="sign_in_authenticator"),
    path("sign-in/passkey/", own.passkey, name="sign_in_passkey"),
    path("sign-in/remove/<int:factor_id>/", own.remove_factor, name="sign_in_remove"),
    path("sign-in/recovery-codes/", own.recovery_codes, name="sign_in_recovery_codes"),
    path("sign-in/elsewhere/", own.elsewhere, name="sign_in_elsewhere"),
    path("session/", own.session, name="session"),
]
