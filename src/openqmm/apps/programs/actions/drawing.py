"""Drawing the places of a round, and moving its reserve list up."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from django.db import transaction

from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import policies, queries
from openqmm.apps.programs.actions.stepping import locked, next_state, step_event
from openqmm.apps.programs.models import Application, Round, RoundSeed
from openqmm.core.errors import TransitionRefused
from openqmm.core.programs import steps
from openqmm.core.programs.commitments import SALT_BYTES, Line, lines
from openqmm.core.programs.drawing import Candidate, Draw, draw, next_reserve, seed_digest
from openqmm.core.programs.inclusion import Inclusion, inclusion
from openqmm.core.programs.model import SelectionRule
from openqmm.core.workflow import SYSTEM, Actor
from openqmm.web import clock, tenancy

_EVENTS = {"selected": "select", "reserve": "reserve", "not_selected": "not_select"}
_REASONS = {
    "selected": "Drawn by the rule that was announced, with the seed whose digest was announced.",
    "reserve": "Drawn onto the reserve list, at place {rank}.",
    "not_selected": "Not drawn: the places and the reserve list went to others.",
}

MOVED_UP = "A place became free, and this is the first of the reserve list who fits."


@transaction.atomic
def draw_places(*, by: Actor, round_id: Any, version: int | None = None) -> Round:
    """Draw the places of a round among its eligible applications by the announced rule and seed;
    event `round.draw`, and `application.select`, `.reserve` or `.not_select` on each applicant's
    trail. Offers stand for the days the program allows.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) before every
    application is screened to an end, for a second time, and when the seed kept is not the one
    announced; (Stale) when the round changed since `version`.
    """
    policies.require_permission(policies.office_refusal(by))
    Round.objects.select_for_update().filter(pk=round_id).first()
    row = queries.round_(by, round_id)
    audit.require_version(row, version)
    with tenancy.scope(SYSTEM):
        # Everybody's applications, also of a manufacturer that other work bars this person from.
        policies.require(steps.draw_refusal(row, queries.application_counts(SYSTEM, row)))
        eligible = [a for a in queries.applications(SYSTEM, row) if a.state == "eligible"]
        candidates = [queries.candidate_of(application) for application in eligible]
        rule, seed = queries.rule_of(row), _announced_seed(row)
        drawn, chances = draw(rule, candidates, seed), inclusion(rule, candidates)
        told = lines(rule, candidates, drawn, seed)
        with audit.event(
            by=by,
            what="round.draw",
            on=row,
            sentence=f"drew the places of {row.name} among {len(eligible)} applications",
        ) as opened:
            opened.update(row, drawn_at=clock.now(), draw=_kept(rule, drawn, chances))
        by_id = {str(application.pk): application for application in eligible}
        for line in told:
            _place(by, by_id[line.application_id], line, chances)
    return row


def _announced_seed(row: Round) -> str:
    kept = RoundSeed.objects.filter(round_id=row.pk).first()
    if kept is None or seed_digest(kept.seed) != row.seed_digest:
        raise TransitionRefused(
            "The seed kept for this round is not the one whose digest was announced; nothing is "
            "drawn by another. Restore the database of the announcement."
        )
    return kept.seed


def _kept(rule: SelectionRule, drawn: Draw, chances: Inclusion) -> dict[str, Any]:
    """Return what stays on record of a draw, without naming anybody."""
    return {
        "rule": rule.content(),
        "inputs_digest": drawn.inputs_digest,
        "strata": [asdict(stratum) for stratum in drawn.strata],
        "method": chances.method,
        "largest_error": max(chances.standard_error.values(), default=0.0),
    }


def _place(by: Actor, application: Application, line: Line, chances: Inclusion) -> None:
    event = _EVENTS[line.outcome]
    reason = _REASONS[line.outcome].format(rank=line.rank)
    target = next_state(by, application, event, reason)
    chance = chances.probability[line.application_id]
    error = chances.standard_error[line.application_id]
    with step_event(by, application, event, reason) as opened:
        opened.update(
            application,
            state=target,
            reason=reason,
            answer_by_on=_offered_until(application) if event == "select" else None,
            draw_outcome=line.outcome,
            draw_rank=line.rank,
            draw_line=line.content() | {"chance": chance, "chance_error": error},
            salt=secrets.token_hex(SALT_BYTES),
        )


def _offered_until(application: Application) -> Any:
    days = queries.program_of(application.round).clocks.acceptance_days
    return clock.today() + timedelta(days=days)


def move_up(round_id: Any, reason: str) -> Application | None:
    """Give a place that became free to the first of the reserve list who passes no limit of the
    rule; the system's event `application.select` on that applicant's trail. None, and nothing
    written, while no place is free, nothing is drawn, or nobody on the list fits.
    """
    with tenancy.scope(SYSTEM):
        Round.objects.select_for_update().filter(pk=round_id).first()
        row = queries.round_(SYSTEM, round_id)
        if steps.moving_up_refusal(row, queries.places_taken(row.pk)):
            return None
        known = queries.applications(SYSTEM, row)
        holding = [_candidate(a) for a in known if a.state in steps.HOLDING_A_PLACE]
        waiting = sorted((a for a in known if a.state == "reserve"), key=lambda a: a.draw_rank or 0)
        chosen = next_reserve(queries.rule_of(row), holding, [_candidate(a) for a in waiting])
        if chosen is None:
            return None
        application = locked(SYSTEM, chosen.application_id)
        target = next_state(SYSTEM, application, "select", reason)
        with step_event(SYSTEM, application, "select", reason) as opened:
            return opened.update(
                application, state=target, reason=reason, answer_by_on=_offered_until(application)
            )


def _candidate(application: Application) -> Candidate:
    """Return an application as it stood in the draw, whatever changed since."""
    attributes: Mapping[Any, str] = application.draw_line.get("attributes", {})
    return Candidate(str(application.pk), attributes)


@transaction.atomic
def release_reserve(
    *, by: Actor, application_id: Any, reason: str, version: int | None = None
) -> Application:
    """Release an application from the reserve list; event `application.not_select` with the reason.

    Only a program administrator may (NotPermitted). Refused (TransitionRefused) without a reason,
    before the draw and for one that is not on the list; (Stale) where it changed since `version`.
    """
    application = locked(by, application_id)
    audit.require_version(application, version)
    target = next_state(by, application, "not_select", reason)
    policies.require(steps.release_refusal(application.round))
    with step_event(by, application, "not_select", reason) as opened:
        return opened.update(application, state=target, reason=reason.strip())
