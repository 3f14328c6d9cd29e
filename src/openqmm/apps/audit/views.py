"""The audit trail, for those who audit it."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render

from openqmm.apps.audit import actions, queries
from openqmm.apps.audit.forms import TrailForm
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Role
from openqmm.web.access import allow

PAGE = 50


@allow(Role.RECORDS_AUDITOR)
def trail(request: HttpRequest) -> HttpResponse:
    """Show the trail, newest first, filtered by the address."""
    form = TrailForm(request.GET, kinds=queries.event_kinds(request.actor))
    chosen = form.cleaned_data if form.is_valid() else {}
    events = queries.trail(request.actor, **chosen)
    page = Paginator(events, PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "entries": queries.entries(page.object_list, longest=queries.SHOWN),
        "filtered": any(chosen.values()),
    }
    return render(request, "audit/trail.html", context)


@allow(Role.RECORDS_AUDITOR, methods=("POST",))
def export(request: HttpRequest) -> StreamingHttpResponse:
    """Send the filtered trail as CSV; the export is itself on the trail."""
    form = TrailForm(request.POST, kinds=queries.event_kinds(request.actor))
    if not form.is_valid():
        # A filter that is not understood must not turn into none.
        raise NotFound("There is no such filter.")
    lines = actions.export_trail(by=request.actor, **form.cleaned_data)
    return StreamingHttpResponse(
        lines,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="audit-trail.csv"'},
    )
