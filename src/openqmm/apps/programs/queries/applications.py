"""Applications as each role may see them: the applicant's own; for the office those submitted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.programs.queries.rounds import state_counts
from openqmm.apps.programs.queries.words import OUTCOMES, tone, words
from openqmm.core.errors import NotFound
from openqmm.core.programs.steps import HOLDING_A_PLACE, STANDING
from openqmm.core.workflow import Actor, Role

SITE = {Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY}


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """An application as lists show it; `outcome` is what its screening came to, if screened."""

    id: UUID
    facility: str
    organisation: str
    fei: str
    round: str
    round_id: UUID
    state: str
    tone: str
    outcome: str
    outcome_tone: str
    submitted_at: Any
    answer_by_on: date | None


def applications(by: Actor, round_: Round | None = None) -> list[Application]:
    """Return the applications the actor may know of, in one round if said."""
    found = _visible_to(by)
    return list(found.filter(round=round_) if round_ else found)


def application_rows(by: Actor, round_: Round | None = None) -> list[ApplicationRow]:
    """Return the applications the actor may know of as lists show them."""
    return rows_of(applications(by, round_), screened=by.role not in SITE)


def application(by: Actor, application_id: Any) -> Application:
    """Return one application the actor may know of (NotFound)."""
    found = _visible_to(by).filter(pk=application_id).first()
    if found is None:
        raise NotFound("There is no such application.")
    return found


def round_application_id(by: Actor, round_id: Any, text: str) -> UUID:
    """Return the id of an application of this round that a form names (NotFound)."""
    try:
        return _visible_to(by).values_list("pk", flat=True).get(round_id=round_id, pk=UUID(text))
    except (ValueError, Application.DoesNotExist):
        raise NotFound("There is no such application.") from None


def accepted_without_assessment(by: Actor) -> list[Application]:
    """Return the accepted applications that no assessment is planned for; for the office only."""
    if by.role not in {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}:
        return []
    return list(_visible_to(by).filter(state="accepted", assessment__isnull=True))


def application_counts(by: Actor, round_: Round) -> dict[str, int]:
    """Return how many submitted applications are in each state; nothing but for the office."""
    if by.role not in {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}:
        return {}
    return state_counts(round_.pk)


def places_taken(round_id: Any) -> int:
    """Return how many facilities hold a place in a round: selected or accepted."""
    return Application.objects.filter(round_id=round_id, state__in=HOLDING_A_PLACE).count()


def live_application(by: Actor, round_id: Any, facility_id: Any) -> Application | None:
    """Return the own facility's application to a round that has not been withdrawn, if any."""
    own = _visible_to(by).exclude(state="withdrawn")
    return own.filter(round_id=round_id, facility_id=facility_id).first()


def others_in_round(subject: Application) -> int:
    """Return how many other applications for the same FEI stand in the round, whoever made them."""
    same = Application.objects.filter(
        round_id=subject.round_id, facility__fei=subject.facility.fei, state__in=STANDING
    )
    return same.exclude(pk=subject.pk).count()


def rows_of(found: Iterable[Application], *, screened: bool) -> list[ApplicationRow]:
    """Return applications as lists show them, with what screening came to where it may be seen."""
    rows = []
    for row in found:
        verdict = (row.screening or {}).get("verdict", "") if screened else ""
        outcome, outcome_tone = OUTCOMES.get(verdict, ("", "neutral"))
        rows.append(
            ApplicationRow(
                id=row.pk,
                facility=row.facility.name,
                organisation=row.facility.organisation.name,
                fei=row.facility.fei,
                round=row.round.name,
                round_id=row.round_id,
                state=words(row.state),
                tone=tone(row.state),
                outcome=outcome,
                outcome_tone=outcome_tone,
                submitted_at=row.submitted_at,
                answer_by_on=row.answer_by_on,
            )
        )
    return rows


def _visible_to(by: Actor) -> QuerySet[Application]:
    """A draft is the applicant's own until it is signed; the office never learns of it. Nobody of
    the office sees one of a manufacturer that other work bars them from."""
    known = Application.objects.select_related("facility__organisation", "round__protocol").defer(
        "round__protocol__source"
    )
    if by.role in SITE:
        return known.filter(facility__organisation_id=by.organisation_id)
    if by.role is Role.PROGRAM_ADMINISTRATOR:
        barred = accounts.barred_organisations(by)
        known = known.exclude(facility__organisation__in=barred)
        return known.filter(submitted_at__isnull=False)
    return known if by.role is Role.SYSTEM else known.none()
