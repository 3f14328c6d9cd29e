"""Pages of a manufacturer's evidence."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.evidence import actions, policies, queries
from openqmm.apps.evidence.forms import EvidenceForm, VersionForm, WithdrawalForm
from openqmm.core.errors import FileRefused, FileUnreadable, TransitionRefused
from openqmm.web import downloads, uploads
from openqmm.web.access import SITE, allow


@allow(SITE)
def files(request: HttpRequest, facility_id: UUID) -> HttpResponse:
    """List a facility's evidence, the newest version of each file."""
    found = queries.files(request.actor, facility_id)
    facility = queries.own_facility(request.actor, facility_id)
    context = {
        "facility": facility,
        "files": found,
        "scanner": settings.VIRUS_SCANNER is not None,
    }
    return render(request, "evidence/files.html", context)


@allow(SITE, methods=("GET", "POST"), once=True)
def add(request: HttpRequest, facility_id: UUID) -> HttpResponse:
    """Send a file as evidence of a facility."""
    facility = queries.own_facility(request.actor, facility_id)
    form = _form(request, EvidenceForm)
    if _may_go_on(request, form):
        try:
            kept = actions.add_evidence(by=request.actor, facility_id=facility_id, **_sent(form))
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("%(name)s is kept.") % {"name": kept.name})
            return redirect("evidence:detail", kept.pk)
    context = {"facility": facility, "form": form, "scanner": settings.VIRUS_SCANNER is not None}
    return render(request, "evidence/add.html", context, status=_status(request, form))


@allow(SITE, methods=("GET", "POST"), once=True)
def replace(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Send a new version of a file."""
    page = queries.page(request.actor, evidence_id)
    form = _form(request, VersionForm)
    form.fields["confidentiality"].initial = page.line.mark_code
    if _may_go_on(request, form):
        try:
            kept = actions.add_version(
                by=request.actor,
                evidence_id=evidence_id,
                reason=form.cleaned_data["reason"],
                **_sent(form),
            )
        except FileRefused as refusal:
            form.add_error("file", str(refusal))
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(file)s is kept.") % {"file": kept})
            return redirect("evidence:detail", kept.pk)
    context = {
        "page": page,
        "form": form,
        "replacing_refusal": _replacing_refusal(page),
        "scanner": settings.VIRUS_SCANNER is not None,
    }
    return render(request, "evidence/replace.html", context, status=_status(request, form))


@allow(SITE)
def detail(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Show one version of a file: its digest, its versions, who read it."""
    return _page(request, evidence_id, WithdrawalForm())


@allow(SITE, methods=("POST",), once=True)
def withdraw(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Withdraw a file."""
    form = WithdrawalForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw_evidence(
                by=request.actor, evidence_id=evidence_id, reason=form.cleaned_data["reason"]
            )
        except TransitionRefused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("The file is withdrawn. It stays on record."))
            return redirect("evidence:detail", evidence_id)
    return _page(request, evidence_id, form, status=400)


@allow(SITE)
def download(request: HttpRequest, evidence_id: UUID) -> HttpResponse:
    """Send a file, once its digest has been found right."""
    try:
        opened = actions.open_own(by=request.actor, evidence_id=evidence_id)
    except FileUnreadable as refusal:
        messages.error(request, str(refusal))
        return _page(request, evidence_id, WithdrawalForm(), status=409)
    return downloads.attachment(opened.file, opened.name, opened.media_type)


def _page(
    request: HttpRequest, evidence_id: UUID, form: WithdrawalForm, status: int = 200
) -> HttpResponse:
    page = queries.page(request.actor, evidence_id)
    context = {
        "page": page,
        "form": form,
        "replacing_refusal": _replacing_refusal(page),
        "withdrawal_refusal": policies.withdrawal_refusal(withdrawn=bool(page.line.withdrawn_at)),
    }
    return render(request, "evidence/detail.html", context, status=status)


def _replacing_refusal(page: queries.EvidencePage) -> str | None:
    return policies.replacing_refusal(
        derived=page.derived_from is not None,
        withdrawn=bool(page.line.withdrawn_at),
        newer=not page.newest,
    )


def _form(request: HttpRequest, kind: type[EvidenceForm]) -> Any:
    return kind(request.POST, request.FILES) if request.method == "POST" else kind()


def _may_go_on(request: HttpRequest, form: EvidenceForm) -> bool:
    if request.method != "POST":
        return False
    refusal = uploads.refusal(request)
    if refusal:
        # In place of "this field is required": the file was there, and too large.
        form.errors.pop("file", None)
        form.add_error("file", refusal)
    return form.is_valid()


def _sent(form: EvidenceForm) -> dict[str, Any]:
    said = form.cleaned_data
    entry = actions.EvidenceEntry(
        name=said["file"].name,
        confidentiality=said["confidentiality"],
        period_from=said["period_from"],
        period_until=said["period_until"],
    )
    return {"entry": entry, "content": said["file"].chunks()}


def _status(request: HttpRequest, form: EvidenceForm) -> int:
    if uploads.refusal(request):
        return 413
    return 400 if form.errors else 200
