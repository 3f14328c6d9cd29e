"""The consensus matrix and the report."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from openqmm.apps.assessments import actions, queries
from openqmm.apps.assessments.forms import DecisionForm, RemarkEditForm, RemarkForm
from openqmm.apps.audit import queries as audit
from openqmm.core.errors import Stale, TransitionRefused
from openqmm.core.workflow import Role
from openqmm.web import merging
from openqmm.web.access import CONTRACTOR, SITE, STAFF, allow
from openqmm.web.versions import posted_version

READERS = CONTRACTOR | STAFF | {Role.OBSERVER}
LEAD = Role.LEAD_ASSESSOR


@allow(READERS)
def consensus(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the matrix, disagreement first."""
    return _matrix(request, assessment_id)


@allow(LEAD, methods=("POST",), once=True)
def decide(request: HttpRequest, assessment_id: UUID, question_id: str) -> HttpResponse:
    """Record the team's mark for one question and come back to its row."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _matrix(request, assessment_id, refused=(question_id, form), status=400)
    given = form.cleaned_data
    try:
        actions.record_consensus(
            by=request.actor,
            assessment_id=assessment_id,
            question_id=question_id,
            mark=given["mark"],
            reason=given["reason"],
            version=given["version"],
        )
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return _matrix(request, assessment_id, refused=(question_id, form), status=409)
    show = "disagreements" if request.POST.get("show") == "disagreements" else "all"
    url = reverse("assessments:consensus", args=[assessment_id])
    return redirect(f"{url}?show={show}#q-{question_id}")


@allow(READERS, SITE)
def report(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the report's strengths and opportunities by area."""
    page = queries.report_page(request.actor, assessment_id)
    return _report(request, page, RemarkForm(areas=page.areas))


@allow(LEAD, methods=("POST",), once=True)
def add_remark(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Name a strength or an opportunity."""
    page = queries.report_page(request.actor, assessment_id)
    form = RemarkForm(request.POST, areas=page.areas)
    if not form.is_valid():
        return _report(request, page, form, status=400)
    try:
        actions.add_remark(by=request.actor, assessment_id=assessment_id, **form.cleaned_data)
    except TransitionRefused as refusal:
        form.add_error(None, str(refusal))
        return _report(request, page, form, status=409)
    messages.success(request, _("It is in the report."))
    url = reverse("assessments:report", args=[assessment_id])
    return redirect(f"{url}#area-{form.cleaned_data['area_id']}")


@allow(LEAD, methods=("GET", "POST"))
def edit_remark(request: HttpRequest, assessment_id: UUID, remark_id: UUID) -> HttpResponse:
    """Say a strength or an opportunity in other words."""
    page, remark = queries.remark_page(request.actor, assessment_id, remark_id)
    initial = {name: getattr(remark, name) for name in ("kind", "area_id", "text", "version")}
    data = merging.posted(request) if request.method == "POST" else None
    form = RemarkEditForm(data, areas=page.areas, initial=initial)
    back = reverse("assessments:report", args=[assessment_id])
    if data is not None and form.is_valid():
        written = dict(form.cleaned_data)
        version = written.pop("version")
        try:
            if merging.undecided(request):
                raise Stale
            actions.edit_remark(
                by=request.actor,
                assessment_id=assessment_id,
                remark_id=remark_id,
                version=version,
                entry=actions.RemarkEntry(**written),
            )
        except Stale:
            since = audit.since(remark, merging.base_version(request))
            title = _("A remark of the report")
            return merging.merge_page(request, form, since, title=title, back=back)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The report says it in these words now."))
            return redirect(f"{back}#area-{written['area_id']}")
    context = {"page": page, "assessment": page.assessment, "form": form}
    status = 400 if form.errors else 200
    return render(request, "assessments/edit_remark.html", context, status=status)


@allow(LEAD, methods=("POST",), once=True)
def remove_remark(request: HttpRequest, assessment_id: UUID, remark_id: UUID) -> HttpResponse:
    """Take a strength or an opportunity out of the report."""
    try:
        actions.remove_remark(
            by=request.actor,
            assessment_id=assessment_id,
            remark_id=remark_id,
            version=posted_version(request),
        )
    except Stale:
        raise
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is out of the report; its words stay on the audit trail."))
    return redirect("assessments:report", assessment_id)


def _matrix(
    request: HttpRequest,
    assessment_id: UUID,
    *,
    refused: tuple[str, DecisionForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    given = request.POST if refused else request.GET
    show = "disagreements" if given.get("show") == "disagreements" else "all"
    page = queries.consensus_page(request.actor, assessment_id, show)
    context: dict[str, Any] = {
        "page": page,
        "assessment": page.assessment,
        "mark_choices": DecisionForm.base_fields["mark"].choices,
        "refused_id": refused[0] if refused else "",
        "refused": refused[1] if refused else None,
    }
    return render(request, "assessments/consensus.html", context, status=status)


def _report(
    request: HttpRequest, page: queries.ReportPage, form: RemarkForm, status: int = 200
) -> HttpResponse:
    context = {
        "page": page,
        "assessment": page.assessment,
        "form": form,
        "signatures": queries.signatures_of(page.assessment),
    }
    return render(request, "assessments/report.html", context, status=status)
