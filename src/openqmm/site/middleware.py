"""What every request is given: the actor, and headers that keep private pages out of caches."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse

from openqmm.apps.accounts.queries import actor_of
from openqmm.apps.audit import actions as audit
from openqmm.core.workflow import Role

log = logging.getLogger("openqmm.access")

GetResponse = Callable[[HttpRequest], HttpResponse]


class ActorMiddleware:
    """Sets `request.actor`: the person in the one role they act in now, or the public."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request.user, request.session.get("membership"))
        return self.get_response(request)


class NoStoreMiddleware:
    """Pages made for a signed-in person are kept by no cache."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.actor.role is not Role.PUBLIC:
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response


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
