"""Applications: the applicant's own, and for the office those submitted."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.forms import ReasonForm, StartForm
from openqmm.apps.signatures.actions import sealed_pdf
from openqmm.apps.signatures.forms import SigningForm
from openqmm.apps.signatures.views import panel, signature_file
from openqmm.core.errors import NotFound, NotPermitted, TransitionRefused
from openqmm.core.workflow import Role
from openqmm.reports.acknowledgement_pdf import acknowledgement_pdf
from openqmm.web import clock
from openqmm.web.access import SITE, STAFF, allow
from openqmm.web.downloads import attachment
from openqmm.web.versions import posted_version

_WORDED: dict[str, Callable[..., Any]] = {
    "withdraw": actions.withdraw_application,
    "decline": actions.decline_place,
    "give_information": actions.answer_request,
}
_SIGNED: dict[str, Callable[..., Any]] = {
    "submit": actions.submit_application,
    "accept": actions.accept_place,
}


@allow(SITE, STAFF)
def applications(request: HttpRequest) -> HttpResponse:
    """List the own applications; for the office, all that were submitted."""
    context = {
        "rows": queries.application_rows(request.actor),
        "open_rounds": queries.open_rounds(),
        "is_office": request.actor.role is Role.PROGRAM_ADMINISTRATOR,
        "may_apply": request.actor.role is Role.FACILITY_QUALITY_LEAD,
    }
    return render(request, "programs/applications.html", context)


@allow(Role.FACILITY_QUALITY_LEAD, methods=("GET", "POST"), once=True)
def apply(request: HttpRequest) -> HttpResponse:
    """Choose the facility and the round, and begin the draft."""
    choices = queries.apply_choices(request.actor)
    form = StartForm(
        request.POST or None,
        facilities=choices.facilities,
        rounds=choices.rounds,
        initial=_only_choice(request, choices),
    )
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.start_application(by=request.actor, **form.cleaned_data)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("programs:edit", row.pk)
    return render(request, "programs/apply.html", {"form": form, "choices": choices})


@allow(SITE, STAFF)
def application(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show an application: what it says, where it stands, what may be done."""
    return _page(request, application_id)


@allow(SITE)
def review(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Show a draft as a whole: every part, what is missing, and to the signatory how to sign it."""
    queries.draft(request.actor, application_id)
    return _page(request, application_id, template="programs/review.html")


@allow(SITE, STAFF)
def acknowledgement(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Send the acknowledgement of a signed application as PDF, sealed by the installation."""
    found = queries.acknowledgement(request.actor, application_id)
    pdf = sealed_pdf(acknowledgement_pdf(found, clock.now()))
    name = f"acknowledgement-{found.fei}.pdf"
    return attachment(BytesIO(pdf), name, "application/pdf")


@allow(Role.AUTHORISED_SIGNATORY, methods=("POST",), once=True)
def sign(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Sign the application, or the acceptance of a place."""
    event = request.POST.get("event", "")
    action = _SIGNED.get(event)
    if action is None:
        raise NotFound("There is no such step to sign.")
    form = SigningForm(request.POST, auto_id=f"{event}_%s")
    if not form.is_valid():
        return _page(request, application_id, signing={event: form}, status=400)
    try:
        action(by=request.actor, application_id=application_id, **form.means())
    except (TransitionRefused, NotPermitted) as refusal:
        form.add_error(None, str(refusal))
        status = 403 if isinstance(refusal, NotPermitted) else 409
        return _page(request, application_id, signing={event: form}, status=status)
    messages.success(request, _("Signed. The signature is bound to what stands here."))
    return redirect("programs:application", application_id)


@allow(SITE, STAFF)
def signature(request: HttpRequest, application_id: UUID, signature_id: UUID) -> HttpResponse:
    """Send a signature as a file that can be checked anywhere."""
    row = queries.application(request.actor, application_id)
    return signature_file(request, row, signature_id)


@allow(SITE, methods=("POST",), once=True)
def take_step(request: HttpRequest, application_id: UUID) -> HttpResponse:
    """Withdraw, decline, or answer a request, with words."""
    event = request.POST.get("event", "")
    action = _WORDED.get(event)
    if action is None:
        raise NotFound("There is no such step.")
    form = ReasonForm(request.POST, auto_id=f"{event}_%s")
    try:
        action(
            by=request.actor,
            application_id=application_id,
            reason=request.POST.get("reason", ""),
            version=posted_version(request),
        )
    except TransitionRefused as refusal:
        form.is_valid()
        form.add_error("reason", str(refusal))
        return _page(request, application_id, worded={event: form}, status=409)
    messages.success(request, _("It is on record, with your words."))
    return redirect("programs:application", application_id)


def _page(
    request: HttpRequest,
    application_id: UUID,
    *,
    signing: dict[str, SigningForm] | None = None,
    worded: dict[str, ReasonForm] | None = None,
    status: int = 200,
    template: str = "programs/application.html",
) -> HttpResponse:
    page = queries.application_page(request.actor, application_id)
    given = signing or {}
    to_sign = [
        _panel(request, page, step, given.pop(step.event, None)) for step in page.signed_steps
    ]
    to_word = [
        (step, (worded or {}).get(step.event) or ReasonForm(auto_id=f"{step.event}_%s"))
        for step in page.worded_steps
    ]
    context = {
        "page": page,
        "application": page.application,
        "to_sign": to_sign,
        # A step that has closed meanwhile still owes its sender the refusal.
        "refused": next(iter(given.values()), None),
        "to_word": to_word,
        "steps": queries.step_stages(page.application, "review"),
        "is_office": request.actor.role is Role.PROGRAM_ADMINISTRATOR,
        "may_edit": page.may_edit and request.actor.role is Role.FACILITY_QUALITY_LEAD,
    }
    return render(request, template, context, status=status)


def _panel(request: HttpRequest, page: Any, step: Any, form: SigningForm | None) -> Any:
    """Return a step with its signing panel; without one where the step is closed for now."""
    if step.event in page.closed:
        return step, None
    paper = queries.PAPERS[step.event](page.application)
    return step, panel(request.actor, paper, form or SigningForm(auto_id=f"{step.event}_%s"))


def _only_choice(request: HttpRequest, choices: Any) -> dict[str, str]:
    """Return what was asked for by link, or what is the only choice anyway."""
    chosen = {}
    for name, options in (("facility", choices.facilities), ("round", choices.rounds)):
        asked = request.GET.get(name, "")
        if asked in dict(options):
            chosen[f"{name}_id"] = asked
        elif len(options) == 1:
            chosen[f"{name}_id"] = options[0][0]
    return chosen
