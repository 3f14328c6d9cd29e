"""The criteria of a program judged by somebody's own answers, without any record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from openqmm.core.programs.findings import Judgement, cannot_tell, met, not_met
from openqmm.core.programs.model import CriterionId, FacilityType, Program
from openqmm.core.programs.record_criteria import ACTIVITY_WORDS, in_words
from openqmm.core.programs.screening import CriterionVerdict
from openqmm.core.registry.identity import country_code, is_domestic_country

_OPEN = "Not answered."


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody says of a facility; None or empty where a question is left open.

    `classification` is the class of its latest inspection for drug quality assurance in the
    look-back period, `clean` whether nothing stands against it there.
    """

    country: str = ""
    activities: tuple[FacilityType, ...] = ()
    registered: bool | None = None
    inspected: bool | None = None
    classification: str = ""
    clean: bool | None = None
    in_commerce: bool | None = None

    @property
    def given(self) -> bool:
        """Whether any question is answered."""
        said = (self.registered, self.inspected, self.clean, self.in_commerce)
        texts = (self.country, self.activities, self.classification)
        return any(texts) or any(answer is not None for answer in said)


def judge_answers(program: Program, answers: Answers) -> tuple[CriterionVerdict, ...]:
    """Return the verdict on every criterion that answers can speak to, by the answers alone.

    Screening goes by the records: these verdicts bind nobody. Whether another application stands
    in a round is not asked.
    """
    return tuple(
        CriterionVerdict(criterion.id, criterion.title, judged.verdict, judged.reason)
        for criterion in program.criteria
        if (judge := _JUDGES.get(criterion.id))
        for judged in [judge(program, answers)]
    )


def _said(answer: bool | None, yes: str, no: str) -> Judgement:
    if answer is None:
        return cannot_tell(_OPEN)
    return met(yes) if answer else not_met(no)


def _activity(program: Program, answers: Answers) -> Judgement:
    wanted = in_words([ACTIVITY_WORDS[t] for t in program.facility_types])
    if not answers.activities:
        return cannot_tell(_OPEN)
    if set(answers.activities) & set(program.facility_types):
        return met(f"The program is for makers of {wanted}.")
    return not_met(f"The program is for makers of {wanted} only.")


def _location(program: Program, answers: Answers) -> Judgement:
    if program.location == "any":
        return met("Facilities of every country may apply.")
    if not answers.country:
        return cannot_tell(_OPEN)
    domestic = is_domestic_country(country_code(answers.country))
    if domestic is None:
        return cannot_tell(f"The country {answers.country!r} cannot be read.")
    side = "inside" if domestic else "outside"
    reason = f"{answers.country} is {side} the United States and its territories."
    return met(reason) if domestic == (program.location == "domestic") else not_met(reason)


def _classification(_program: Program, answers: Answers) -> Judgement:
    if answers.classification not in {"NAI", "VAI", "OAI"}:
        return cannot_tell(_OPEN)
    reason = f"The latest inspection is {answers.classification}."
    return not_met(reason) if answers.classification == "OAI" else met(reason)


def _clean(_program: Program, answers: Answers) -> Judgement:
    if answers.classification == "OAI":
        return not_met("An OAI class stands in the look-back period.")
    return _said(answers.clean, "Nothing stands against it.", "Something stands against it.")


_JUDGES: dict[CriterionId, Callable[[Program, Answers], Judgement]] = {
    "registered": lambda _, a: _said(a.registered, "It is registered.", "It is not registered."),
    "activity": _activity,
    "location": _location,
    "inspected": lambda _, a: _said(a.inspected, "It was inspected.", "It was not inspected."),
    "current_classification": _classification,
    "clean_record": _clean,
    "in_commerce": lambda _, a: _said(
        a.in_commerce, "A product is on the market.", "No product is on the market."
    ),
}
