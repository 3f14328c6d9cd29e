"""From a stored application and the public records to the criteria's verdicts."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from openqmm.apps.facilities import queries as facilities
from openqmm.apps.programs.models import Application
from openqmm.apps.programs.queries.applications import others_in_round
from openqmm.apps.programs.queries.configurations import program_of
from openqmm.apps.programs.queries.words import OUTCOMES, VERDICTS
from openqmm.core.programs import ApplicationFacts, CriterionVerdict, screen, verdict
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
    return [
        _line(c["id"], c["title"], c["verdict"], c["reason"], tuple(c["records"]))
        for c in stored_criteria(application)
    ]


def stored_criteria(application: Application) -> list[dict[str, Any]]:
    """Return the criteria as they are stored; none before the application was screened."""
    return list((application.screening or {}).get("criteria", ()))


def criterion_lines(criteria: tuple[CriterionVerdict, ...]) -> list[CriterionLine]:
    """Return verdicts as pages show them."""
    return [_line(c.id, c.title, c.verdict, c.reason, c.records) for c in criteria]


def outcome_words(application: Application) -> tuple[str, str]:
    """Return what the screening came to, and its tone; empty before it."""
    return OUTCOMES.get((application.screening or {}).get("verdict", ""), ("", "neutral"))


def _line(
    criterion_id: str, title: str, found: str, reason: str, records: tuple[str, ...]
) -> CriterionLine:
    words, tone = VERDICTS[found]
    return CriterionLine(criterion_id, title, words, tone, reason, records)
