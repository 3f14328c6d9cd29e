"""The home page: the program for the public, the day's work for everybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openqmm.apps.audit import queries as audit
from openqmm.apps.programs import queries as programs
from openqmm.core.protocols import shipped_protocol
from openqmm.core.workflow import Role
from openqmm.site.next_steps import next_steps
from openqmm.web.access import EVERYONE, allow


@allow(EVERYONE)
def home(request: HttpRequest) -> HttpResponse:
    """Show the public front page, or what the signed-in person must do next."""
    if request.actor.role is Role.PUBLIC:
        context = {
            "rounds": programs.open_rounds(),
            "scale": shipped_protocol("pilot-eleven-areas").scale,
        }
        return render(request, "site/public_home.html", context)
    context = {"steps": next_steps(request.actor), "recently": audit.recent(request.actor)}
    return render(request, "site/home.html", context)
