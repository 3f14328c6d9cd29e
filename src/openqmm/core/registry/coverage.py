"""Which dates a set of inspections covers, and where it has holes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from openqmm.core.registry.records import SEVERITY, Classification, Inspection

_FEWEST_FOR_GAPS = 500
"""Below this many inspections of a class, half a year without one is no surprise."""

_GAP_DAYS = 183


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without any inspection of one class, between two days that have one."""

    classification: Classification
    last_before: date
    first_after: date

    def __str__(self) -> str:
        stretch = f"between {self.last_before} and {self.first_after}"
        return f"no {self.classification} inspection ended {stretch}: rows may be missing"


@dataclass(frozen=True, slots=True)
class Coverage:
    """First and last end date of a set of inspections, and the gaps between them."""

    first_on: date
    last_on: date
    gaps: tuple[Gap, ...]


def coverage(inspections: Iterable[Inspection], project_area: str) -> Coverage | None:
    """Return the dates that inspections in one project area cover, or None if there are none.

    A gap is half a year or more without one class that otherwise occurs at least 500 times: a
    service that cuts its answers leaves such holes, and rates across one are wrong.
    """
    days: dict[Classification | None, set[date]] = {}
    counts: dict[Classification | None, int] = {}
    for inspection in inspections:
        if inspection.project_area == project_area:
            days.setdefault(inspection.classification, set()).add(inspection.ended_on)
            counts[inspection.classification] = counts.get(inspection.classification, 0) + 1
    if not days:
        return None
    every_day = set().union(*days.values())
    # Classes are looked at one by one: in the known case only NAI and VAI rows were cut off, and
    # all classes together showed no hole.
    gaps = (
        Gap(classification, before, after)
        for classification in SEVERITY
        if counts.get(classification, 0) >= _FEWEST_FOR_GAPS
        for before, after in pairwise(sorted(days[classification]))
        if (after - before).days >= _GAP_DAYS
    )
    return Coverage(min(every_day), max(every_day), tuple(gaps))
