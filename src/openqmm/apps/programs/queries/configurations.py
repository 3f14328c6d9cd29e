"""Programs as this installation knows them: those shipped, and the office's own copies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from openqmm.apps.programs.models import ProgramConfiguration, Round
from openqmm.apps.programs.queries.words import RuleWords, rule_words
from openqmm.core.errors import NotFound
from openqmm.core.programs import (
    Program,
    SelectionRule,
    read_program,
    shipped_program,
    shipped_program_ids,
    shipped_source,
)
from openqmm.core.workflow import Actor, Role

OFFICE = {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}


@dataclass(frozen=True, slots=True)
class ProgramRow:
    """A program as the list shows it; `copied_from` is empty for one that is shipped."""

    program: Program
    copied_from: str
    sealed: bool
    rounds: int


@dataclass(frozen=True, slots=True)
class ProgramPage:
    """A program as the office reads it, with its file; a draft may still be changed."""

    program: Program
    source: str
    configuration: ProgramConfiguration | None
    rounds: list[Round]

    @property
    def rule(self) -> RuleWords:
        """How its places are given, in words."""
        return rule_words(self.program.selection_rule)

    @property
    def may_edit(self) -> bool:
        """Whether it is a copy that no announcement has sealed yet."""
        return self.configuration is not None and self.configuration.sealed_at is None


def program_rows(by: Actor) -> list[ProgramRow]:
    """Return every program, the shipped ones first; none but for the office."""
    if by.role not in OFFICE:
        return []
    used = list(Round.objects.values_list("program_id", flat=True))
    rows = [
        ProgramRow(shipped_program(pid), "", True, used.count(pid)) for pid in shipped_program_ids()
    ]
    return rows + [
        ProgramRow(
            parsed(own.source, own.program_id),
            own.copied_from,
            own.sealed_at is not None,
            used.count(own.program_id),
        )
        for own in ProgramConfiguration.objects.all()
    ]


def program_page(by: Actor, program_id: str) -> ProgramPage:
    """Return one program with its file and its rounds (NotFound for everybody but the office)."""
    if by.role not in OFFICE:
        raise NotFound("There is no such program.")
    rounds = list(Round.objects.filter(program_id=program_id).defer("program_source"))
    own = ProgramConfiguration.objects.filter(program_id=program_id).first()
    source = own.source if own else shipped_source(program_id)
    return ProgramPage(parsed(source, program_id), source, own, rounds)


def known_program(program_id: str) -> Program:
    """Return the program of this id, the office's own or shipped, as it reads today (NotFound)."""
    return parsed(known_source(program_id), program_id)


def known_source(program_id: str) -> str:
    """Return the file of the program of this id as it reads today (NotFound)."""
    own = ProgramConfiguration.objects.filter(program_id=program_id).first()
    return own.source if own else shipped_source(program_id)


def program_choices(by: Actor) -> list[tuple[str, str]]:
    """Return the programs a round can be made of, by id and title."""
    return [(row.program.id, row.program.title) for row in program_rows(by)]


def program_source(round_: Round) -> str:
    """Return the file a round follows: as it was announced, before that as it reads today."""
    return round_.program_source or known_source(round_.program_id)


def program_of(round_: Round) -> Program:
    """Return the configuration a round follows."""
    return parsed(program_source(round_), round_.program_id)


def rule_of(round_: Round) -> SelectionRule:
    """Return how the places of a round are given; their number is the round's own."""
    rule = program_of(round_).selection_rule
    return SelectionRule(round_.cap, rule.reserve, rule.strata, rule.limits)


@lru_cache(maxsize=64)
def parsed(source: str, program_id: str) -> Program:
    """Return the program of a file that was checked when it was stored."""
    return read_program(source.encode(), f"{program_id}.yaml")
