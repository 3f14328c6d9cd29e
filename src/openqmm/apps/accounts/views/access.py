"""Who had access on a day, the quarterly recertification, and resets that wait for a second."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.accounts import actions, queries
from openqmm.apps.accounts.forms import DayForm, ReviewForm
from openqmm.apps.accounts.views.people import READERS, form_page, posted
from openqmm.core.errors import NotFound, TransitionRefused
from openqmm.core.workflow import Role
from openqmm.web import clock
from openqmm.web.access import STAFF, allow

CERTIFIERS = STAFF | {Role.RATING_BOARD_MEMBER}


@allow(READERS)
def access_on(request: HttpRequest) -> HttpResponse:
    """Show who held which role where on the day the address names, today when it names none."""
    form = DayForm(request.GET if "day" in request.GET else {"day": clock.today()})
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        day = form.cleaned_data["day"]
        context |= {"day": day, "rows": queries.access_on(request.actor, day)}
    else:
        queries.require_reader(request.actor)
    return form_page(request, "accounts/access_on.html", context)


@allow(READERS, methods=("POST",))
def access_file(request: HttpRequest) -> HttpResponse:
    """Send the same as CSV; the export is itself on the trail."""
    queries.require_reader(request.actor)
    form = DayForm(request.POST)
    if not form.is_valid():
        raise NotFound("There is no such day.")
    day = form.cleaned_data["day"]
    return HttpResponse(
        actions.export_access(by=request.actor, day=day),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="access-on-{day}.csv"'},
    )


@allow(READERS, Role.RATING_BOARD_MEMBER)
def reviews(request: HttpRequest) -> HttpResponse:
    """List the organisations whose memberships are recertified, what is due first on top."""
    context = {
        "rows": queries.review_rows(request.actor),
        "may_certify": request.actor.role in CERTIFIERS,
    }
    return render(request, "accounts/reviews.html", context)


@allow(CERTIFIERS, methods=("GET", "POST"), once=True)
def review(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Confirm or end every membership of an organisation that waits for it."""
    by = request.actor
    items = queries.to_review(by, organisation_id)
    form = ReviewForm(posted(request), items=items)
    if request.method == "POST" and form.is_valid():
        endings, confirmed = form.decisions()
        try:
            actions.recertify(
                by=by, organisation_id=organisation_id, endings=endings, confirmed=confirmed
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The recertification is on record."))
            return redirect("accounts:reviews")
    organisation = queries.reviewed_organisation(by, organisation_id)
    return form_page(request, "accounts/review.html", {"form": form, "organisation": organisation})


@allow(CERTIFIERS)
def resets(request: HttpRequest) -> HttpResponse:
    """List the lost second factors whose removal waits for a second person."""
    context = {"rows": queries.open_resets(request.actor), "me": request.actor.person_id}
    return render(request, "accounts/resets.html", context)


@allow(CERTIFIERS, methods=("POST",), once=True)
def confirm_reset(request: HttpRequest, reset_id: UUID) -> HttpResponse:
    """Confirm the removal of a lost second factor."""
    try:
        actions.confirm_factor_reset(by=request.actor, reset_id=reset_id)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Removed. They set up a new one when they next sign in."))
    return redirect("accounts:resets")
