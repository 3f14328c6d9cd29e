"""The lead's signature under the final report, and its file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.assessments import actions, queries
from openqmm.apps.signatures.forms import SigningForm
from openqmm.apps.signatures.views import panel, signature_file
from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.workflow import Role
from openqmm.web.access import CONTRACTOR, SITE, STAFF, allow


@allow(Role.LEAD_ASSESSOR, methods=("GET", "POST"), once=True)
def sign_report(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show the report as it will be signed, or sign it."""
    form, status = SigningForm(request.POST or None), 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                actions.sign_report(by=request.actor, assessment_id=assessment_id, **form.means())
            except (NotPermitted, TransitionRefused) as refusal:
                form.add_error(None, str(refusal))
                status = 403 if isinstance(refusal, NotPermitted) else 409
            else:
                messages.success(request, _("On record: you signed and finalised the report."))
                return redirect("assessments:detail", assessment_id)
    try:
        seen = actions.signable_report(by=request.actor, assessment_id=assessment_id)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("assessments:detail", assessment_id)
    context = {
        "page": queries.report_page(request.actor, assessment_id),
        "assessment": seen,
        "panel": panel(request.actor, queries.report_paper(seen), form),
    }
    return render(request, "assessments/sign.html", context, status=status)


@allow(STAFF, CONTRACTOR, SITE, Role.OBSERVER)
def signature(request: HttpRequest, assessment_id: UUID, signature_id: UUID) -> HttpResponse:
    """Send the signature under a report as a file that can be checked anywhere."""
    report = queries.report_page(request.actor, assessment_id)
    return signature_file(request, report.assessment, signature_id)
