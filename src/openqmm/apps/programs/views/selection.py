"""The selection board: drawing the places, the reserve list, and what is published of a draw."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.forms import ReasonForm
from openqmm.core.errors import TransitionRefused
from openqmm.web import tenancy
from openqmm.web.access import EVERYONE, SITE, STAFF, allow
from openqmm.web.versions import posted_version


@allow(STAFF, methods=("GET", "POST"), once=True)
def selection(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show the places of a round and who stands for them, or release one from the reserve list."""
    if request.method == "GET":
        return _board(request, round_id)
    form = ReasonForm(request.POST)
    application_id = queries.round_application_id(
        request.actor, round_id, request.POST.get("application", "")
    )
    if not form.is_valid() or form.cleaned_data["event"] != "not_select":
        return _board(request, round_id, _("Choose what to decide."), 400)
    try:
        actions.release_reserve(
            by=request.actor,
            application_id=application_id,
            reason=form.cleaned_data["reason"],
            version=posted_version(request),
        )
    except TransitionRefused as refusal:
        return _board(request, round_id, str(refusal), 409)
    messages.success(request, _("The decision is on record."))
    return redirect("programs:selection", round_id)


@allow(STAFF, methods=("POST",), once=True)
def draw(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Draw the places of a round."""
    try:
        actions.draw_places(by=request.actor, round_id=round_id, version=posted_version(request))
    except TransitionRefused as refusal:
        return _board(request, round_id, str(refusal), 409)
    messages.success(request, _("The places are drawn. Fix the selection to publish the seed."))
    return redirect("programs:selection", round_id)


@allow(STAFF)
def round_file(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Send the applications of a round as the file from which a draw is rerun."""
    chunks = queries.round_file(request.actor, round_id)
    lines = tenancy.streamed(request.actor, (line.encode() for line in chunks))
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="applications.csv"'},
    )


@allow(SITE)
def own_line(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Send an applicant its own line of a published draw."""
    line = queries.own_line(request.actor, application_id)
    return JsonResponse(line, json_dumps_params={"indent": 2})


@allow(EVERYONE)
def published(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show rule, seed and commitments of a published draw."""
    found = queries.published_draw(round_id)
    return render(request, "programs/draw.html", {"draw": found, "round": found.round})


@allow(EVERYONE)
def published_file(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Send a published draw as JSON."""
    data = queries.published_draw(round_id).data()
    return JsonResponse(data, json_dumps_params={"indent": 2})


@allow(EVERYONE)
def program_file(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Send the program file of an announced round, byte for byte what its digest was taken of."""
    name, text = queries.program_file(round_id)
    return HttpResponse(
        text.encode(),
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _board(
    request: HttpRequest, round_id: UUID, refusal: str = "", status: int = 200
) -> HttpResponse:
    board = queries.selection_board(request.actor, round_id)
    context = {
        "board": board,
        "round": board.round,
        "refusal": refusal,
        "refused": request.POST.get("application", ""),
        "reason": request.POST.get("reason", ""),
    }
    return render(request, "programs/selection.html", context, status=status)
