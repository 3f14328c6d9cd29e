"""Programs: those shipped, and the office's own copies."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from openqmm.apps.programs import actions, queries
from openqmm.apps.programs.forms import CLOCK_LABELS, ProgramCopyForm, ProgramEditForm
from openqmm.core.errors import InvalidProgram, NotFound, TransitionRefused
from openqmm.core.programs.editing import facts_of
from openqmm.web.access import STAFF, allow


@allow(STAFF)
def programs(request: HttpRequest) -> HttpResponse:
    """List every program."""
    context = {"programs": queries.program_rows(request.actor)}
    return render(request, "programs/programs.html", context)


@allow(STAFF)
def program(request: HttpRequest, program_id: str) -> HttpResponse:
    """Show what a program says, each fact with its source."""
    page = queries.program_page(request.actor, program_id)
    context = {"page": page, "program": page.program, "clocks": _clocks(page)}
    return render(request, "programs/program.html", context)


@allow(STAFF, methods=("GET", "POST"), once=True)
def copy_program(request: HttpRequest, program_id: str) -> HttpResponse:
    """Copy a program under another id."""
    page = queries.program_page(request.actor, program_id)
    form = ProgramCopyForm(request.POST or None, initial={"title": page.program.title})
    if request.method == "POST" and form.is_valid():
        try:
            row = actions.copy_program(
                by=request.actor, copied_from=program_id, **form.cleaned_data
            )
        except (TransitionRefused, InvalidProgram) as refusal:
            form.add_error("program_id", str(refusal))
        else:
            messages.success(request, _("The copy is a draft until a round of it is announced."))
            return redirect("programs:edit_program", row.program_id)
    context = {"form": form, "program": page.program}
    return render(
        request, "programs/copy_program.html", context, status=400 if form.errors else 200
    )


@allow(STAFF, methods=("GET", "POST"))
def edit_program(request: HttpRequest, program_id: str) -> HttpResponse:
    """Change what a copied program says, until an announcement seals it."""
    page = queries.program_page(request.actor, program_id)
    if not page.may_edit or page.configuration is None:
        raise NotFound("There is no such program to change.")
    initial = facts_of(page.source) | {"version": page.configuration.version}
    form = ProgramEditForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit_program(
                by=request.actor,
                program_id=program_id,
                version=form.cleaned_data["version"],
                changes=form.changes,
                reason=form.cleaned_data["reason"],
            )
        except InvalidProgram as invalid:
            for problem in invalid.problems:
                form.add_error(None, problem.message)
        except TransitionRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The program is changed."))
            return redirect("programs:program", program_id)
    context = {"form": form, "program": page.program}
    return render(
        request, "programs/edit_program.html", context, status=400 if form.errors else 200
    )


def _clocks(page: queries.ProgramPage) -> list[tuple[str, int, str]]:
    program = page.program
    return [
        (label, getattr(program.clocks, name), program.sources[name])
        for name, label in CLOCK_LABELS.items()
    ]
