"""Programs: their configuration, the screening of applications, and the places of a round."""

from openqmm.core.programs.application import ApplicationFacts
from openqmm.core.programs.model import (
    ATTESTABLE,
    CRITERION_IDS,
    Clocks,
    Criterion,
    FacilityType,
    Limit,
    Program,
    SelectionRule,
    Stratum,
)
from openqmm.core.programs.public_record import PublicRecord, PublicRecords
from openqmm.core.programs.reading import read_program
from openqmm.core.programs.screening import CriterionVerdict, outcome, screen, verdict
from openqmm.core.programs.selection import place_refusal, places_left
from openqmm.core.programs.shipped import (
    shipped_program,
    shipped_program_ids,
    shipped_source,
)

__all__ = [
    "ATTESTABLE",
    "CRITERION_IDS",
    "ApplicationFacts",
    "Clocks",
    "Criterion",
    "CriterionVerdict",
    "FacilityType",
    "Limit",
    "Program",
    "PublicRecord",
    "PublicRecords",
    "SelectionRule",
    "Stratum",
    "outcome",
    "place_refusal",
    "places_left",
    "read_program",
    "screen",
    "shipped_program",
    "shipped_program_ids",
    "shipped_source",
    "verdict",
]
