"""The office's screening desk: one application at a time, beside what it is judged by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openqmm.apps.facilities import queries as facilities
from openqmm.apps.facilities.queries import Timeline
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.programs.queries.applications import (
    ApplicationRow,
    application,
    applications,
    rows_of,
)
from openqmm.apps.programs.queries.document import Section, document
from openqmm.apps.programs.queries.rounds import round_
from openqmm.apps.programs.queries.screening import (
    CriterionLine,
    outcome_words,
    stored_criteria,
    stored_lines,
)
from openqmm.apps.programs.queries.signing import signatures_of
from openqmm.apps.programs.queries.words import tone, words
from openqmm.apps.signatures.queries import SignatureView
from openqmm.core.errors import NotFound
from openqmm.core.programs import PublicRecord
from openqmm.core.programs import steps as rules
from openqmm.core.workflow import Actor, Transition
from openqmm.core.workflow.states import APPLICATION

_DECIDED_HERE = {"ask_information", "find_eligible", "find_ineligible"}
_ORDER = {state: n for n, state in enumerate(APPLICATION.states)}


@dataclass(frozen=True, slots=True)
class ScreenedApplication:
    """One application on the screening desk, with what it is judged by."""

    application: Application
    state: str
    tone: str
    outcome: str
    outcome_tone: str
    as_of: str
    criteria: list[CriterionLine]
    document: list[Section]
    may_screen: bool
    may_decide: bool
    decisions: list[tuple[Transition, str | None]]
    signatures: list[SignatureView]
    record: PublicRecord
    timeline: Timeline


@dataclass(frozen=True, slots=True)
class ScreeningDesk:
    """The queue of a round and the application chosen from it."""

    round: Round
    queue: list[ApplicationRow]
    waiting: int
    chosen: ScreenedApplication | None


def screening_desk(
    by: Actor, round_id: Any, application_id: Any = None, *, kind: str = "", page: Any = 1
) -> ScreeningDesk:
    """Return the round's queue, those that wait first, and the application chosen from it: the
    first that waits when none is named (NotFound for one of another round). Of its facility's
    public records, those of a `kind` or all, a `page` of them."""
    row = round_(by, round_id)
    found = sorted(applications(by, row), key=lambda a: (_ORDER[a.state], a.submitted_at))
    if application_id is None:
        chosen = found[0] if found else None
    else:
        chosen = next((a for a in found if a.pk == application_id), None)
        if chosen is None:
            raise NotFound("There is no such application.")
    waiting = sum(a.state in {"submitted", "screening", "needs_information"} for a in found)
    return ScreeningDesk(
        round=row,
        queue=rows_of(found, screened=True),
        waiting=waiting,
        chosen=_screened(by, application(by, chosen.pk), kind, page) if chosen else None,
    )


def _screened(by: Actor, row: Application, kind: str, page: Any) -> ScreenedApplication:
    record = facilities.public_record(row.facility.fei)
    criteria = stored_criteria(row)
    outcome, outcome_tone = outcome_words(criteria)
    return ScreenedApplication(
        application=row,
        state=words(row.state),
        tone=tone(row.state),
        outcome=outcome,
        outcome_tone=outcome_tone,
        as_of=(row.screening or {}).get("as_of", ""),
        criteria=stored_lines(row),
        document=document(row, record),
        may_decide=row.state == "screening" and rules.screening_refusal(row.round) is None,
        may_screen=row.state in {"submitted", "screening"}
        and rules.screening_refusal(row.round) is None,
        decisions=[
            (step, rules.decision_refusal(step.event, criteria))
            for step in APPLICATION.open_to(by.role, row.state)
            if step.event in _DECIDED_HERE
        ],
        signatures=signatures_of(row),
        record=record,
        timeline=facilities.timeline(row.facility.fei, kind=kind, page=page),
    )
