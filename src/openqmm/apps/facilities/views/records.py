"""Pages of the office about public records: what is loaded, and which site a record is about."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.facilities import actions, queries
from openqmm.apps.facilities.forms import NO_SITE, OTHER_SITE, LinkForm, RecordFileForm
from openqmm.core.errors import InvalidRecords, TransitionRefused
from openqmm.core.records import safe_name
from openqmm.web import uploads
from openqmm.web.access import STAFF, allow


@allow(STAFF, methods=("GET", "POST"), once=True)
def sources(request: HttpRequest) -> HttpResponse:
    """Show what is loaded of each kind, or load a file."""
    form = RecordFileForm()
    if request.method == "POST":
        form = RecordFileForm(request.POST, request.FILES)
        refusal = uploads.refusal(request)
        if refusal:
            form.errors.pop("file", None)
            form.add_error("file", refusal)
        elif form.is_valid():
            loaded = _load(request, form)
            if loaded:
                messages.success(request, loaded)
                return redirect("records:sources")
    context = {
        "form": form,
        "kinds": queries.loaded_kinds(request.actor),
        "page": queries.loaded_files(request.actor, request.GET.get("page")),
    }
    return render(request, "facilities/records.html", context, status=_status(request, form))


@allow(STAFF)
def links(request: HttpRequest) -> HttpResponse:
    """List the firms for which a person has to say which site they are."""
    asked = request.GET
    queue = queries.review_queue(
        request.actor,
        kind=asked.get("kind", ""),
        state=asked.get("state", ""),
        page=asked.get("page"),
    )
    return render(request, "facilities/links.html", {"queue": queue})


@allow(STAFF, methods=("GET", "POST"), once=True)
def link(request: HttpRequest, kind: str, subject: str) -> HttpResponse:
    """Show a firm beside the sites it could be, or decide which it is."""
    review = queries.firm_review(request.actor, kind, subject)
    form = _link_form(review, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            actions.decide_link(
                by=request.actor,
                kind=kind,
                subject=subject,
                fei=form.chosen_fei(),
                reason=said["reason"],
                seen=said["seen"],
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The decision is on record."))
            return redirect("records:links")
    context = {"review": review, "form": form}
    status = 400 if form.errors else 200
    return render(request, "facilities/link.html", context, status=status)


def _link_form(review: queries.FirmReview, data: Any) -> LinkForm:
    form = LinkForm(data, initial={"seen": review.seen})
    form.fields["site"].choices = [
        *((site.link.fei, site.link.fei) for site in review.sites),
        (OTHER_SITE, _("Another site")),
        (NO_SITE, _("None of these")),
    ]
    return form


def _load(request: HttpRequest, form: RecordFileForm) -> str | None:
    said = form.cleaned_data
    with _under_its_name(said["file"]) as path:
        try:
            source = actions.import_records(
                by=request.actor,
                path=path,
                kind=said["kind"] or None,
                told_on=said["told_on"],
                covers_until=said["covers_until"],
                may_shrink=said["may_shrink"],
            )
        except InvalidRecords as refusal:
            form.add_error("file", str(refusal))
            return None
    counts = _("%(rows)s rows read, %(added)s new, %(replaced)s replaced, %(gone)s gone, ")
    counts += _("%(rejected)s not usable.")
    names = ("rows", "added", "replaced", "gone", "rejected")
    read = counts % {name: f"{getattr(source, name):,}" for name in names}
    return f"{source.get_kind_display()}: {read}"


@contextmanager
def _under_its_name(file: UploadedFile) -> Iterator[Path]:
    """Yield a file received under the name it was sent by: messages and sources name it."""
    with tempfile.TemporaryDirectory(prefix="openqmm-records-") as folder:
        path = Path(folder) / (safe_name(file.name or "") or "file")
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        yield path


def _status(request: HttpRequest, form: RecordFileForm) -> int:
    if uploads.refusal(request):
        return 413
    return 400 if form.errors else 200
