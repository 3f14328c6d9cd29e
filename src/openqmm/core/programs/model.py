"""What a program is: who may take part, how many, by which protocol and in which time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from openqmm.core.programs.vocabulary import Attribute

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

SourceKind = Literal["establishments", "inspections", "compliance", "import_alerts", "ndc"]

ATTESTABLE: dict[CriterionId, frozenset[SourceKind]] = {
    "clean_record": frozenset({"compliance", "import_alerts"}),
    "in_commerce": frozenset({"ndc"}),
}
"""Criteria for which the applicant's signed word may stand in for a public file, and for which."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One condition of eligibility.

    `text` says it to an applicant; `statement` is the sentence to be attested where `attestation`
    names one, and `attested_sources` the public files it stands in for where they are not loaded or
    do not cover the window; `source` tells where the condition comes from.
    """

    id: CriterionId
    title: str
    text: str
    source: str
    attestation: str | None = None
    statement: str = ""
    attested_sources: tuple[SourceKind, ...] = ()


@dataclass(frozen=True, slots=True)
class Stratum:
    """Target shares of the places by category of one attribute, in per cent, together at most 100.

    `weight` is what filling one of its target places counts in the draw.
    """

    attribute: Attribute
    weight: int
    shares: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Limit:
    """The most places that applicants of one category of an attribute may hold."""

    attribute: Attribute
    places: int


@dataclass(frozen=True, slots=True)
class SelectionRule:
    """How the places of a round are given: how many, the reserve list, strata and limits."""

    places: int
    reserve: int
    strata: tuple[Stratum, ...] = ()
    limits: tuple[Limit, ...] = ()

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """Every attribute the rule looks at, once."""
        named = [s.attribute for s in self.strata] + [m.attribute for m in self.limits]
        return tuple(dict.fromkeys(named))

    def content(self) -> dict[str, Any]:
        """Return the rule as JSON data, for digests and files."""
        return {
            "places": self.places,
            "reserve": self.reserve,
            "strata": [
                {"attribute": s.attribute, "weight": s.weight, "shares": dict(s.shares)}
                for s in self.strata
            ],
            "limits": [{"attribute": m.attribute, "places": m.places} for m in self.limits],
        }


@dataclass(frozen=True, slots=True)
class Clocks:
    """The times a program allows, each in the unit its name says."""

    orientation_days_before_visit: int
    assessment_days: int
    draft_report_days: int
    factual_check_working_days: int
    validity_months: int
    information_days: int
    acceptance_days: int
    progress_review_months: int


@dataclass(frozen=True, slots=True)
class FileAges:
    """How many days old the newest public record of a kind may be for its absence to count."""

    establishments: int
    inspections: int
    compliance: int
    import_alerts: int
    ndc: int


@dataclass(frozen=True, slots=True)
class Program:
    """A program's configuration.

    `protocol_id` names the protocol its rounds use, `cap` the places of one round, `reserve` the
    length of its reserve list, `window_days` how long applications are taken at least, `fees` what
    taking part costs, in words. `look_back_years` is how far back records count. `confidentiality`
    says how an applicant's words are kept. `sources` tells, by the name of the fact, where it comes
    from.
    """

    id: str
    title: str
    summary: str
    protocol_id: str
    cap: int
    reserve: int
    window_days: int
    fees: str
    confidentiality: str
    location: LocationRule
    facility_types: tuple[FacilityType, ...]
    look_back_years: int
    clocks: Clocks
    file_age_days: FileAges
    criteria: tuple[Criterion, ...]
    strata: tuple[Stratum, ...]
    limits: tuple[Limit, ...]
    sources: Mapping[str, str]

    @property
    def selection_rule(self) -> SelectionRule:
        """How the places of a round of this program are given."""
        return SelectionRule(self.cap, self.reserve, self.strata, self.limits)

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
