"""The pipeline of a round, what is due when, and the office's table of a year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from openqmm.apps.programs.models import Application, Round
from openqmm.apps.programs.queries.applications import SITE, application_counts, applications
from openqmm.apps.programs.queries.configurations import OFFICE, program_of
from openqmm.apps.programs.queries.rounds import round_, rounds
from openqmm.apps.programs.queries.words import tone, words
from openqmm.core.errors import NotFound
from openqmm.core.programs.deadlines import Deadline, application_deadlines, round_deadlines
from openqmm.core.records import line_writer, spreadsheet_safe
from openqmm.core.workflow import Actor
from openqmm.core.workflow.states import APPLICATION
from openqmm.reports.calendar_ics import CalendarDay
from openqmm.web import clock

_COLUMNS = (
    ("To screen", ("submitted", "screening", "needs_information")),
    ("Eligible", ("eligible",)),
    ("Places", ("selected", "accepted")),
    ("Reserve list", ("reserve",)),
    ("Ended", ("ineligible", "not_selected", "declined", "withdrawn")),
)
_COUNTED = (
    ("Submitted", tuple(s for s in APPLICATION.states if s != "draft")),
    ("Ineligible", ("ineligible",)),
    ("Places given", ("selected", "accepted", "declined")),
    ("Accepted", ("accepted",)),
    ("Declined", ("declined",)),
    ("Reserve list", ("reserve",)),
    ("Not selected", ("not_selected",)),
    ("Withdrawn", ("withdrawn",)),
)


@dataclass(frozen=True, slots=True)
class Card:
    """An application on the pipeline with what is due, if anything."""

    id: Any
    facility: str
    organisation: str
    state: str
    tone: str
    since: date | None
    due: Deadline | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A round's applications by where they stand, and its dates."""

    round: Round
    columns: list[tuple[str, list[Card]]]
    late: int
    deadlines: list[Deadline]


@dataclass(frozen=True, slots=True)
class DueLine:
    """Something due, about what, and where it is done."""

    deadline: Deadline
    about: str
    url: str


@dataclass(frozen=True, slots=True)
class AnnualLine:
    """A round in the table of a year: its numbers in the order of the table's head."""

    round: Round
    program: str
    numbers: list[int]


@dataclass(frozen=True, slots=True)
class AnnualReport:
    """What the office did in a year, round by round: those that opened in it."""

    year: int
    years: list[int]
    head: list[str]
    lines: list[AnnualLine]
    totals: list[int]


def pipeline(by: Actor, round_id: Any) -> Pipeline:
    """Return a round's applications by where they stand (NotFound for everybody but the office)."""
    row = round_(by, round_id)
    cards = [(a.state, _card(a)) for a in applications(by, row)]
    columns = [
        (title, [card for state, card in cards if state in states]) for title, states in _COLUMNS
    ]
    late = sum(card.due is not None and card.due.late for _, card in cards)
    return Pipeline(row, columns, late, round_deadlines(row, clock.today()))


def due_lines(by: Actor) -> list[DueLine]:
    """Return everything due in the rounds that are not closed, the earliest first; none but for
    the office."""
    lines = []
    for row in rounds(by):
        if row.state == "closed":
            continue
        where = reverse("programs:round", args=[row.pk])
        lines += [DueLine(d, row.name, where) for d in round_deadlines(row, clock.today())]
        for each in applications(by, row):
            about = f"{each.facility.name}, {row.name}"
            where = reverse("programs:application", args=[each.pk])
            lines += [DueLine(d, about, where) for d in _due(each)]
    return sorted(lines, key=lambda line: line.deadline.on)


def calendar_days(by: Actor) -> list[CalendarDay]:
    """Return the days of the actor's own calendar: for the office those of every round that is not
    closed, for a manufacturer those of its applications; none for anybody else."""
    day = clock.today()
    if by.role in OFFICE:
        return [
            CalendarDay(f"{n}-{line.url}", line.deadline.on, line.deadline.what, line.about)
            for n, line in enumerate(due_lines(by))
        ]
    if by.role not in SITE:
        return []
    return [
        CalendarDay(f"{each.pk}-{n}", deadline.on, deadline.what, each.facility.name)
        for each in applications(by)
        for n, deadline in enumerate([*round_deadlines(each.round, day), *_due(each)])
    ]


def annual_report(by: Actor, year: str = "") -> AnnualReport:
    """Return the table of a year, the latest with a round when none is named (NotFound for
    everybody but the office)."""
    if by.role not in OFFICE:
        raise NotFound("There is no such report.")
    announced = [row for row in rounds(by) if row.announced_at]
    years = sorted({row.opens_on.year for row in announced}, reverse=True) or [clock.today().year]
    chosen = int(year) if year.isdecimal() and int(year) in years else years[0]
    lines = [_annual(by, row) for row in announced if row.opens_on.year == chosen]
    totals = [sum(column) for column in zip(*(line.numbers for line in lines), strict=True)]
    return AnnualReport(chosen, years, [title for title, _ in _COUNTED], lines, totals)


def annual_csv(report: AnnualReport) -> Iterator[str]:
    """Yield the table of a year as CSV."""
    writer = line_writer()
    yield writer.writerow(["Round", "Program", "From", "Until", "Places", *report.head])
    for line in report.lines:
        row = line.round
        cells = [row.name, line.program, str(row.opens_on), str(row.closes_on), str(row.cap)]
        yield writer.writerow([spreadsheet_safe(c) for c in cells] + [str(n) for n in line.numbers])


def _annual(by: Actor, row: Round) -> AnnualLine:
    counts = application_counts(by, row)
    numbers = [sum(counts.get(state, 0) for state in states) for _, states in _COUNTED]
    return AnnualLine(row, program_of(row).title, numbers)


def _card(row: Application) -> Card:
    due = _due(row)
    return Card(
        id=row.pk,
        facility=row.facility.name,
        organisation=row.facility.organisation.name,
        state=words(row.state),
        tone=tone(row.state),
        since=row.submitted_at.date() if row.submitted_at else None,
        due=due[0] if due else None,
    )


def _due(row: Application) -> list[Deadline]:
    return application_deadlines(row.state, row.answer_by_on, clock.today())
