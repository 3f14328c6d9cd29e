"""The pipeline of a round, what is due, the calendar and the table of a year."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openqmm.apps.programs import queries
from openqmm.reports.calendar_ics import calendar_ics
from openqmm.web import clock
from openqmm.web.access import SITE, STAFF, allow


@allow(STAFF)
def pipeline(request: HttpRequest, round_id: UUID) -> HttpResponse:
    """Show a round's applications by where they stand."""
    found = queries.pipeline(request.actor, round_id)
    return render(request, "programs/pipeline.html", {"pipeline": found, "round": found.round})


@allow(STAFF)
def due(request: HttpRequest) -> HttpResponse:
    """Show what is due in every round, the earliest first."""
    return render(request, "programs/due.html", {"lines": queries.due_lines(request.actor)})


@allow(SITE, STAFF)
def calendar(request: HttpRequest) -> HttpResponse:
    """Send the actor's own days as a calendar file."""
    days = queries.calendar_days(request.actor)
    return HttpResponse(
        calendar_ics("OpenQMM", days, clock.now()),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="openqmm.ics"'},
    )


@allow(STAFF)
def annual(request: HttpRequest) -> HttpResponse:
    """Show the table of a year, or send it as CSV."""
    report = queries.annual_report(request.actor, request.GET.get("year", ""))
    if request.GET.get("format") == "csv":
        return HttpResponse(
            "".join(queries.annual_csv(report)).encode(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="rounds-{report.year}.csv"'},
        )
    return render(request, "programs/annual.html", {"report": report})
