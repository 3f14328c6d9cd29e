"""One event with its place on the trail, and one record with its whole story."""

from __future__ import annotations

from datetime import UTC, datetime, time
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openqmm.apps.audit import actions, queries
from openqmm.apps.audit.forms import AsOfForm
from openqmm.core.workflow import Role
from openqmm.web import clock
from openqmm.web.access import allow


@allow(Role.RECORDS_AUDITOR)
def event(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Show one event: what it changed, its hashes, its place, and whether it is anchored."""
    context = {"page": queries.event_page(request.actor, event_id)}
    return render(request, "audit/event.html", context)


@allow(Role.RECORDS_AUDITOR, methods=("POST",))
def proof(request: HttpRequest, event_id: UUID) -> HttpResponse:
    """Send an event's proof, or the tlog-proof of its anchor; the taking is on the trail."""
    by = request.actor
    if request.POST.get("kind") == "tlog":
        text, name = actions.prove_tick(by=by, event_id=event_id), f"{event_id}.tlog-proof"
        response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    else:
        text, name = actions.prove_event(by=by, event_id=event_id), f"{event_id}.json"
        response = HttpResponse(text, content_type="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@allow(Role.RECORDS_AUDITOR)
def record(request: HttpRequest, table: str, record_id: str) -> HttpResponse:
    """Show everything the trail tells of a record, and how it stood at the end of a day."""
    form = AsOfForm(request.GET if "on" in request.GET else None)
    moment = clock.now()
    chosen = form.cleaned_data["on"] if form.is_valid() else None
    if chosen is not None:
        moment = datetime.combine(chosen, time.max, UTC)
    context = {
        "page": queries.record_page(request.actor, table, record_id, moment),
        "form": form,
        "on": chosen,
    }
    return render(request, "audit/record.html", context)
