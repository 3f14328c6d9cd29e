"""The list of ratings, the board's page, the facility's page, and the files of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _

from openqmm.apps.ratings import actions, policies, queries
from openqmm.apps.ratings.forms import IssueForm, ReasonForm, ReviewForm
from openqmm.apps.ratings.queries import READERS, SITE
from openqmm.apps.signatures.actions import sealed_pdf
from openqmm.apps.signatures.forms import SigningForm
from openqmm.apps.signatures.views import Panel, panel, signature_file
from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.workflow import Role
from openqmm.web.access import STAFF, allow
from openqmm.web.versions import posted_version

BOARD = Role.RATING_BOARD_MEMBER
FORMS: dict[str, type[Form]] = {
    "review": ReviewForm,
    "issue": IssueForm,
    "suspend": ReasonForm,
    "reinstate": ReasonForm,
    "supersede": ReasonForm,
}


@allow(READERS)
def ratings(request: HttpRequest) -> HttpResponse:
    """List the ratings the person may see, and what is ready to be proposed."""
    context = {
        "rows": queries.ratings(request.actor),
        "ready": queries.ready_to_propose(request.actor),
        "site": request.actor.role in SITE,
    }
    return render(request, "ratings/ratings.html", context)


@allow(STAFF, methods=("POST",), once=True)
def propose(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Compute and propose the rating of a final assessment."""
    rating = actions.propose_rating(by=request.actor, assessment_id=assessment_id)
    messages.success(request, _("The rating is computed, sealed and before the board."))
    return redirect("ratings:rating", rating.pk)


@allow(READERS)
def rating(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Show one rating: to the facility as its own, to everybody else as the board sees it."""
    return _page(request, rating_id)


@allow(BOARD, methods=("POST",), once=True)
def review(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Record the board's review."""
    done = _("The review is recorded. The rating can be decided now.")
    return _take_step(request, rating_id, "review", actions.review_rating, done)


@allow(BOARD, methods=("POST",), once=True)
def issue(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Read the decision once more with everything it is about, then sign and issue."""
    form = IssueForm(request.POST)
    if not form.is_valid():
        return _page(request, rating_id, event="issue", form=form, status=400)
    reason = form.cleaned_data["reason"]
    try:
        found = actions.issuable_rating(by=request.actor, rating_id=rating_id)
        paper = queries.issue_paper(found, reason)
        signing = SigningForm(request.POST) if "challenge" in request.POST else None
        if signing is None or not signing.is_valid():
            shown = panel(request.actor, paper, signing)
            return _sign_page(request, rating_id, form, shown, 200 if signing is None else 400)
    except (NotPermitted, TransitionRefused) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, rating_id, event="issue", form=form, status=_status(refusal))
    try:
        actions.issue_rating(
            by=request.actor, rating_id=rating_id, reason=reason, **signing.means()
        )
    except (NotPermitted, TransitionRefused) as refusal:
        signing.add_error(None, str(refusal))
        shown = panel(request.actor, paper, signing)
        return _sign_page(request, rating_id, form, shown, _status(refusal))
    messages.success(
        request, _("The rating is signed, issued and in effect. The facility sees it from now on.")
    )
    return redirect("ratings:rating", rating_id)


@allow(BOARD, methods=("POST",), once=True)
def suspend(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Suspend the rating."""
    done = _("The rating is suspended; no directory shows it.")
    return _take_step(request, rating_id, "suspend", actions.suspend_rating, done)


@allow(BOARD, methods=("POST",), once=True)
def reinstate(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Reinstate the rating."""
    done = _("The rating is in effect again.")
    return _take_step(request, rating_id, "reinstate", actions.reinstate_rating, done)


@allow(BOARD, methods=("POST",), once=True)
def supersede(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Declare the rating replaced."""
    done = _("The rating is superseded; no directory shows it.")
    return _take_step(request, rating_id, "supersede", actions.supersede_rating, done)


@allow(READERS)
def report(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Send the rating's report as PDF, sealed by the installation."""
    name, content = actions.export_rating(by=request.actor, rating_id=rating_id, form="report")
    content = sealed_pdf(content)
    return _file(content, "application/pdf", f"{_stem(name)}-rating.pdf")


@allow(READERS)
def table(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Send the rating as a table."""
    name, lines = actions.export_rating(by=request.actor, rating_id=rating_id, form="table")
    return _file(lines, "text/csv; charset=utf-8", f"{_stem(name)}-rating.csv")


@allow(READERS)
def signature(request: HttpRequest, rating_id: UUID, signature_id: UUID) -> HttpResponse:
    """Send a signature as a file that can be checked anywhere."""
    found = queries.visible_rating(request.actor, rating_id)
    return signature_file(request, found, signature_id)


@allow(READERS)
def bundle(request: HttpRequest, rating_id: UUID) -> HttpResponse:
    """Send the sealed bundle that the rating can be recomputed from."""
    name, text = actions.export_rating(by=request.actor, rating_id=rating_id, form="bundle")
    return _file(text, "application/json", f"{_stem(name)}-bundle.json")


def _take_step(
    request: HttpRequest,
    rating_id: UUID,
    event: str,
    action: Callable[..., Any],
    done: str,
) -> HttpResponse:
    form = FORMS[event](request.POST)
    status = 400
    if form.is_valid():
        try:
            version = posted_version(request)
            action(by=request.actor, rating_id=rating_id, version=version, **form.cleaned_data)
        except (NotPermitted, TransitionRefused) as refusal:
            # Shown above the form, so that the reason already written is not lost.
            form.add_error(None, str(refusal))
            status = _status(refusal)
        else:
            messages.success(request, done)
            return redirect("ratings:rating", rating_id)
    return _page(request, rating_id, event=event, form=form, status=status)


def _status(refusal: Exception) -> int:
    return 403 if isinstance(refusal, NotPermitted) else 409


def _sign_page(
    request: HttpRequest, rating_id: UUID, form: IssueForm, shown: Panel, status: int
) -> HttpResponse:
    context = {
        "rating": queries.rating(request.actor, rating_id),
        "reason": form.cleaned_data["reason"],
        "panel": shown,
    }
    return render(request, "ratings/sign.html", context, status=status)


def _page(
    request: HttpRequest,
    rating_id: UUID,
    *,
    event: str = "",
    form: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    view = queries.rating(request.actor, rating_id)
    refusal = (
        policies.board_refusal(request.actor, on_team=view.on_team, of_site=view.of_site)
        if view.steps
        else None
    )
    steps = [
        (step, form if step.event == event and form else FORMS[step.event]())
        for step in view.steps
        if refusal is None
    ]
    # A step that has closed meanwhile still owes its sender what was written.
    stale = (
        form if form is not None and event not in {step.event for step, _form in steps} else None
    )
    context = {"rating": view, "steps": steps, "stale": stale, "refusal": refusal}
    page = "ratings/facility.html" if request.actor.role in SITE else "ratings/board.html"
    return render(request, page, context, status=status)


def _file(content: Any, content_type: str, name: str) -> HttpResponse:
    body: bytes | str | Iterable[str] = content
    if not isinstance(body, (bytes, str)):
        body = "".join(body)
    disposition = f'attachment; filename="{name}"'
    return HttpResponse(
        body, content_type=content_type, headers={"Content-Disposition": disposition}
    )


def _stem(name: str) -> str:
    return slugify(name) or "facility"
