"""What each role must do next about rounds and applications."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from openqmm.apps.programs.models import Application, Round
from openqmm.apps.programs.queries.applications import applications
from openqmm.apps.programs.queries.rounds import rounds
from openqmm.core.programs import steps as rules
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock
from openqmm.web.next_steps import NextStep

_TO_SCREEN = ("submitted", "screening")


def next_steps(by: Actor) -> list[NextStep]:
    """Return what the actor must do next here: the office with its rounds, a manufacturer with its
    applications, nobody else."""
    match by.role:
        case Role.PROGRAM_ADMINISTRATOR:
            return _office_steps(by)
        case Role.FACILITY_QUALITY_LEAD:
            return [s for a in applications(by) for s in _quality_lead_step(a)]
        case Role.AUTHORISED_SIGNATORY:
            return [s for a in applications(by) for s in _signatory_step(a)]
        case _:
            return []


def _office_steps(by: Actor) -> list[NextStep]:
    live = [row for row in rounds(by) if row.state != "closed"]
    counts: dict[object, dict[str, int]] = {row.pk: {} for row in live}
    for application in applications(by):
        states = counts.get(application.round_id)
        if states is not None:
            states[application.state] = states.get(application.state, 0) + 1
    return [step for row in live for step in _round_step(row, counts[row.pk])]


def _round_step(row: Round, counts: dict[str, int]) -> list[NextStep]:
    match row.state:
        case "draft":
            return [_about(row, "Announce the round", "programs:round", row.opens_on)]
        case "announced":
            return [_about(row, "Open the round", "programs:round", row.opens_on)]
        case "open" if clock.today() > row.closes_on:
            label = "Close the round to applications"
            return [_about(row, label, "programs:round", row.closes_on)]
        case "screening":
            return _screening_steps(row, counts)
        case "selected" | "assessing":
            return _filling_steps(row, counts)
    return []


def _screening_steps(row: Round, counts: dict[str, int]) -> list[NextStep]:
    to_screen = sum(counts.get(state, 0) for state in _TO_SCREEN)
    if to_screen:
        plural = "" if to_screen == 1 else "s"
        return [_about(row, f"Screen {to_screen} application{plural}", "programs:screening")]
    if counts.get("eligible"):
        n = counts["eligible"]
        plural = "" if n == 1 else "s"
        label = f"Draw the places among {n} application{plural}"
        return [_about(row, label, "programs:selection")]
    if rules.advance_refusal(row, "fix_selection", counts, "", clock.today()) is None:
        return [_about(row, f"Fix the selection of {row.name}", "programs:round")]
    return []


def _filling_steps(row: Round, counts: dict[str, int]) -> list[NextStep]:
    steps = []
    if row.state == "selected" and counts.get("accepted") and not counts.get("selected"):
        steps.append(_about(row, "Begin the assessments", "programs:round"))
    return steps


def _about(row: Round, label: str, route: str, due: date | None = None) -> NextStep:
    late = due is not None and due < clock.today()
    return NextStep(label, reverse(route, args=[row.pk]), row.name, due, late)


def _quality_lead_step(row: Application) -> list[NextStep]:
    if row.state == "draft" and rules.applying_refusal(row.round, clock.today()) is None:
        if rules.missing(row):
            return [_own(row, "Finish the application", "programs:edit", row.round.closes_on)]
        return []
    if row.state == "needs_information":
        label = "Answer the request for information"
        return [_own(row, label, "programs:application", row.answer_by_on)]
    return []


def _signatory_step(row: Application) -> list[NextStep]:
    day = clock.today()
    if row.state == "draft" and rules.submitting_refusal(row, row.round, day) is None:
        return [_own(row, "Sign the application", "programs:review", row.round.closes_on)]
    if row.state == "selected":
        label = "Accept or decline the place"
        return [_own(row, label, "programs:application", row.answer_by_on)]
    return []


def _own(row: Application, label: str, route: str, due: date | None) -> NextStep:
    late = due is not None and due < clock.today()
    about = f"{row.facility.name}, {row.round.name}"
    return NextStep(label, reverse(route, args=[row.pk]), about, due, late)
