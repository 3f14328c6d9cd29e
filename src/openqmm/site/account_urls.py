"""The routes of the sign-in library that this platform uses; the others do not exist here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views
from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path

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
    path("logout/", scoped(views.logout), name="account_logout"),
    path("signup/", scoped(views.signup), name="account_signup"),
    path("inactive/", scoped(views.account_inactive), name="account_inactive"),
    path("reauthenticate/", scoped(views.reauthenticate), name="account_reauthenticate"),
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
]
