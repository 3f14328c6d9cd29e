"""The look-back window: which inspections of a site count on a day, and which class is current."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openqmm.core.registry.records import SEVERITY, Classification, Inspection

_UNKNOWN_CLASS_RANK = 1.5
"""Between VAI and OAI: an unknown class could be an OAI, but a known OAI is no better."""


@dataclass(frozen=True, slots=True)
class InspectionWindow:
    """The inspections of one FEI in one project area between two days, both included.

    `inspections` come latest first; of those ended on one day, the least favourable first.
    """

    fei: str | None
    project_area: str
    first_on: date
    last_on: date
    inspections: tuple[Inspection, ...]

    @property
    def current_classification(self) -> Classification | None:
        """Class of the latest inspection; None when there is none or its class is unknown.

        Where several inspections share the latest end date, the least favourable class stands:
        OAI, else unknown if one of them is unknown, else VAI, else NAI.
        """
        return self.inspections[0].classification if self.inspections else None

    @property
    def has_oai(self) -> bool:
        """Whether any inspection in the window was classified OAI."""
        return any(inspection.classification == "OAI" for inspection in self.inspections)


def window_start(as_of: date, years: int) -> date:
    """Return the first day of a window of some years that ends on `as_of`.

    The same day `years` earlier; for 29 February, 28 February where the year has no other.

    Raises
    ------
    ValueError
        `years` is less than 1 or reaches before the calendar.
    """
    if not 1 <= years < as_of.year:
        raise ValueError(f"years is {years}; a look-back window has at least 1 year")
    # 29 February steps back to the 28th: the longer of the two readings of "years ago".
    try:
        return as_of.replace(year=as_of.year - years)
    except ValueError:
        return as_of.replace(year=as_of.year - years, day=28)


def fiscal_year_start(fiscal_year: int) -> date:
    """Return the first day of a federal fiscal year: 1 October of the calendar year before."""
    return date(fiscal_year - 1, 10, 1)


def latest_first(inspections: Iterable[Inspection]) -> tuple[Inspection, ...]:
    """Return inspections by end date, latest first; within a day the least favourable first."""
    return tuple(sorted(inspections, key=_lateness, reverse=True))


def _lateness(inspection: Inspection) -> tuple[date, float, str, str]:
    classification = inspection.classification
    rank = _UNKNOWN_CLASS_RANK if classification is None else SEVERITY[classification]
    return inspection.ended_on, rank, inspection.inspection_id, inspection.legal_name
