"""Screening: each criterion judged on its own, with the records it rests on beside the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from openqmm.core.programs.application import ApplicationFacts
from openqmm.core.programs.conduct_criteria import clean_record, in_commerce
from openqmm.core.programs.findings import (
    Judgement,
    ScreeningCase,
    Verdict,
    cannot_tell,
    met,
    not_met,
)
from openqmm.core.programs.model import CriterionId, Program
from openqmm.core.programs.public_record import PublicRecord
from openqmm.core.programs.record_criteria import (
    activity,
    current_classification,
    inspected,
    location,
    registered,
)

Outcome = Literal["eligible", "ineligible", "needs_review"]


@dataclass(frozen=True, slots=True)
class CriterionVerdict:
    """One criterion's verdict, the reason as a sentence, and the records it rests on; `attested`
    where a signed statement stands in for a public file."""

    id: CriterionId
    title: str
    verdict: Verdict
    reason: str
    records: tuple[str, ...] = ()
    attested: bool = False


def screen(
    program: Program, application: ApplicationFacts, record: PublicRecord, as_of: date
) -> tuple[CriterionVerdict, ...]:
    """Return the verdict on every criterion of the program.

    An inspection class decides who may take part; it says nothing about maturity and is never
    part of a rating.

    Parameters
    ----------
    program : the criteria and their numbers.
    application : what the applicant says.
    record : what the public files say of the same FEI, and the dates they cover.
    as_of : the day of screening; the look-back window ends on it, included.

    Returns
    -------
    tuple of CriterionVerdict
        In the program's order. `cannot_tell` where a record is missing, unreadable or not
        covered by the files loaded.
    """
    case = ScreeningCase(program, application, record, as_of)
    verdicts = []
    for criterion in program.criteria:
        judged = _JUDGES[criterion.id](case)
        verdicts.append(
            CriterionVerdict(
                criterion.id,
                criterion.title,
                judged.verdict,
                judged.reason,
                judged.records,
                judged.attested,
            )
        )
    return tuple(verdicts)


def verdict(criteria: Iterable[CriterionVerdict]) -> Outcome:
    """Return what the criteria come to: one not met makes an application ineligible, else one
    that nobody can tell asks for a person's review."""
    return outcome(criterion.verdict for criterion in criteria)


def outcome(verdicts: Iterable[str]) -> Outcome:
    """Return what the verdicts of an application's criteria come to."""
    found = set(verdicts)
    if "not_met" in found:
        return "ineligible"
    return "needs_review" if "cannot_tell" in found else "eligible"


def _not_in_round(case: ScreeningCase) -> Judgement:
    others = case.application.others_in_round
    if others is None:
        return cannot_tell("It is not known which other applications stand in the round.")
    if others:
        return not_met("Another application for the same FEI stands in this round.")
    return met("No other application for this FEI stands in the round.")


_JUDGES: dict[CriterionId, Callable[[ScreeningCase], Judgement]] = {
    "registered": registered,
    "activity": activity,
    "location": location,
    "inspected": inspected,
    "current_classification": current_classification,
    "clean_record": clean_record,
    "in_commerce": in_commerce,
    "not_in_round": _not_in_round,
}
