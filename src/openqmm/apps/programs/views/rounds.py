"""The office's rounds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from openqmm.apps.audit import queries as audit
from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.forms import ReasonForm, RoundEditForm, RoundForm
from openqmm.core.errors import Stale, TransitionRefused
from openqmm.web import merging
from openqmm.web.access import STAFF, allow
from openqmm.web.versions import posted_version


@allow(STAFF)
def rounds(request: HttpRequest) -> HttpResponse:
    """List every round."""
    return render(request, "programs/rounds.html", {"rounds": queries.round_rows(request.actor)})


@allow(STAFF, methods=("GET", "POST"), once=True)
def new_round(request: HttpRequest) -> HttpResponse:
    """Make a round of a program."""
    choices: dict[str, Any] = {
        "programs": queries.program_choices(request.actor),
        "protocols": queries.protocol_choices(),
    }
    form = RoundForm(request.POST or None, **choices)
    if request.method == "POST" and form.is_valid():
        entry = actions.RoundEntry(**form.cleaned_data)
        try:
            row = actions.add_round(by=request.actor, entry=entry)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            message = _("%(name)s was added as a draft. Nobody outside the office sees it yet.")
            messages.success(request, message % {"name": row.name})
            return redirect("programs:round", row.pk)
    context = {"form": form, "protocols": choices["protocols"]}
    return render(request, "programs/new_round.html", context)


@allow(STAFF)
def round_(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show a round: its stages, its next step, its applications by state."""
    return _round_page(request, round_id)


@allow(STAFF, methods=("POST",), once=True)
def advance_round(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Take a round one step further."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _round_page(request, round_id, _("Choose a step."), 400)
    try:
        row = actions.advance_round(
            by=request.actor,
            round_id=round_id,
            version=posted_version(request),
            **form.cleaned_data,
        )
    except TransitionRefused as refusal:
        return _round_page(request, round_id, str(refusal), 409)
    done = _("%(name)s is now: %(state)s.")
    messages.success(request, done % {"name": row.name, "state": row.get_state_display()})
    return redirect("programs:round", row.pk)


@allow(STAFF, methods=("GET", "POST"))
def edit_round(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Change the name and the dates of a round before it is announced."""
    page = queries.round_edit_page(request.actor, round_id)
    data = merging.posted(request) if request.method == "POST" else None
    form = RoundEditForm(data, initial=page.initial)
    if data is not None and form.is_valid():
        try:
            if merging.undecided(request):
                raise Stale
            row = actions.edit_round(by=request.actor, round_id=round_id, **form.cleaned_data)
        except Stale:
            return merging.merge_page(
                request,
                form,
                audit.since(page.round, merging.base_version(request)),
                title=_("Round %(name)s") % {"name": page.round.name},
                back=reverse("programs:round", args=[round_id]),
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(name)s is changed.") % {"name": row.name})
            return redirect("programs:round", round_id)
    status = 400 if form.errors else 200
    return render(
        request, "programs/edit_round.html", {"form": form, "round": page.round}, status=status
    )


def _round_page(
    request: HttpRequest, round_id: UUID, refusal: str = "", status: int = 200
) -> HttpResponse:
    page = queries.round_page(request.actor, round_id)
    context = {"page": page, "round": page.round, "program": page.program, "refusal": refusal}
    return render(request, "programs/round.html", context, status=status)
