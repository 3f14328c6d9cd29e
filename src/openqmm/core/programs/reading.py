"""From a program file to a program, or to every fault of the file at once."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from openqmm.core.errors import InvalidProgram, InvalidProtocol, Problem
from openqmm.core.programs.model import (
    ATTESTED,
    CRITERION_IDS,
    Clocks,
    Criterion,
    CriterionId,
    FacilityType,
    FileAges,
    LocationRule,
    Program,
)
from openqmm.core.protocols.located import Located, read_yaml
from openqmm.core.protocols.reading import in_reading_order, shaped_faults
from openqmm.core.protocols.schema import Id, Text

Value = TypeVar("Value")
Count = Annotated[StrictInt, Field(ge=1, le=10_000)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FactIn(_Part, Generic[Value]):
    """A value and where it comes from."""

    value: Value
    source: Text


class ClocksIn(_Part):
    orientation_days_before_visit: FactIn[Count]
    draft_report_days: FactIn[Count]
    factual_check_working_days: FactIn[Count]
    validity_months: FactIn[Count]
    information_days: FactIn[Count]
    acceptance_days: FactIn[Count]


class FileAgesIn(_Part):
    establishments: FactIn[Count]
    inspections: FactIn[Count]


class CriterionIn(_Part):
    id: CriterionId
    title: Text
    text: Text
    source: Text
    attestation: Id | None = None
    statement: Text | None = None


class ProgramIn(_Part):
    format: Literal["openqmm-program/1"]
    id: Id
    title: Text
    summary: Text
    protocol: Id
    cap: FactIn[Count]
    location: FactIn[LocationRule]
    facility_types: FactIn[Annotated[list[FacilityType], Field(min_length=1)]]
    look_back_years: FactIn[Annotated[StrictInt, Field(ge=1, le=50)]]
    clocks: ClocksIn
    file_age_days: FileAgesIn
    criteria: list[CriterionIn]


def read_program(content: bytes, source: str) -> Program:
    """Return the program that a YAML file configures.

    Parameters
    ----------
    content : the file's bytes.
    source : the file's name, quoted in faults.

    Raises
    ------
    InvalidProgram
        Names every fault with its line: shape, criteria missing, repeated or without their
        attestation.
    """
    try:
        file = read_yaml(content, source)
    except InvalidProtocol as error:
        raise InvalidProgram(error.subject, error.problems) from None
    shaped, faults = shaped_faults(ProgramIn, file)
    if shaped is not None:
        faults += _criteria_faults(shaped, file)
    if faults or shaped is None:
        raise InvalidProgram(source, in_reading_order(faults))
    return _program(shaped)


def _criteria_faults(shaped: ProgramIn, file: Located) -> list[Problem]:
    faults: list[Problem] = []
    seen: set[str] = set()
    for i, criterion in enumerate(shaped.criteria):
        if criterion.id in seen:
            message = f"the criterion {criterion.id} stands here a second time; keep one."
            faults.append(file.problem(("criteria", i), message))
        seen.add(criterion.id)
        fault = _attestation_fault(criterion)
        if fault:
            faults.append(file.problem(("criteria", i), fault))
    missing = [criterion_id for criterion_id in CRITERION_IDS if criterion_id not in seen]
    if missing:
        message = f"the criteria {', '.join(missing)} are missing; add them."
        faults.append(file.problem(("criteria",), message))
    return faults


def _attestation_fault(criterion: CriterionIn) -> str | None:
    if criterion.id in ATTESTED and not (criterion.attestation and criterion.statement):
        return f"{criterion.id} rests on the applicant's word: name `attestation` and `statement`."
    if criterion.id not in ATTESTED and (criterion.attestation or criterion.statement):
        return f"{criterion.id} is judged by public records; remove its attestation."
    return None


def _program(shaped: ProgramIn) -> Program:
    facts = {name: value for name, value in shaped if isinstance(value, FactIn)}
    facts |= {name: value for part in (shaped.clocks, shaped.file_age_days) for name, value in part}
    clocks = {name: fact.value for name, fact in shaped.clocks}
    ages = {name: fact.value for name, fact in shaped.file_age_days}
    order = {criterion_id: n for n, criterion_id in enumerate(CRITERION_IDS)}
    return Program(
        id=shaped.id,
        title=shaped.title,
        summary=shaped.summary,
        protocol_id=shaped.protocol,
        cap=shaped.cap.value,
        location=shaped.location.value,
        facility_types=tuple(shaped.facility_types.value),
        look_back_years=shaped.look_back_years.value,
        clocks=Clocks(**clocks),
        file_age_days=FileAges(**ages),
        criteria=tuple(
            Criterion(c.id, c.title, c.text, c.source, c.attestation, c.statement or "")
            for c in sorted(shaped.criteria, key=lambda criterion: order[criterion.id])
        ),
        sources={name: fact.source for name, fact in facts.items()},
    )
