"""The periodic review: opened, looked through one by one, signed off."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.audit import actions, queries
from openqmm.apps.audit.forms import NoteForm, OutcomeForm, ReviewForm
from openqmm.core.errors import TransitionRefused
from openqmm.core.workflow import Role
from openqmm.web.access import allow


@allow(Role.RECORDS_AUDITOR, methods=("GET", "POST"), once=True)
def reviews(request: HttpRequest) -> HttpResponse:
    """List the reviews of the trail; open one."""
    by = request.actor
    due = queries.due(by)
    period = {"from_on": due.from_on, "until_on": due.until_on} if due else {}
    sent = request.POST if request.method == "POST" else None
    form = ReviewForm(sent, known=queries.event_kinds(by), initial=period)
    status = 200
    if form.is_valid():
        try:
            review = actions.open_review(by=by, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error("until_on", str(refusal))
            status = 409
        else:
            return redirect("audit:review", review.pk)
    context = {"reviews": queries.reviews(by), "form": form, "due": due}
    return render(request, "audit/reviews.html", context, status=status)


@allow(Role.RECORDS_AUDITOR)
def review(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Show a review and the next event to look at."""
    return _page(request, review_id)


@allow(Role.RECORDS_AUDITOR, methods=("POST",), once=True)
def note(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Record what the reviewer found of one event."""
    form = NoteForm(request.POST)
    if not form.is_valid():
        return _page(request, review_id, note=form, status=400)
    found = form.cleaned_data
    try:
        actions.note_event(
            by=request.actor,
            review_id=review_id,
            item_id=found["item"],
            exception=found["exception"],
            words=found["words"],
        )
    except TransitionRefused as refusal:
        form.add_error("words", str(refusal))
        return _page(request, review_id, note=form, status=409)
    return redirect("audit:review", review_id)


@allow(Role.RECORDS_AUDITOR, methods=("POST",), once=True)
def close(request: HttpRequest, review_id: UUID) -> HttpResponse:
    """Sign the review off with its outcome."""
    form = OutcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, review_id, outcome=form, status=400)
    try:
        actions.close_review(by=request.actor, review_id=review_id, **form.cleaned_data)
    except TransitionRefused as refusal:
        form.add_error("outcome", str(refusal))
        return _page(request, review_id, outcome=form, status=409)
    messages.success(request, _("The review is signed off."))
    return redirect("audit:review", review_id)


def _page(
    request: HttpRequest,
    review_id: UUID,
    *,
    note: NoteForm | None = None,
    outcome: OutcomeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = queries.review_page(request.actor, review_id)
    first = {"item": page.next.id} if page.next else {}
    context = {
        "page": page,
        "note": note or NoteForm(initial=first),
        "outcome": outcome or OutcomeForm(),
    }
    return render(request, "audit/review.html", context, status=status)
