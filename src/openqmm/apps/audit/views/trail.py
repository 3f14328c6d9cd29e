"""The trail as a whole: read, taken away, verified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify

from openqmm.apps.audit import actions, queries
from openqmm.apps.audit.forms import TrailForm
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Role
from openqmm.web import clock
from openqmm.web.access import allow

PAGE = 50


@allow(Role.RECORDS_AUDITOR)
def trail(request: HttpRequest) -> HttpResponse:
    """Show the trail, newest first, filtered by the address."""
    form = _form(request, request.GET)
    wanted = form.wanted() if form.is_valid() else queries.Wanted()
    page = Paginator(queries.trail(request.actor, wanted), PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "entries": queries.entries(
            request.actor,
            page.object_list,
            longest=queries.SHOWN,
            most=queries.FIELDS_SHOWN,
        ),
        "filtered": bool(wanted),
        "whole": queries.whole_trails(request.actor),
    }
    return render(request, "audit/trail.html", context)


@allow(Role.RECORDS_AUDITOR, methods=("POST",))
def export(request: HttpRequest) -> HttpResponseBase:
    """Send the filtered trail as CSV or PDF, or a whole one as JSON Lines; each is on the trail."""
    by = request.actor
    if request.POST.get("format") == "whole":
        lines = actions.export_whole_trail(by=by, trail_id=request.POST.get("trail"))
        return _file(StreamingHttpResponse(lines, content_type="application/jsonl"), by, "jsonl")
    form = _form(request, request.POST)
    if not form.is_valid():
        # A filter that is not understood must not turn into none.
        raise NotFound("There is no such filter.")
    if request.POST.get("format") == "pdf":
        pages = actions.print_trail(by=by, wanted=form.wanted())
        return _file(HttpResponse(pages, content_type="application/pdf"), by, "pdf")
    rows = actions.export_trail(by=by, wanted=form.wanted())
    return _file(StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8"), by, "csv")


@allow(Role.RECORDS_AUDITOR, methods=("POST",))
def check(request: HttpRequest) -> HttpResponse:
    """Verify a whole trail now and tell the outcome in plain words."""
    trail_id = request.POST.get("trail")
    report = actions.check_trail(by=request.actor, trail_id=trail_id)
    whole = queries.whole_trail(request.actor, trail_id)
    context = {
        "report": report,
        "whole": whole,
        "anchor": queries.anchor_words(whole),
        "at": clock.now(),
    }
    return render(request, "audit/check.html", context)


def _form(request: HttpRequest, data: Mapping[str, Any]) -> TrailForm:
    by = request.actor
    return TrailForm(
        data,
        kinds=queries.event_kinds(by),
        people=queries.people(by),
        records=queries.record_kinds(by),
    )


def _file(response: HttpResponseBase, by: Any, extension: str) -> HttpResponseBase:
    name = slugify(by.organisation_name) or "trail"
    response.headers["Content-Disposition"] = (
        f'attachment; filename="audit-trail-{name}.{extension}"'
    )
    return response
