"""Switching between one's own memberships, and the demonstration's one-click sign-in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from openqmm.apps.accounts import queries
from openqmm.core.errors import NotFound
from openqmm.web.access import EVERYONE, SIGNED_IN, allow


@allow(SIGNED_IN, methods=("POST",))
def switch(request: HttpRequest) -> HttpResponse:
    """Act by another of one's own memberships; a page of the old role may not exist in the new."""
    chosen = request.POST.get("membership", "")
    own = {str(row.id) for row in queries.memberships_of(request.actor.person_id)}
    if chosen not in own:
        raise NotFound("There is no such membership.")
    request.session["membership"] = chosen
    return redirect("home")


@allow(EVERYONE, methods=("GET", "POST"))
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people; exists in a demonstration only."""
    if not settings.DEMO:
        raise NotFound("There is no such page.")
    if request.method == "GET":
        return render(request, "accounts/demo_sign_in.html", {"people": queries.demo_people()})
    known = {str(row.id) for row in queries.demo_people()}
    if request.POST.get("person") not in known:
        raise NotFound("There is no such person.")
    person = queries.person(request.POST["person"])
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[-1])
    target = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        return redirect(target)
    return redirect("home")
