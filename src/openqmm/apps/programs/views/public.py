"""What everybody may read of rounds, and the eligibility self-check."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openqmm.apps.programs import queries
from openqmm.apps.programs.forms import SelfCheckForm
from openqmm.web.access import EVERYONE, allow


@allow(EVERYONE)
def announcement(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show an announced or open round."""
    found = queries.announcement(round_id)
    context = {"announcement": found, "round": found.round, "program": found.program}
    return render(request, "programs/announcement.html", context)


@allow(EVERYONE)
def self_check(request: HttpRequest) -> HttpResponse:
    """Show what the public records say of an FEI's eligibility; nothing asked is kept."""
    form = SelfCheckForm(request.GET)
    answers = form.answers if form.is_valid() else None
    context = {
        "check": queries.self_check(
            request.GET.get("fei", ""), request.GET.get("program", ""), answers
        ),
        "form": form,
        "programs": queries.public_program_choices(),
        "chosen": request.GET.get("program", ""),
        "open_rounds": queries.open_rounds(),
    }
    response = render(request, "programs/self_check.html", context)
    # The address holds the FEI: no cache keeps it, no other site is told it.
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
