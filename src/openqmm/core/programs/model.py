"""What a program is: who may take part, how many, by which protocol and in which time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FacilityType = Literal["API", "API_INTERMEDIATE", "FDF"]
LocationRule = Literal["domestic", "foreign", "any"]
CriterionId = Literal[
    "registered",
    "activity",
    "location",
    "inspected",
    "current_classification",
    "clean_record",
    "in_commerce",
    "not_in_round",
]

CRITERION_IDS: tuple[CriterionId, ...] = (
    "registered",
    "activity",
    "location",
    "inspected",
    "current_classification",
    "clean_record",
    "in_commerce",
    "not_in_round",
)
"""Every criterion, in the order in which an application is screened."""

ATTESTED: frozenset[CriterionId] = frozenset({"clean_record", "in_commerce"})
"""Criteria that rest on the applicant's word, because no public file read here shows them."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of eligibility.

    `text` says it to an applicant; `statement` is the sentence to be attested where `attestation`
    names one; `source` tells where the condition comes from.
    """

    id: CriterionId
    title: str
    text: str
    source: str
    attestation: str | None = None
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The times a program allows, each in the unit its name says."""

    orientation_days_before_visit: int
    draft_report_days: int
    factual_check_working_days: int
    validity_months: int
    information_days: int
    acceptance_days: int


@dataclass(frozen=True, slots=True)
class FileAges:
    """How many days old the newest public record of a kind may be for its absence to count."""

    establishments: int
    inspections: int


@dataclass(frozen=True, slots=True)
class Program:
    """A program's configuration.

    `protocol_id` names the protocol its rounds use, `cap` the places of one round,
    `look_back_years` how far back inspections count. `sources` tells, by the name of the fact,
    where it comes from.
    """

    id: str
    title: str
    summary: str
    protocol_id: str
    cap: int
    location: LocationRule
    facility_types: tuple[FacilityType, ...]
    look_back_years: int
    clocks: Clocks
    file_age_days: FileAges
    criteria: tuple[Criterion, ...]
    sources: Mapping[str, str]

    def criterion(self, criterion_id: CriterionId) -> Criterion:
        """Return the criterion of this id (KeyError when the program has none)."""
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        raise KeyError(criterion_id)

    @property
    def attestations(self) -> tuple[Criterion, ...]:
        """The criteria that the applicant attests."""
        return tuple(criterion for criterion in self.criteria if criterion.attestation)
