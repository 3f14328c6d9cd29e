"""Making a round and taking it through its stages."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.actions import OpenEvent
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.models import ProgramConfiguration, Round, RoundSeed
from openqmm.apps.protocols import queries as protocols
from openqmm.core.programs import steps
from openqmm.core.programs.drawing import seed_digest
from openqmm.core.records import sha256_hex
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.core.workflow.states import ROUND
from openqmm.web import clock, tenancy


@dataclass(frozen=True, slots=True)
class RoundEntry:
    """A round as the office enters it; `protocol_version_id` names a sealed version."""

    program_id: str
    name: str
    protocol_version_id: Any
    opens_on: date
    closes_on: date


@transaction.atomic
def add_round(*, by: Actor, entry: RoundEntry) -> Round:
    """Make a round of a program, its cap taken from the configuration; event `round.added`.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) for a protocol
    that is not the program's, dates out of order, past or too close together, or a name that
    another round has.
    """
    policies.require_permission(policies.office_refusal(by))
    program = queries.known_program(entry.program_id)
    version = protocols.protocol_version(pk=entry.protocol_version_id)
    policies.require(steps.protocol_refusal(program, version.protocol_id))
    policies.require(steps.dates_refusal(entry.opens_on, entry.closes_on, clock.today()))
    policies.require(steps.window_refusal(program, entry.opens_on, entry.closes_on))
    name = entry.name.strip()
    if Round.objects.filter(name=name).exists():
        policies.require(f"Another round is called {name}.")
    row = Round(
        program_id=program.id,
        name=name,
        protocol=version,
        cap=program.cap,
        opens_on=entry.opens_on,
        closes_on=entry.closes_on,
    )
    with audit.event(
        by=by, what="round.added", on=row, sentence=f"added the round {name}: {program.title}"
    ) as opened:
        return opened.create(row)


@transaction.atomic
def edit_round(
    *, by: Actor, round_id: Any, version: int, name: str, opens_on: date, closes_on: date
) -> Round:
    """Change the name and the dates of a round that nobody outside the office knows of yet; event
    `round.edited`. What stands already, sent again, changes nothing.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) once it is
    announced, for dates out of order, past or too close together and for a name that another round
    has, and (Stale) where somebody else saved meanwhile.
    """
    policies.require_permission(policies.office_refusal(by))
    Round.objects.select_for_update().filter(pk=round_id).first()
    row = queries.round_(by, round_id)
    policies.require(steps.round_edit_refusal(row.state))
    written = {"name": name.strip(), "opens_on": opens_on, "closes_on": closes_on}
    if all(getattr(row, field) == value for field, value in written.items()):
        return row
    audit.require_version(row, version)
    policies.require(steps.dates_refusal(opens_on, closes_on, clock.today()))
    policies.require(steps.window_refusal(queries.program_of(row), opens_on, closes_on))
    if Round.objects.filter(name=written["name"]).exclude(pk=row.pk).exists():
        policies.require(f"Another round is called {written['name']}.")
    with audit.event(
        by=by, what="round.edited", on=row, sentence=f"edited the round {row.name}"
    ) as opened:
        return opened.update(row, **written)


@transaction.atomic
def advance_round(
    *, by: Actor, round_id: Any, event: str, reason: str = "", version: int | None = None
) -> Round:
    """Take a round one step of its table further; event `round.<event>` with the reason, if any.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) out of order, when
    the round opens or closes against the dates announced without a reason, when the selection is
    to be fixed with applications undecided or nobody selected, and when assessments are to begin
    with no place accepted; (Stale) when the round changed since the `version` that was read.
    """
    Round.objects.select_for_update().filter(pk=round_id).first()
    row = queries.round_(by, round_id)
    audit.require_version(row, version)
    target = ROUND.require(row.state, event, by.role)
    counts = queries.application_counts(by, row)
    policies.require(steps.advance_refusal(row, event, counts, reason, clock.today()))
    changes: dict[str, Any] = {"state": target}
    seed = ""
    if event == "announce":
        seed = secrets.token_hex(32)
        changes |= _announced(row, seed)
    if event == "fix_selection":
        changes |= _published(row)
    with audit.event(
        by=by,
        what=f"round.{event}",
        on=row,
        sentence=f"{ROUND.transition(event).done}: {row.name}",
        why=reason.strip(),
    ) as opened:
        if seed:
            with tenancy.scope(SYSTEM):
                opened.create(RoundSeed(round=row, seed=seed))
            _seal(opened, row)
        return opened.update(row, **changes)


def _announced(row: Round, seed: str) -> dict[str, Any]:
    """Return what the announcement fixes: the program as it reads today, and the seed's digest."""
    source = queries.program_source(row)
    return {
        "announced_at": clock.now(),
        "program_source": source,
        "program_digest": sha256_hex(source.encode()),
        "seed_digest": seed_digest(seed),
    }


def _published(row: Round) -> dict[str, Any]:
    """Return what fixing the selection publishes: the seed, so that anybody can draw again."""
    with tenancy.scope(SYSTEM):
        seed = RoundSeed.objects.get(round_id=row.pk).seed
    return {"seed": seed, "published_at": clock.now()}


def _seal(opened: OpenEvent, row: Round) -> None:
    own = ProgramConfiguration.objects.filter(program_id=row.program_id, sealed_at=None).first()
    if own is not None:
        opened.update(own, sealed_at=clock.now())
