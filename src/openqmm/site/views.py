"""The home page: the program for the public, the day's work for everybody else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openqmm.apps.audit import queries as audit
from openqmm.apps.programs import queries as programs
from openqmm.core.protocols import shipped_protocol
from openqmm.core.workflow import Role
from openqmm.site.next_steps import next_steps
from openqmm.site.standing import beginning, standing
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
    context = {
        "steps": next_steps(request.actor),
        "standing": standing(request.actor),
        "beginning": beginning(request.actor),
        "recently": audit.recent(request.actor),
    }
    return render(request, "site/home.html", context)


@allow(EVERYONE)
def about(request: HttpRequest) -> HttpResponse:
    """Say what the program is, what it is not, and who takes part."""
    return render(request, "site/about.html", {"section": "about"})


@allow(EVERYONE)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say what the pages are held to, and what is known not to work."""
    return render(request, "site/accessibility.html")


@allow(EVERYONE)
def privacy(request: HttpRequest) -> HttpResponse:
    """Say what is kept about people, and who sees it."""
    return render(request, "site/privacy.html")
