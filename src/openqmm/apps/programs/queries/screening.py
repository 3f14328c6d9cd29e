"""From a stored application and the public records to the criteria's verdicts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from openqmm.apps.facilities import queries as facilities
from openqmm.apps.programs.models import Application, CriterionDecision
from openqmm.apps.programs.queries.applications import others_in_round
from openqmm.apps.programs.queries.configurations import program_of
from openqmm.apps.programs.queries.words import OUTCOMES, VERDICTS
from openqmm.core.programs import ApplicationFacts, CriterionVerdict, outcome, screen, verdict
from openqmm.core.programs.steps import standing_verdict
from openqmm.web import clock


@dataclass(frozen=True, slots=True)
class CriterionLine:
    """A criterion as pages show it: the verdict in words, why, and the records."""

    id: str
    title: str
    verdict: str
    tone: str
    reason: str
    records: tuple[str, ...]
    attested: bool = False
    open: bool = False
    decided: dict[str, Any] | None = None


def screening_of(application: Application) -> dict[str, Any]:
    """Return the application judged today by the records now loaded, as it is stored."""
    facility, day = application.facility, clock.today()
    program = program_of(application.round)
    facts = facts_of(application, others=others_in_round(application))
    criteria = screen(program, facts, facilities.public_record(facility.fei), day)
    return {
        "as_of": day.isoformat(),
        "verdict": verdict(criteria),
        "criteria": [asdict(c) | {"records": list(c.records)} for c in criteria],
    }


def facts_of(application: Application, *, others: int | None = None) -> ApplicationFacts:
    """Return what an application says, as the core's criteria and draw read it."""
    facility = application.facility
    return ApplicationFacts(
        application_id=str(application.pk),
        facility_name=facility.name,
        fei=facility.fei,
        country=facility.country,
        duns=facility.duns,
        activities=tuple(application.activities) or (facility.facility_type,),
        attestations={
            "clean_record": application.clean_record,
            "in_commerce": application.in_commerce,
        },
        others_in_round=others,
        organisation=facility.organisation.name,
        size_band=application.size_band,
        sector=application.sector,
        dosage_forms=tuple(application.dosage_forms),
    )


def stored_lines(application: Application) -> list[CriterionLine]:
    """Return the criteria as they stood when the application was screened."""
    return [_line(criterion) for criterion in stored_criteria(application)]


def stored_criteria(application: Application) -> list[dict[str, Any]]:
    """Return the criteria as they are stored, each with what a person decided of what it leaves
    open; none before the application was screened."""
    criteria = list((application.screening or {}).get("criteria", ()))
    if not any(c["verdict"] == "cannot_tell" for c in criteria):
        return criteria
    decisions = application.criterion_decisions.select_related("decided_by")
    decided = {(d.criterion, d.about): _decision(d) for d in decisions}
    return [c | {"decided": decided.get((c["id"], c["reason"]))} for c in criteria]


def outcome_of(criteria: Sequence[Mapping[str, Any]]) -> str:
    """Return what stored criteria come to, with what a person decided; empty without any."""
    if not criteria:
        return ""
    return outcome(standing_verdict(c) for c in criteria)


def _decision(row: CriterionDecision) -> dict[str, Any]:
    return {
        "verdict": row.verdict,
        "reason": row.reason,
        "by": row.decided_by.full_name,
        "at": row.decided_at,
    }


def criterion_lines(criteria: tuple[CriterionVerdict, ...]) -> list[CriterionLine]:
    """Return verdicts as pages show them."""
    return [_line(asdict(criterion)) for criterion in criteria]


def outcome_words(criteria: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Return what stored criteria come to, and its tone; empty before the screening."""
    return OUTCOMES.get(outcome_of(criteria), ("", "neutral"))


def _line(criterion: Mapping[str, Any]) -> CriterionLine:
    words, tone = VERDICTS[standing_verdict(criterion)]
    return CriterionLine(
        id=criterion["id"],
        title=criterion["title"],
        verdict=words,
        tone=tone,
        reason=criterion["reason"],
        records=tuple(criterion["records"]),
        attested=criterion.get("attested", False),
        open=criterion["verdict"] == "cannot_tell",
        decided=criterion.get("decided"),
    )
