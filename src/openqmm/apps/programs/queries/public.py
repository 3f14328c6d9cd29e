"""What everybody may read: rounds announced or open, and a check that keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openqmm.apps.facilities import queries as facilities
from openqmm.apps.programs.models import Round
from openqmm.apps.programs.queries.configurations import program_of, rule_of
from openqmm.apps.programs.queries.rounds import rounds_open_today
from openqmm.apps.programs.queries.screening import CriterionLine, criterion_lines
from openqmm.apps.programs.queries.words import RuleWords, rule_words
from openqmm.core.errors import NotFound
from openqmm.core.programs import (
    ApplicationFacts,
    Program,
    PublicRecord,
    screen,
    shipped_program,
    shipped_program_ids,
    verdict,
)
from openqmm.core.programs import steps as rules
from openqmm.core.programs.answers import Answers, judge_answers
from openqmm.core.registry.identity import normalise_fei
from openqmm.web import clock

PUBLIC_STATES = ("announced", "open")
_CHECK_OUTCOMES = {
    "eligible": ("Nothing in the public records speaks against applying", "done"),
    "ineligible": ("A criterion is not met", "stop"),
    "needs_review": ("The public records do not decide every criterion", "warn"),
}

_ANSWER_OUTCOMES = {
    "eligible": ("By your answers nothing speaks against applying", "done"),
    "ineligible": ("By your answers a criterion is not met", "stop"),
    "needs_review": ("Your answers leave criteria open", "warn"),
}


@dataclass(frozen=True, slots=True)
class Announcement:
    """A round as everybody may read of it; nothing about who applied, nor how many."""

    round: Round
    program: Program
    closed: str | None

    @property
    def rule(self) -> RuleWords:
        """How its places are given, in words."""
        return rule_words(rule_of(self.round))


@dataclass(frozen=True, slots=True)
class CheckedProgram:
    """One program's criteria as the public records answer them for an FEI."""

    program: Program
    outcome: str
    tone: str
    criteria: list[CriterionLine]
    to_state: list[str]


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The answer to a self-check; without an FEI that can be read there is only the fault."""

    fei: str
    fault: bool
    record: PublicRecord | None
    programs: list[CheckedProgram]


def open_rounds() -> list[Round]:
    """Return the rounds that take applications today, the first to close first."""
    return rounds_open_today()


def announcement(round_id: Any) -> Announcement:
    """Return an announced or open round (NotFound)."""
    found = Round.objects.select_related("protocol").defer("protocol__source")
    row = found.filter(pk=round_id, state__in=PUBLIC_STATES).first()
    if row is None:
        raise NotFound("There is no such round.")
    return Announcement(row, program_of(row), rules.applying_refusal(row, clock.today()))


def self_check(fei: str, program_id: str, answers: Answers | None = None) -> SelfCheck:
    """Return how the public records answer the criteria for an FEI, or, without an FEI, how
    somebody's own answers do; in one program or in all.

    Whether anybody applied is not part of it, and nothing asked is kept.
    """
    asked = fei.strip()
    key = normalise_fei(asked)
    known = public_programs()
    chosen = [p for p in known if p.id == program_id] or known
    if key is None:
        by_answers = answers is not None and answers.given and not asked
        checked = [_answered(p, answers) for p in chosen] if by_answers and answers else []
        return SelfCheck(asked, bool(asked), None, checked)
    record = facilities.public_record(key)
    return SelfCheck(key, False, record, [_checked(p, key, record) for p in chosen])


def _answered(program: Program, answers: Answers) -> CheckedProgram:
    judged = judge_answers(program, answers)
    outcome, tone = _ANSWER_OUTCOMES[verdict(judged)]
    return CheckedProgram(program, outcome, tone, criterion_lines(judged), [])


def public_programs() -> list[Program]:
    """Return the programs everybody may read of: those shipped and those of announced rounds."""
    announced = Round.objects.filter(announced_at__isnull=False).order_by("opens_on")
    found = {pid: shipped_program(pid) for pid in shipped_program_ids()}
    found |= {row.program_id: program_of(row) for row in announced}
    return list(found.values())


def public_program_choices() -> list[tuple[str, str]]:
    """Return the programs everybody may read of, by id and title."""
    return [(program.id, program.title) for program in public_programs()]


def _checked(program: Program, fei: str, record: PublicRecord) -> CheckedProgram:
    # As if all were stated: what a statement would carry is listed as still to be stated.
    stated = {c.attestation: True for c in program.attestations if c.attestation}
    facts = ApplicationFacts("", "", fei, attestations=stated)
    found = screen(program, facts, record, clock.today())
    judged = tuple(c for c in found if c.id != "not_in_round" and not c.attested)
    outcome, tone = _CHECK_OUTCOMES[verdict(judged)]
    attested = {c.id for c in found if c.attested}
    to_state = [c.statement for c in program.attestations if c.id in attested]
    return CheckedProgram(program, outcome, tone, criterion_lines(judged), to_state)
