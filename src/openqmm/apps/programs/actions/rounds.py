"""Making a round and taking it through its stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.models import Round
from openqmm.apps.protocols import queries as protocols
from openqmm.core.programs import shipped_program, steps
from openqmm.core.workflow import Actor
from openqmm.core.workflow.states import ROUND
from openqmm.web import clock


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
    that is not the program's, dates out of order or past, or a name that another round has.
    """
    policies.require_permission(policies.office_refusal(by))
    program = shipped_program(entry.program_id)
    version = protocols.protocol_version(pk=entry.protocol_version_id)
    policies.require(steps.protocol_refusal(program, version.protocol_id))
    policies.require(steps.dates_refusal(entry.opens_on, entry.closes_on, clock.today()))
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
    announced, for dates out of order or past and for a name that another round has, and (Stale)
    where somebody else saved meanwhile.
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
    if event == "announce":
        changes["announced_at"] = clock.now()
    with audit.event(
        by=by,
        what=f"round.{event}",
        on=row,
        sentence=f"{ROUND.transition(event).done}: {row.name}",
        why=reason.strip(),
    ) as opened:
        return opened.update(row, **changes)
