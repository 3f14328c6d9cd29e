"""The office's screening desk."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.forms import ReasonForm
from openqmm.core.errors import Stale, TransitionRefused
from openqmm.web.access import STAFF, allow
from openqmm.web.versions import posted_version


@allow(STAFF)
def screening(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show the queue of a round and the first application that waits in it."""
    return _desk(request, round_id, None, ReasonForm())


@allow(STAFF, methods=("GET", "POST"), once=True)
def screening_of(request: HttpRequest, round_id: UUID, application_id: UUID) -> HttpResponse:
    """Show one application on the desk, or decide on it."""
    if request.method == "GET":
        return _desk(request, round_id, application_id, ReasonForm())
    _require_place(request, round_id, application_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _desk(request, round_id, application_id, form, 400)
    try:
        actions.decide_screening(
            by=request.actor,
            application_id=application_id,
            version=posted_version(request),
            **form.cleaned_data,
        )
    except TransitionRefused as refusal:
        form.add_error("reason", str(refusal))
        return _desk(request, round_id, application_id, form, 409)
    messages.success(request, _("The decision is on record."))
    return redirect("programs:screening_of", round_id, application_id)


@allow(STAFF, methods=("POST",), once=True)
def decide_criterion(
    request: HttpRequest, round_id: UUID, application_id: UUID, criterion: str
) -> HttpResponse:
    """Decide a criterion that the records leave open."""
    _require_place(request, round_id, application_id)
    try:
        actions.decide_criterion(
            by=request.actor,
            application_id=application_id,
            criterion=criterion,
            verdict=request.POST.get("verdict", ""),
            reason=request.POST.get("reason", ""),
        )
    except TransitionRefused as refusal:
        form = ReasonForm({"event": criterion, "reason": request.POST.get("reason", "")})
        form.add_error(None, str(refusal))
        return _desk(request, round_id, application_id, form, 409)
    messages.success(request, _("The decision is on record."))
    return redirect("programs:screening_of", round_id, application_id)


@allow(STAFF, methods=("POST",), once=True)
def screen(request: HttpRequest, round_id: UUID, application_id: UUID) -> HttpResponse:
    """Judge an application by the records now loaded."""
    _require_place(request, round_id, application_id)
    try:
        actions.screen_application(
            by=request.actor, application_id=application_id, version=posted_version(request)
        )
    except Stale:
        raise
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Screened by the public records loaded today."))
    return redirect("programs:screening_of", round_id, application_id)


def _require_place(request: HttpRequest, round_id: UUID, application_id: UUID) -> None:
    """Find that the application is one of the round the address names (NotFound)."""
    queries.round_application_id(request.actor, round_id, str(application_id))


def _desk(
    request: HttpRequest,
    round_id: UUID,
    application_id: UUID | None,
    form: ReasonForm,
    status: int = 200,
) -> HttpResponse:
    desk = queries.screening_desk(
        request.actor,
        round_id,
        application_id,
        kind=request.GET.get("kind", ""),
        page=request.GET.get("page"),
    )
    context = {"desk": desk, "round": desk.round, "chosen": desk.chosen, "form": form}
    return render(request, "programs/screening.html", context, status=status)
