"""The one place where a refusal of the rules becomes an HTTP answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from openqmm.core.errors import (
    NotFound,
    NotPermitted,
    OpenQMMError,
    TransitionRefused,
)
from openqmm.web import tenancy

GetResponse = Callable[[HttpRequest], HttpResponse]


class RefusalMiddleware:
    """Turns refusals into pages: not found 404, not permitted 403, refused step 409, bad input 400.

    What may not be known and what does not exist give the same answer, to the byte.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, OpenQMMError | Http404):
            return None
        # The view's own scope has ended.
        with tenancy.scope(request.actor):
            return self._answer(request, error)

    def _answer(self, request: HttpRequest, error: Exception) -> HttpResponse:
        match error:
            case NotFound() | Http404():
                return render(request, "404.html", status=404)
            case NotPermitted():
                return _page(request, "403.html", 403, error)
            case TransitionRefused():
                return _page(request, "409.html", 409, error)
        return _page(request, "400.html", 400, error)


def _page(request: HttpRequest, template: str, status: int, error: Exception) -> HttpResponse:
    return render(request, template, {"refusal": str(error)}, status=status)
