"""The office's letters: read before they are sent, and read again by both sides."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.programs import actions, queries
from openqmm.apps.signatures.actions import sealed_pdf
from openqmm.core.errors import TransitionRefused
from openqmm.reports.letter_pdf import PrintedLetter, letter_pdf
from openqmm.web import clock
from openqmm.web.access import SITE, STAFF, allow


@allow(STAFF, methods=("GET", "POST"), once=True)
def letter(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show the letter an application's state calls for, or send it."""
    refusal, status = "", 200
    if request.method == "POST":
        try:
            actions.send_letter(
                by=request.actor,
                application_id=application_id,
                again=request.POST.get("again") == "yes",
            )
        except TransitionRefused as refused:
            refusal, status = str(refused), 409
        else:
            messages.success(request, _("The letter is sent and on record."))
            return redirect("programs:letter", application_id)
    draft = queries.drafted_letter(request.actor, application_id)
    context = {"draft": draft, "application": draft.application, "refusal": refusal}
    return render(request, "programs/letter.html", context, status=status)


@allow(STAFF)
def preview(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Send the letter as it would be sent now, as PDF."""
    draft = queries.drafted_letter(request.actor, application_id)
    printed = queries.printed(draft.application, draft.text, queries.letter_day())
    return _pdf(printed)


@allow(SITE, STAFF)
def sent_letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Send a letter that was sent, as PDF."""
    _found, printed = queries.printed_again(request.actor, letter_id)
    return _pdf(printed)


def _pdf(printed: PrintedLetter) -> HttpResponse:
    return HttpResponse(
        sealed_pdf(letter_pdf(printed, clock.now())),
        content_type="application/pdf",
        headers={"Content-Disposition": 'attachment; filename="letter.pdf"'},
    )
