"""What the script that saves while somebody types is answered (static/openqmm/autosave.js)."""

from __future__ import annotations

from collections.abc import Sequence

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse

from openqmm.core.errors import OpenQMMError
from openqmm.web import clock


def by_script(request: HttpRequest) -> bool:
    """Return whether the script asks, and not a form."""
    return request.headers.get("Accept") == "application/json"


def saved_as(version: int, *, lacks: Sequence[str] = ()) -> HttpResponse:
    """Say which version was saved, when by the server's clock, and what is still missing."""
    saved_at = f"{clock.now():%H:%M:%S} UTC"
    return JsonResponse({"version": version, "saved_at": saved_at, "lacks": list(lacks)})


def not_saved(form: BaseForm) -> HttpResponse:
    """Say what is wrong with what was typed; it is kept by the page (400)."""
    faults = [
        f"{form[name].label}: {' '.join(errors)}" if name in form.fields else " ".join(errors)
        for name, errors in form.errors.items()
    ]
    return JsonResponse({"message": " ".join(faults)}, status=400)


def conflicting(refusal: OpenQMMError) -> HttpResponse:
    """Say that somebody else saved meanwhile; sending the form itself leads to the page on which
    the two are put together (409)."""
    return JsonResponse({"message": str(refusal)}, status=409)
