"""The selection board: the rule, the draw, who holds places, and how the cohort compares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from openqmm.apps.programs.models import Application, Round
from openqmm.apps.programs.queries.applications import (
    ApplicationRow,
    application_counts,
    applications,
    rows_of,
)
from openqmm.apps.programs.queries.configurations import program_of, rule_of
from openqmm.apps.programs.queries.rounds import round_
from openqmm.apps.programs.queries.screening import facts_of
from openqmm.apps.programs.queries.words import RuleWords, rule_words
from openqmm.core.programs import steps as rules
from openqmm.core.programs.candidates import candidate
from openqmm.core.programs.drawing import Candidate, StratumResult, diversity
from openqmm.core.programs.selection import place_refusal, places_left
from openqmm.core.programs.vocabulary import ATTRIBUTE_WORDS, Attribute, category_words
from openqmm.core.workflow import Actor, Transition
from openqmm.core.workflow.states import APPLICATION

_ON_THE_BOARD = ("selected", "accepted", "reserve", "eligible", "declined", "not_selected")


@dataclass(frozen=True, slots=True)
class CategoryLine:
    """One category of a stratum: applicants, the places aimed at, and the places held."""

    name: str
    applicants: int
    applicants_share: float
    target: int
    holding: int
    holding_share: float


@dataclass(frozen=True, slots=True)
class StratumTable:
    """One stratum as a table: the cohort beside those who applied."""

    title: str
    lines: list[CategoryLine]


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One application on the board; `chance` is its probability of selection, once drawn."""

    row: ApplicationRow
    reason: str
    categories: list[tuple[str, str]]
    outcome: str
    rank: int | None
    chance: float | None
    chance_error: float | None
    version: int
    decisions: list[Transition]


@dataclass(frozen=True, slots=True)
class SelectionBoard:
    """The places of a round, its draw, and who stands for them."""

    round: Round
    cap: int
    taken: int
    left: int
    full: str | None
    draw_refusal: str | None
    method: str
    largest_error: float
    strata: list[StratumTable]
    rule: RuleWords
    lines: list[BoardLine]


def selection_board(by: Actor, round_id: Any) -> SelectionBoard:
    """Return who stands for the places of a round, drawn or not, and how the cohort compares with
    those who applied (NotFound for everybody but the office)."""
    row = round_(by, round_id)
    found = applications(by, row)
    rule = rule_of(row)
    on_board = sorted((a for a in found if a.state in _ON_THE_BOARD or a.draw_outcome), key=_order)
    stood = {a.pk: candidate_of(a) for a in on_board}
    holding = [stood[a.pk] for a in on_board if a.state in rules.HOLDING_A_PLACE]
    taken = len(holding)
    lines = zip(on_board, rows_of(on_board, screened=True), strict=True)
    return SelectionBoard(
        round=row,
        cap=row.cap,
        taken=taken,
        left=places_left(taken, row.cap),
        full=place_refusal(taken, row.cap),
        draw_refusal=rules.draw_refusal(row, application_counts(by, row)),
        method=row.draw.get("method", ""),
        largest_error=row.draw.get("largest_error", 0.0),
        strata=[_table(s) for s in diversity(rule, list(stood.values()), holding)],
        rule=rule_words(rule),
        lines=[_line(by, a, line, stood[a.pk], rule.attributes) for a, line in lines],
    )


def candidate_of(application: Application) -> Candidate:
    """Return an application as the draw sees it; once drawn, as it stood in the draw."""
    if application.draw_line:
        attributes: Mapping[Any, str] = application.draw_line["attributes"]
        return Candidate(str(application.pk), attributes)
    return candidate(program_of(application.round), facts_of(application))


def _order(application: Application) -> tuple[int, int, Any]:
    place = (*_ON_THE_BOARD, "withdrawn").index(application.state)
    return place, application.draw_rank or 0, application.submitted_at


def _line(
    by: Actor,
    application: Application,
    row: ApplicationRow,
    stood: Candidate,
    attributes: Sequence[Attribute],
) -> BoardLine:
    return BoardLine(
        row=row,
        reason=application.reason,
        categories=[
            (ATTRIBUTE_WORDS[name], category_words(name, stood.category(name)))
            for name in attributes
            if name != "organisation"
        ],
        outcome=application.draw_outcome,
        rank=application.draw_rank,
        chance=application.draw_line.get("chance"),
        chance_error=application.draw_line.get("chance_error"),
        version=application.version,
        decisions=[
            step
            for step in APPLICATION.open_to(by.role, application.state)
            if step.event == "not_select" and rules.release_refusal(application.round) is None
        ],
    )


def _table(stratum: StratumResult) -> StratumTable:
    names = dict.fromkeys([*stratum.target, *stratum.applicants])
    applied, held = sum(stratum.applicants.values()), sum(stratum.selected.values())
    return StratumTable(
        title=ATTRIBUTE_WORDS[stratum.attribute],
        lines=[
            CategoryLine(
                name=category_words(stratum.attribute, name),
                applicants=stratum.applicants.get(name, 0),
                applicants_share=stratum.applicants.get(name, 0) / applied if applied else 0.0,
                target=stratum.target.get(name, 0),
                holding=stratum.selected.get(name, 0),
                holding_share=stratum.selected.get(name, 0) / held if held else 0.0,
            )
            for name in names
        ],
    )
