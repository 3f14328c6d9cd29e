"""What every request is given: the actor, and headers that keep private pages out of caches."""

from __future__ import annotations

import logging
from collections.abc import Callable
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from openqmm.apps.accounts import queries
from openqmm.apps.audit import actions as audit
from openqmm.core.workflow import PUBLIC, Role
from openqmm.site.sign_in import sessions

log = logging.getLogger("openqmm.access")

GetResponse = Callable[[HttpRequest], HttpResponse]

# Where somebody who has a duty first may still go: to do it, or to leave.
_OPEN = frozenset(
    {
        "account_change_password",
        "account_logout",
        "account_reset_password",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
        "sign_in_authenticator",
        "sign_in_passkey",
        "session",
        "accounts:demo_sign_in",
    }
)


class ActorMiddleware:
    """Sets `request.actor`: the person in the one role they act in now, or the public.

    A session that is over is ended here. One whose person has something to do first, such as
    setting up a second factor, acts as nobody and is led there from every page.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor, request.sign_in, request.duty = PUBLIC, None, None
        if request.user.is_authenticated:
            self._recognise(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *_: object) -> HttpResponse | None:
        """Lead somebody with a duty to it."""
        if request.duty is None or request.resolver_match.view_name in _OPEN:
            return None
        if request.headers.get("Accept") == "application/json":
            return JsonResponse({"detail": "Sign in first."}, status=401)
        address = f"{reverse(request.duty)}?{urlencode({'next': request.get_full_path()})}"
        return redirect(address if request.method == "GET" else reverse(request.duty))

    def _recognise(self, request: HttpRequest) -> None:
        found = sessions.sign_in(request)
        if found is None:
            return _end(request, _("Sign in again."))
        why = sessions.over(request, found)
        if why:
            return _end(request, why)
        actor = queries.actor_of(request.user, request.session.get("membership"))
        if actor.role is Role.PUBLIC:
            return _end(request, _("You have no role in any organisation now."))
        request.sign_in = found
        sessions.note_activity(request, found)
        request.duty = sessions.next_duty(request, found)
        if request.duty is None:
            request.actor = actor
        return None


class NoStoreMiddleware:
    """Pages made for a signed-in person are kept by no cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.actor.role is not Role.PUBLIC or request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def _end(request: HttpRequest, why: str) -> None:
    request.signed_out_because = why
    logout(request)
    messages.info(request, why)


class DeniedAccessMiddleware:
    """Puts on the trail that a signed-in person was refused (403), once all else is rolled back."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 403:
            _note_denied(request)
        return response


def _note_denied(request: HttpRequest) -> None:
    match = request.resolver_match
    route = match.view_name or match.route if match else "an unknown page"
    # What the address names, never what was asked of it or sent with it.
    named = match.kwargs.items() if match else ()
    subject = ", ".join(f"{name} {value}"[:80] for name, value in named)
    try:
        audit.note_denied(by=request.actor, route=route, subject=subject)
    except DatabaseError:
        # The refusal stands whether or not it could be written down.
        log.exception("A denied access to %s could not be put on the trail.", route)
