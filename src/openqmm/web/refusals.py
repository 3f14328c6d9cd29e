"""The one place where a refusal of the rules becomes an HTTP answer."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from openqmm.core.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    OpenQMMError,
    TransitionRefused,
)

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
        match error:
            case NotFound() | Http404():
                return render(request, "404.html", status=404)
            case NotPermitted():
                return _page(request, "403.html", 403, error)
            case TransitionRefused():
                return _page(request, "409.html", 409, error)
            case InvalidInput() | OpenQMMError():
                return _page(request, "400.html", 400, error)
        return None


def _page(request: HttpRequest, template: str, status: int, error: OpenQMMError) -> HttpResponse:
    return render(request, template, {"refusal": str(error)}, status=status)
