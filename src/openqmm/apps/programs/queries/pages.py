"""A round's page and an application's page: the record with its stages, steps and history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from openqmm.apps.audit import queries as audit
from openqmm.apps.programs.models import Application, Letter, Round
from openqmm.apps.programs.queries.applications import SITE, application, application_counts
from openqmm.apps.programs.queries.configurations import program_of
from openqmm.apps.programs.queries.document import Section, document
from openqmm.apps.programs.queries.letters import letters_of
from openqmm.apps.programs.queries.rounds import round_
from openqmm.apps.programs.queries.signing import signatures_of
from openqmm.apps.programs.queries.words import Stage, application_stages, round_stages, tone, words
from openqmm.apps.signatures.queries import SignatureView
from openqmm.core.errors import NotFound
from openqmm.core.programs import Program
from openqmm.core.programs import steps as rules
from openqmm.core.programs.letters import letter_kind
from openqmm.core.workflow import Actor, Transition
from openqmm.core.workflow.states import APPLICATION, ROUND
from openqmm.web import clock

SIGNED = {"submit", "accept"}


@dataclass(frozen=True, slots=True)
class RoundStep:
    """A step of a round open to the actor, with what stands against it now, if anything."""

    event: str
    label: str
    refusal: str | None
    wants_reason: bool


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A round as the office sees it."""

    round: Round
    program: Program
    state: str
    tone: str
    stages: list[Stage]
    steps: list[RoundStep]
    counts: list[tuple[str, str, int]]
    total: int
    timeline: list[audit.Entry]


@dataclass(frozen=True, slots=True)
class RoundEditPage:
    """A round nobody outside the office knows of yet, as its form begins."""

    round: Round
    initial: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ApplicationPage:
    """An application as its applicant, or the office, sees it.

    `signed_steps` ask for a password, `worded_steps` for a reason; `closed` says why a step that
    the role has is not open now.
    """

    application: Application
    program: Program
    state: str
    tone: str
    stages: list[Stage]
    signed_steps: list[Transition]
    worded_steps: list[Transition]
    closed: dict[str, str]
    missing: list[str]
    document: list[Section]
    signatures: list[SignatureView]
    timeline: list[audit.Entry]
    late: bool
    letters: list[Letter]
    may_write: bool
    drawn: bool

    @property
    def may_edit(self) -> bool:
        """Whether the application is still a draft."""
        return self.application.state == "draft"


def round_page(by: Actor, round_id: Any) -> RoundPage:
    """Return a round with its stages, the steps open to the actor and its applications by state."""
    row = round_(by, round_id)
    counts = application_counts(by, row)
    day = clock.today()
    return RoundPage(
        round=row,
        program=program_of(row),
        state=words(row.state),
        tone=tone(row.state),
        stages=round_stages(row.state),
        steps=[_round_step(row, step, counts, day) for step in ROUND.open_to(by.role, row.state)],
        counts=[(words(s), tone(s), counts[s]) for s in APPLICATION.states if s in counts],
        total=sum(counts.values()),
        timeline=audit.timeline(row, by),
    )


def application_page(by: Actor, application_id: Any) -> ApplicationPage:
    """Return an application with everything the actor may see of it and do with it."""
    row = application(by, application_id)
    # The office takes its steps at its desks, with the criteria or the places before it.
    steps = APPLICATION.open_to(by.role, row.state) if by.role in SITE else ()
    day = clock.today()
    program = program_of(row.round)
    return ApplicationPage(
        application=row,
        program=program,
        state=words(row.state),
        tone=tone(row.state),
        stages=application_stages(row.state),
        signed_steps=[s for s in steps if s.event in SIGNED],
        worded_steps=[s for s in steps if s.event not in SIGNED],
        closed=_closed(row, steps, day),
        missing=rules.missing(row),
        document=document(row),
        signatures=signatures_of(row),
        timeline=audit.timeline(row, by),
        late=bool(row.answer_by_on and row.answer_by_on < day),
        letters=letters_of(row),
        may_write=by.role not in SITE and letter_kind(row.state) is not None,
        drawn=by.role in SITE and bool(row.draw_outcome) and row.round.published_at is not None,
    )


def round_edit_page(by: Actor, round_id: Any) -> RoundEditPage:
    """Return a round that may still be changed (NotFound for everybody but the office, and once it
    is announced)."""
    row = round_(by, round_id)
    if rules.round_edit_refusal(row.state):
        raise NotFound("There is no such page.")
    names = ("name", "opens_on", "closes_on", "version")
    return RoundEditPage(row, {name: getattr(row, name) for name in names})


def _round_step(row: Round, step: Transition, counts: dict[str, int], day: date) -> RoundStep:
    refusal = rules.advance_refusal(row, step.event, counts, "", day)
    with_words = rules.advance_refusal(row, step.event, counts, "some reason in words", day)
    return RoundStep(step.event, step.label, refusal, bool(refusal) and with_words is None)


def _closed(row: Application, steps: tuple[Transition, ...], day: date) -> dict[str, str]:
    refusal = rules.submitting_refusal(row, row.round, day)
    return {step.event: refusal for step in steps if step.event == "submit" and refusal}
