"""Pages of a manufacturer's facilities."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from openqmm.apps.audit import queries as audit
from openqmm.apps.facilities import actions, queries
from openqmm.apps.facilities.forms import CorrectionForm, FacilityForm
from openqmm.core.errors import Stale, TransitionRefused
from openqmm.core.workflow import Role
from openqmm.web import merging
from openqmm.web.access import SITE, STAFF, allow


@allow(SITE)
def facilities(request: HttpRequest) -> HttpResponse:
    """List the facilities of one's own organisation."""
    context = {
        "facilities": queries.facilities(request.actor),
        "may_add": request.actor.role is Role.FACILITY_QUALITY_LEAD,
    }
    return render(request, "facilities/facilities.html", context)


@allow(SITE, STAFF)
def facility(request: HttpRequest, facility_id: UUID) -> HttpResponse:
    """Show a facility, its registration, and what the public files tell of it."""
    found = queries.facility(request.actor, facility_id)
    record = queries.public_record(found.fei)
    context = {
        "facility": found,
        "country": queries.country_words(found.country),
        "record": record,
        "timeline": queries.timeline(
            found.fei, kind=request.GET.get("kind", ""), page=request.GET.get("page")
        ),
    }
    return render(request, "facilities/facility.html", context)


@allow(Role.FACILITY_QUALITY_LEAD, methods=("GET", "POST"), once=True)
def add_facility(request: HttpRequest) -> HttpResponse:
    """Add a facility; `?fei=` fills in what the registration file says of it. Whoever came from an
    application goes back to it with the facility chosen."""
    registration = None
    applying = (request.POST or request.GET).get("apply", "")
    if request.method == "POST":
        form = FacilityForm(request.POST)
        if form.is_valid():
            try:
                entry = actions.FacilityEntry(**form.cleaned_data)
                added = actions.add_facility(by=request.actor, entry=entry)
            except TransitionRefused as refusal:
                form.add_error("fei", str(refusal))
            else:
                messages.success(request, _("%(name)s was added.") % {"name": added.name})
                return redirect(_after_adding(added.pk, applying))
    else:
        fei = request.GET.get("fei", "").strip()
        registration = queries.public_record(fei).registration if fei else None
        form = FacilityForm(initial=_prefilled(fei, registration))
    context = {
        "form": form,
        "registration": registration,
        "asked": request.GET.get("fei", ""),
        "applying": applying,
    }
    return render(request, "facilities/add_facility.html", context)


@allow(Role.FACILITY_QUALITY_LEAD, methods=("GET", "POST"))
def correct_facility(request: HttpRequest, facility_id: UUID) -> HttpResponse:
    """Correct the name or the address of an own facility."""
    found = queries.facility(request.actor, facility_id)
    initial = {"name": found.name, "address": found.address, "version": found.version}
    data = merging.posted(request) if request.method == "POST" else None
    form = CorrectionForm(data, initial=initial)
    if data is not None and form.is_valid():
        try:
            if merging.undecided(request):
                raise Stale
            actions.correct_facility(by=request.actor, facility_id=facility_id, **form.cleaned_data)
        except Stale:
            return merging.merge_page(
                request,
                form,
                audit.since(found, merging.base_version(request)),
                title=found.name,
                back=reverse("facilities:facility", args=[facility_id]),
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The correction is on record."))
            return redirect("facilities:facility", facility_id)
    context = {"form": form, "facility": found}
    status = 400 if form.errors else 200
    return render(request, "facilities/correct_facility.html", context, status=status)


def _after_adding(facility_id: UUID, applying: str) -> str:
    if not applying:
        return reverse("facilities:facility", args=[facility_id])
    chosen = urlencode({"facility": facility_id, "round": applying})
    return f"{reverse('programs:apply')}?{chosen}"


def _prefilled(fei: str, registration: Any) -> dict[str, Any]:
    if registration is None:
        return {"fei": fei}
    made = registration.activities
    return {
        "fei": registration.fei,
        "duns": registration.duns[0] if registration.duns else "",
        "name": registration.name,
        "address": registration.address,
        "country": registration.country or "",
        "facility_type": next(iter(made)) if len(made) == 1 else None,
    }
