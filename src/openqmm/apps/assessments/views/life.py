"""The list, one assessment, its plan, its team and its steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.assessments import actions, policies, queries
from openqmm.apps.assessments.forms import (
    DeclarationForm,
    MemberForm,
    PeriodForm,
    PlanForm,
    StepForm,
)
from openqmm.core.errors import TransitionRefused
from openqmm.core.workflow import OrganisationKind, Role, Transition
from openqmm.core.workflow.states import ASSESSMENT
from openqmm.web.access import CONTRACTOR, SITE, STAFF, allow
from openqmm.web.versions import posted_version

TEAM = CONTRACTOR | {Role.OBSERVER}
INSIDERS = STAFF | TEAM | SITE
PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class StepButton:
    """A step the actor's role may take from here, and what it still waits for."""

    transition: Transition
    refusal: str | None


@allow(INSIDERS)
def assessments(request: HttpRequest) -> HttpResponse:
    """List the assessments the actor may know of."""
    by = request.actor
    rows = Paginator(queries.assessments(by), PAGE_ROWS)
    context = {
        "page": rows.get_page(request.GET.get("page")),
        "may_plan": by.role is Role.PROGRAM_ADMINISTRATOR,
        "on_team": by.role in TEAM,
    }
    return render(request, "assessments/assessments.html", context)


@allow(STAFF, methods=("GET", "POST"), once=True)
def plan(request: HttpRequest) -> HttpResponse:
    """Plan the assessment of an accepted facility."""
    by = request.actor
    form = PlanForm(
        _posted(request),
        applications=queries.plannable(by),
        contractors=accounts.organisations(by, OrganisationKind.CONTRACTOR),
    )
    if request.method == "POST" and form.is_valid():
        try:
            planned = actions.plan_assessment(
                by=by,
                application_id=form.cleaned_data["application"],
                contractor_id=form.cleaned_data["contractor"],
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The assessment is planned. Appoint its team now."))
            return redirect("assessments:team", planned.pk)
    return _form_page(request, "assessments/plan.html", {"form": form})


@allow(INSIDERS)
def detail(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Show one assessment; a member of its team who has not declared is asked to first."""
    return _detail(request, assessment_id)


def _detail(
    request: HttpRequest, assessment_id: UUID, refusal: str = "", status: int = 200
) -> HttpResponse:
    by = request.actor
    seen = queries.assessment(by, assessment_id)
    if seen.member_role and seen.declared_at is None:
        return redirect("assessments:declare", assessment_id)
    page = queries.detail(by, assessment_id)
    buttons = _buttons(page, by.role)
    steps = [button for button in buttons if not button.transition.reasoned]
    context = {
        "page": page,
        "assessment": page.assessment,
        "signatures": queries.signatures_of(page.assessment) if page.sees_report else [],
        "facts": _facts(page.assessment),
        "steps": steps,
        "rare": [button for button in buttons if button.transition.reasoned],
        "waiting_for": "" if steps or page.scores_here else _waiting_for(page),
        "sees_evidence": queries.sees_evidence(page.assessment),
        "may_staff": by.role is Role.PROGRAM_ADMINISTRATOR
        and policies.team_refusal(page.assessment) is None,
        "refusal": refusal,
        "refused": request.POST,
    }
    return render(request, "assessments/detail.html", context, status=status)


@allow(STAFF, methods=("GET", "POST"), once=True)
def team(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Appoint the team, one person at a time."""
    by = request.actor
    page = queries.detail(by, assessment_id)
    taken = {member.person_id for member in page.team}
    people = [row for row in queries.candidates(by, page.assessment) if row.id not in taken]
    form = MemberForm(_posted(request), people=people)
    if request.method == "POST" and form.is_valid():
        person_id, role = form.person_and_role()
        try:
            actions.assign_member(
                by=by,
                assessment_id=assessment_id,
                person_id=person_id,
                role=role,
                until_on=form.cleaned_data["until_on"],
            )
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Appointed. They are asked to declare first."))
            return redirect("assessments:team", assessment_id)
    context = {
        "page": page,
        "assessment": page.assessment,
        "form": form,
        "closed": policies.team_refusal(page.assessment),
        "scorers": page.readiness.scorers,
    }
    return _form_page(request, "assessments/team.html", context)


@allow(STAFF, methods=("POST",), once=True)
def remove_member(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Take a person off the team."""
    try:
        actions.remove_member(
            by=request.actor,
            assessment_id=assessment_id,
            person_id=request.POST.get("person") or None,
            reason=request.POST.get("reason", ""),
        )
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken off the team."))
    return redirect("assessments:team", assessment_id)


@allow(STAFF, methods=("POST",), once=True)
def set_period(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Set the last day of a person on the team."""
    form = PeriodForm(request.POST)
    if not form.is_valid():
        for message in form.errors.values():
            messages.error(request, " ".join(message))
        return redirect("assessments:team", assessment_id)
    given = form.cleaned_data
    try:
        actions.set_member_period(
            by=request.actor,
            assessment_id=assessment_id,
            person_id=given["person"],
            until_on=given["until_on"],
            reason=given["reason"],
        )
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The last day is set."))
    return redirect("assessments:team", assessment_id)


@allow(TEAM, methods=("GET", "POST"), once=True)
def declare(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Declare, for oneself, that there is no conflict of interest."""
    by = request.actor
    assessment = queries.assessment(by, assessment_id)
    form = DeclarationForm(_posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.declare_no_conflict(by=by, assessment_id=assessment_id)
        except TransitionRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Your declaration is on record."))
        return redirect("assessments:detail", assessment_id)
    return _form_page(request, "assessments/declare.html", {"form": form, "assessment": assessment})


@allow(INSIDERS, methods=("POST",), once=True)
def step(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Take one step of the assessment."""
    form = StepForm(request.POST)
    if not form.is_valid():
        faults = " ".join(error for errors in form.errors.values() for error in errors)
        return _detail(request, assessment_id, faults, 400)
    given = form.cleaned_data
    try:
        actions.advance(
            by=request.actor,
            assessment_id=assessment_id,
            event=given["event"],
            reason=given["reason"],
            visit=given["visit"],
            version=posted_version(request),
        )
    except TransitionRefused as refusal:
        return _detail(request, assessment_id, str(refusal), 409)
    done = ASSESSMENT.transition(given["event"]).done
    messages.success(request, _("On record: you %(done)s.") % {"done": done})
    return redirect("assessments:detail", assessment_id)


def _posted(request: HttpRequest) -> Any:
    """Return what was posted, even nothing, so that an empty form is found wanting."""
    return request.POST if request.method == "POST" else None


def _facts(assessment: Any) -> list[tuple[str, Any]]:
    facility, round_ = assessment.application.facility, assessment.application.round
    visit = ""
    if assessment.visit_from:
        visit = f"{assessment.visit_from:%-d %b %Y} – {assessment.visit_to:%-d %b %Y}"
    return [
        (_("Facility"), f"{facility.name}, FEI {facility.fei}"),
        (_("Organisation"), facility.organisation),
        (_("Makes"), facility.get_facility_type_display()),
        (_("Place"), f"{facility.address}, {facility.country}"),
        (_("Contractor"), assessment.contractor),
        (_("Protocol"), round_.protocol),
        (_("Visit"), visit),
    ]


def _waiting_for(page: queries.Detail) -> str:
    """Say whose turn it is when it is not the reader's."""
    state = page.assessment.state
    following = [t for t in ASSESSMENT.transitions if state in t.sources and not t.reasoned]
    if not following:
        return _("Nothing more is to be done here.")
    if not page.team:
        return _("The program office appoints the team.")
    if state == "final":
        return _("The program office proposes the rating, and the board decides.")
    who = " or ".join(sorted(role.title.lower() for role in following[0].roles))
    return _("The %(who)s takes the next step: “%(step)s”.") % {
        "who": who,
        "step": following[0].label,
    }


def _buttons(page: queries.Detail, role: Role) -> list[StepButton]:
    return [
        StepButton(transition, policies.step_refusal(transition.event, page.readiness))
        for transition in ASSESSMENT.open_to(role, page.assessment.state)
        if transition.event != "rate"
    ]


def _form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Answer 400 with everything that was typed when a form could not be used."""
    status = 400 if context["form"].errors else 200
    return render(request, template, context, status=status)
