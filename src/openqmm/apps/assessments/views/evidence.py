"""The facility's evidence, for the team."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openqmm.apps.assessments import actions, queries
from openqmm.core.errors import FileUnreadable
from openqmm.core.workflow import Role
from openqmm.web import downloads
from openqmm.web.access import CONTRACTOR, allow


@allow(CONTRACTOR, Role.OBSERVER)
def evidence(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """List what the team may read of the facility's evidence."""
    return _page(request, assessment_id)


@allow(CONTRACTOR, Role.OBSERVER)
def evidence_file(request: HttpRequest, assessment_id: UUID, evidence_id: UUID) -> HttpResponse:
    """Send a file of it, once its digest has been found right."""
    try:
        opened = actions.open_evidence(
            by=request.actor, assessment_id=assessment_id, evidence_id=evidence_id
        )
    except FileUnreadable as refusal:
        messages.error(request, str(refusal))
        return _page(request, assessment_id, status=409)
    return downloads.attachment(opened.file, opened.name, opened.media_type)


def _page(request: HttpRequest, assessment_id: UUID, status: int = 200) -> HttpResponse:
    page = queries.team_evidence(request.actor, assessment_id)
    context = {"assessment": page.assessment, "files": page.files}
    return render(request, "assessments/evidence.html", context, status=status)
