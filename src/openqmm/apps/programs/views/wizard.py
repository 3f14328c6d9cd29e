"""Writing an application step by step, each saved as it is written."""

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
from openqmm.apps.programs.forms import STEP_FORMS, StepForm
from openqmm.core.errors import Stale
from openqmm.core.workflow import Role
from openqmm.web import merging
from openqmm.web.access import allow
from openqmm.web.autosave import by_script, conflicting, not_saved, saved_as


@allow(Role.FACILITY_QUALITY_LEAD)
def edit(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Go to the first step of a draft that lacks something."""
    step = queries.open_step(request.actor, application_id)
    return redirect(_address(application_id, step))


@allow(Role.FACILITY_QUALITY_LEAD, methods=("GET", "POST"))
def edit_step(request: HttpRequest, application_id: UUID, step: str) -> HttpResponse:
    """Write one step of a draft, saved as it is written; what somebody else saved of it meanwhile
    is put together with it."""
    page = queries.step_page(request.actor, application_id, step)
    data = merging.posted(request) if request.method == "POST" else None
    form = STEP_FORMS[page.step](
        data, program=page.program, makes=page.application.activities, initial=page.initial
    )
    if data is None or not form.is_valid():
        if by_script(request):
            return not_saved(form)
        context = {"form": form, "page": page, "application": page.application}
        return render(request, "programs/step.html", context)
    written = dict(form.cleaned_data)
    version = written.pop("version")
    try:
        if merging.undecided(request):
            raise Stale
        saved = actions.edit_application(
            by=request.actor,
            application_id=application_id,
            version=version,
            entry=actions.ApplicationEntry(**written),
        )
    except Stale as stale:
        return _merge(request, page, form, stale)
    if by_script(request):
        return saved_as(saved.version, lacks=queries.step_lacks(saved, page.step))
    messages.success(request, _("The draft is saved."))
    return redirect(_address(application_id, page.after))


def _merge(
    request: HttpRequest, page: queries.StepPage, form: StepForm, stale: Stale
) -> HttpResponse:
    if by_script(request):
        return conflicting(stale)
    row = queries.draft(request.actor, page.application.pk)
    return merging.merge_page(
        request,
        form,
        audit.since(row, merging.base_version(request)),
        title=_("Application of %(name)s") % {"name": row.facility.name},
        back=_address(row.pk, page.step),
    )


def _address(application_id: Any, step: str) -> str:
    if step == "review":
        return reverse("programs:review", args=[application_id])
    return reverse("programs:edit_step", args=[application_id, step])
