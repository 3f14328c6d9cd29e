"""People and organisations, for the program administrator; its records auditor reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from openqmm.apps.accounts import actions, queries
from openqmm.apps.accounts.forms import (
    IdentityForm,
    InterestForm,
    OrganisationForm,
    PeopleFilter,
    PersonForm,
    RoleForm,
    WhyForm,
)
from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.workflow import OrganisationKind, Role
from openqmm.web import clock
from openqmm.web.access import STAFF, allow

READERS = STAFF | {Role.RECORDS_AUDITOR}
PAGE = 50


@allow(READERS)
def people(request: HttpRequest) -> HttpResponse:
    """List the people, by the words of the address."""
    form = PeopleFilter(request.GET)
    text = form.cleaned_data["text"] if form.is_valid() else ""
    rows = Paginator(queries.people(request.actor, text=text), PAGE)
    context = {
        "form": form,
        "page": rows.get_page(request.GET.get("page")),
        "filtered": bool(text),
        "may_change": _may_change(request),
    }
    return render(request, "accounts/people.html", context)


@allow(STAFF, methods=("GET", "POST"))
def add_person(request: HttpRequest) -> HttpResponse:
    """Add a person with a first role; the link of their invitation is shown this once."""
    form = PersonForm(
        posted(request),
        places=queries.places(request.actor),
        initial={"from_on": clock.today(), "place": request.GET.get("place", "")},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        organisation_id, role = form.organisation_and_role()
        new = actions.NewPerson(
            given["email"],
            given["full_name"],
            organisation_id,
            role,
            given["from_on"],
            given["until_on"],
        )
        try:
            done = actions.invite_person(by=request.actor, new=new, link=_link(request))
        except (TransitionRefused, NotPermitted) as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "accounts/invited.html", {"invited": done})
    return form_page(request, "accounts/add_person.html", {"form": form})


@allow(READERS)
def person(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Show one person's access, and to an administrator what may be done about it."""
    return _person_page(request, person_id)


@allow(STAFF, methods=("GET", "POST"), once=True)
def give_role(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Give a person one more role."""
    known = queries.known_person(request.actor, person_id)
    form = RoleForm(
        posted(request),
        places=queries.places(request.actor),
        initial={"from_on": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        organisation_id, role = form.organisation_and_role()
        try:
            actions.add_membership(
                by=request.actor,
                person=known,
                organisation=queries.known_organisation(request.actor, organisation_id),
                role=role,
                from_on=form.cleaned_data["from_on"],
                until_on=form.cleaned_data["until_on"],
            )
        except (TransitionRefused, NotPermitted) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The role is given."))
            return redirect("accounts:person", person_id)
    return form_page(request, "accounts/give_role.html", {"form": form, "person": known})


@allow(STAFF, methods=("POST",), once=True)
def end_membership(request: HttpRequest, membership_id: UUID) -> HttpResponse:
    """End a role at once."""
    person_id = queries.known_membership(request.actor, membership_id).person_id

    def end(reason: str) -> Any:
        return actions.end_membership(by=request.actor, membership_id=membership_id, reason=reason)

    return _explained(request, person_id, end, _("The role has ended."))


@allow(STAFF, methods=("POST",), once=True)
def deactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Switch a person off."""

    def act(reason: str) -> Any:
        return actions.deactivate_person(by=request.actor, person_id=person_id, reason=reason)

    return _explained(request, person_id, act, _("Switched off; sessions and keys are dead."))


@allow(STAFF, methods=("POST",), once=True)
def reactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Switch a person on again."""

    def act(reason: str) -> Any:
        return actions.reactivate_person(by=request.actor, person_id=person_id, reason=reason)

    return _explained(request, person_id, act, _("Switched on again."))


@allow(STAFF, methods=("POST",), once=True)
def ask_reset(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Ask that a lost second factor be removed."""

    def act(reason: str) -> Any:
        return actions.ask_factor_reset(by=request.actor, person_id=person_id, reason=reason)

    done = _("Asked. Another administrator or board member confirms it.")
    return _explained(request, person_id, act, done)


@allow(STAFF, methods=("POST",))
def invite(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Make a new invitation; its link is shown this once."""
    try:
        done = actions.invite_again(by=request.actor, person_id=person_id, link=_link(request))
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:person", person_id)
    return render(request, "accounts/invited.html", {"invited": done})


@allow(STAFF, methods=("POST",), once=True)
def check_identity(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Record that a person's identity was checked."""
    form = IdentityForm(request.POST)
    if not form.is_valid():
        return _person_page(request, person_id, identity=form, status=400)
    try:
        actions.check_identity(
            by=request.actor, person_id=person_id, check=actions.Check(**form.cleaned_data)
        )
    except (TransitionRefused, NotPermitted) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The check is on record. They accept what signing means next."))
    return redirect("accounts:person", person_id)


@allow(STAFF, methods=("POST",), once=True)
def declare_interest(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Record other work that bars a person."""
    form = _interest_form(request)
    if not form.is_valid():
        return _person_page(request, person_id, interest=form, status=400)
    given = form.cleaned_data
    work = actions.Work(given["organisation"], given["nature"], given["from_on"], given["until_on"])
    try:
        actions.declare_interest(by=request.actor, person_id=person_id, work=work)
    except TransitionRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("On record. They see nothing of it that is not public."))
    return redirect("accounts:person", person_id)


@allow(READERS)
def organisations(request: HttpRequest) -> HttpResponse:
    """List the organisations of the installation."""
    context = {
        "rows": queries.organisation_lines(request.actor),
        "may_change": _may_change(request),
    }
    return render(request, "accounts/organisations.html", context)


@allow(STAFF, methods=("GET", "POST"), once=True)
def add_organisation(request: HttpRequest) -> HttpResponse:
    """Add an organisation."""
    form = OrganisationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = actions.add_organisation(
                by=request.actor,
                name=given["name"],
                kind=OrganisationKind(given["kind"]),
                country=given["country"],
            )
        except TransitionRefused as refusal:
            form.add_error("name", str(refusal))
        else:
            messages.success(request, _("%(name)s is added.") % {"name": row.name})
            return redirect("accounts:organisations")
    return form_page(request, "accounts/add_organisation.html", {"form": form})


def posted(request: HttpRequest) -> Any:
    """Return what was posted, even nothing, so that an empty form is found wanting."""
    return request.POST if request.method == "POST" else None


def form_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Answer 400 with everything that was typed when a form could not be used."""
    return render(request, template, context, status=400 if context["form"].errors else 200)


def _person_page(
    request: HttpRequest, person_id: UUID, *, status: int = 200, **forms: Form
) -> HttpResponse:
    page = queries.person_page(request.actor, person_id)
    may_change = _may_change(request) and person_id != request.actor.person_id
    context: dict[str, Any] = {"page": page, "may_change": may_change}
    if may_change:
        context |= {
            "why": WhyForm(auto_id=False),
            "identity": forms.get("identity") or IdentityForm(),
            "interest": forms.get("interest") or _interest_form(request),
        }
    return render(request, "accounts/person.html", context, status=status)


def _explained(
    request: HttpRequest, person_id: UUID, act: Callable[[str], Any], done: str
) -> HttpResponse:
    """Take a step that needs a reason, and go back to the person's page with what came of it."""
    try:
        act(request.POST.get("reason", ""))
    except (TransitionRefused, NotPermitted) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, done)
    return redirect("accounts:person", person_id)


def _interest_form(request: HttpRequest) -> InterestForm:
    lines = queries.organisation_lines(request.actor)
    makers = [(str(row.id), row.name) for row in lines if row.kind == "Manufacturer"]
    sent = request.POST if request.resolver_match.view_name.endswith("declare_interest") else None
    return InterestForm(sent, organisations=makers, auto_id="interest_%s")


def _may_change(request: HttpRequest) -> bool:
    return request.actor.role is Role.PROGRAM_ADMINISTRATOR


def _link(request: HttpRequest) -> Callable[[str], str]:
    return lambda text: request.build_absolute_uri(reverse("accounts:invitation", args=[text]))
