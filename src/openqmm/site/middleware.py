"""What every request is given: the actor, and headers that keep private pages out of caches."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from openqmm.apps.accounts.queries import actor_of
from openqmm.core.workflow import Role

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
