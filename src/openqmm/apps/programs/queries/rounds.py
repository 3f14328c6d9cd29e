"""Rounds as the office sees them, and what may be chosen for a new one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from openqmm.apps.facilities import queries as facilities
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.programs.queries.configurations import OFFICE, program_of
from openqmm.apps.programs.queries.words import tone, words
from openqmm.apps.protocols import queries as protocols
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor
from openqmm.web import clock


@dataclass(frozen=True, slots=True)
class ApplyChoices:
    """What a quality lead may apply with and to: own facilities, rounds open today."""

    facilities: list[tuple[str, str]]
    rounds: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class RoundRow:
    """A round as the list shows it."""

    round: Round
    program: str
    state: str
    tone: str


def rounds(by: Actor) -> list[Round]:
    """Return every round, latest first; for the office only."""
    if by.role not in OFFICE:
        return []
    return list(Round.objects.select_related("protocol").defer("protocol__source"))


def round_rows(by: Actor) -> list[RoundRow]:
    """Return the rounds as the list shows them; none but for the office."""
    return [
        RoundRow(row, program_of(row).title, words(row.state), tone(row.state))
        for row in rounds(by)
    ]


def round_(by: Actor, round_id: Any) -> Round:
    """Return one round (NotFound for everybody but the office)."""
    found = Round.objects.select_related("protocol").defer("protocol__source")
    row = found.filter(pk=round_id).first() if by.role in OFFICE else None
    if row is None:
        raise NotFound("There is no such round.")
    return row


def rounds_open_today() -> list[Round]:
    """Return the rounds that take applications today."""
    day = clock.today()
    return list(Round.objects.filter(state="open", closes_on__gte=day).order_by("closes_on"))


def apply_choices(by: Actor) -> ApplyChoices:
    """Return what the actor may begin an application with."""
    return ApplyChoices(
        facilities=[(str(f.pk), f"{f.name}, FEI {f.fei}") for f in facilities.facilities(by)],
        rounds=[
            (str(r.pk), f"{r.name}: {program_of(r).title}, until {r.closes_on:%-d %B %Y}")
            for r in rounds_open_today()
        ],
    )


def protocol_choices() -> list[tuple[UUID, str]]:
    """Return the sealed protocol versions."""
    return [
        (version.pk, f"{version.title}, version {version.version} ({version.digest[:8]})")
        for version in protocols.protocol_versions()
    ]


def state_counts(round_id: Any) -> dict[str, int]:
    """Return how many submitted applications of a round are in each state."""
    counts: dict[str, int] = {}
    states = Application.objects.filter(round_id=round_id, submitted_at__isnull=False)
    for state in states.values_list("state", flat=True):
        counts[state] = counts.get(state, 0) + 1
    return counts
