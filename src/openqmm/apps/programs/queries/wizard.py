"""The steps in which an application is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openqmm.apps.programs.models import Application
from openqmm.apps.programs.queries.applications import application
from openqmm.apps.programs.queries.configurations import program_of
from openqmm.apps.programs.queries.document import Fact, facts
from openqmm.apps.programs.queries.words import Stage
from openqmm.core.errors import NotFound
from openqmm.core.programs import Program
from openqmm.core.programs.parts import FIELDS, STEPS, Step, first_open_step, lacking
from openqmm.core.workflow import Actor

_SHOWN: dict[Step, tuple[str, ...]] = {
    "facility": ("name", "address", "duns", "country", "activities"),
    "inspections": ("last_inspection",),
}


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step of an application that is being written; `before` is empty for the first,
    `first_stated` names the field where the program's attestations begin."""

    application: Application
    program: Program
    step: Step
    title: str
    stages: list[Stage]
    before: Step | None
    after: Step
    initial: dict[str, Any]
    facts: list[Fact]
    lacks: list[str]
    first_stated: str


def draft(by: Actor, application_id: Any) -> Application:
    """Return a draft the actor may know of (NotFound for an application that is no draft)."""
    row = application(by, application_id)
    if row.state != "draft":
        raise NotFound("There is no such draft.")
    return row


def open_step(by: Actor, application_id: Any) -> Step:
    """Return the first step at which a draft lacks something, the review if none (NotFound)."""
    return first_open_step(draft(by, application_id))


def step_page(by: Actor, application_id: Any, step: str) -> StepPage:
    """Return a step of a draft as it is written, with what public files say of the same (NotFound
    for an application that is no draft, and for a step there is none of)."""
    row = draft(by, application_id)
    order = list(STEPS)
    if step not in order[:-1]:
        raise NotFound("There is no such step.")
    place = order.index(step)
    here = order[place]
    program = program_of(row.round)
    stated = [c.attestation or "" for c in program.attestations] if step == "statements" else []
    names = (*FIELDS[here], *stated, "version")
    shown = _SHOWN.get(here, ())
    return StepPage(
        application=row,
        program=program,
        step=here,
        title=STEPS[here],
        stages=step_stages(row, here),
        before=order[place - 1] if place else None,
        after=order[place + 1],
        initial={name: getattr(row, name) for name in names},
        facts=[fact for fact in facts(row) if fact.id in shown] if shown else [],
        lacks=step_lacks(row, here),
        first_stated=stated[0] if stated else "",
    )


def step_stages(row: Application, here: Step) -> list[Stage]:
    """Return the steps of a draft the caller may already see: done where nothing is missing in
    those before this one."""
    order = list(STEPS)
    open_ = {lack.step for lack in lacking(row)}
    states = [
        "current"
        if step == here
        else "done"
        if n < order.index(here) and step not in open_
        else "todo"
        for n, step in enumerate(order)
    ]
    return [Stage(STEPS[step], state) for step, state in zip(order, states, strict=True)]


def step_lacks(row: Application, step: str) -> list[str]:
    """Return what a draft the caller may already see lacks at one step."""
    return [lack.words for lack in lacking(row) if lack.step == step]
