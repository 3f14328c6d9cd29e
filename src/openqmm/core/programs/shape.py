"""The shape of a program file: which entries it has and which values each may hold."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from openqmm.core.programs.model import CriterionId, FacilityType, LocationRule, SourceKind
from openqmm.core.programs.vocabulary import Attribute
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
    assessment_days: FactIn[Count]
    draft_report_days: FactIn[Count]
    factual_check_working_days: FactIn[Count]
    validity_months: FactIn[Count]
    information_days: FactIn[Count]
    acceptance_days: FactIn[Count]
    progress_review_months: FactIn[Count]


class FileAgesIn(_Part):
    establishments: FactIn[Count]
    inspections: FactIn[Count]
    compliance: FactIn[Count]
    import_alerts: FactIn[Count]
    ndc: FactIn[Count]


class CriterionIn(_Part):
    id: CriterionId
    title: Text
    text: Text
    source: Text
    attestation: Id | None = None
    statement: Text | None = None
    attested_sources: list[SourceKind] = []


class StratumIn(_Part):
    attribute: Attribute
    weight: Annotated[StrictInt, Field(ge=1, le=100)]
    shares: Annotated[dict[Text, Annotated[StrictInt, Field(ge=0, le=100)]], Field(min_length=1)]
    source: Text


class LimitIn(_Part):
    attribute: Attribute
    places: Count
    source: Text


class SelectionIn(_Part):
    strata: list[StratumIn] = []
    at_most: list[LimitIn] = []


class ProgramIn(_Part):
    format: Literal["openqmm-program/1"]
    id: Id
    title: Text
    summary: Text
    protocol: Id
    cap: FactIn[Count]
    reserve: FactIn[Annotated[StrictInt, Field(ge=0, le=1_000)]]
    window_days: FactIn[Count]
    fees: FactIn[Text]
    confidentiality: FactIn[Text]
    location: FactIn[LocationRule]
    facility_types: FactIn[Annotated[list[FacilityType], Field(min_length=1)]]
    look_back_years: FactIn[Annotated[StrictInt, Field(ge=1, le=50)]]
    clocks: ClocksIn
    file_age_days: FileAgesIn
    criteria: list[CriterionIn]
    selection: SelectionIn
