"""The one place where a refusal of the rules becomes a JSON answer."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from openqmm.core.errors import (
    InvalidInput,
    NotFound,
    NotPermitted,
    OpenQMMError,
    TransitionRefused,
)

STATUSES: tuple[tuple[type[OpenQMMError], int], ...] = (
    (NotPermitted, 403),
    (TransitionRefused, 409),
    (InvalidInput, 400),
    (OpenQMMError, 400),
)


def add_refusals(api: NinjaAPI) -> None:
    """Answer every refusal as `{"detail": ...}`: 401 not signed in, 403 not permitted, 404 not
    found, 409 a step refused, 400 bad input.

    What may not be known and what does not exist give the same answer, to the byte.
    """

    def told(status: int) -> object:
        def answer(request: HttpRequest, error: Exception) -> HttpResponse:
            return api.create_response(request, {"detail": str(error)}, status=status)

        return answer

    def absent(request: HttpRequest, error: Exception) -> HttpResponse:
        return api.create_response(request, {"detail": "Not found."}, status=404)

    def unknown_person(request: HttpRequest, error: Exception) -> HttpResponse:
        return api.create_response(request, {"detail": "Sign in first."}, status=401)

    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        # Where and what, without the input: it may be long, or another's.
        faults = [{"place": fault["loc"], "fault": fault["msg"]} for fault in error.errors]
        answer = {"detail": "The request cannot be used.", "faults": faults}
        return api.create_response(request, answer, status=400)

    for kind, status in STATUSES:
        api.add_exception_handler(kind, told(status))
    api.add_exception_handler(NotFound, absent)
    api.add_exception_handler(Http404, absent)
    api.add_exception_handler(AuthenticationError, unknown_person)
    api.add_exception_handler(ValidationError, malformed)
