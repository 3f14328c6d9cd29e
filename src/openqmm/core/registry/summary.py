"""Counts over all sites: who was inspected in a window, with which outcome, and what links.

Shares are descriptions of the files, not rates of quality: which sites are inspected, and in which
programme, differs by country.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.records import (
    DRUG_QUALITY,
    Classification,
    Establishment,
    Inspection,
)
from openqmm.core.registry.windows import InspectionWindow, latest_first, window_start


@dataclass(frozen=True, slots=True)
class Share:
    """A count out of a total."""

    count: int
    total: int

    @property
    def share(self) -> float | None:
        """`count / total`, in 0-1; None when the total is zero."""
        return self.count / self.total if self.total else None


@dataclass(frozen=True, slots=True)
class ClassCounts:
    """How many sites or inspections had each class; `unknown` where none could be read."""

    nai: int
    vai: int
    oai: int
    unknown: int


@dataclass(frozen=True, slots=True)
class WindowSummary:
    """Inspections of one project area in a look-back window, over all sites.

    The `registered_` fields concern registered makers: FEIs whose registration has API or FDF
    making. `registered_foreign` and `registered_domestic` leave out sites of unknown country.
    """

    project_area: str
    first_on: date
    last_on: date
    inspections: int
    inspected_feis: int
    current: ClassCounts
    feis_with_oai: int
    registered: Share
    registered_foreign: Share
    registered_domestic: Share
    registered_current: ClassCounts


@dataclass(frozen=True, slots=True)
class MakerCounts:
    """Registered makers: `rows` of API or FDF making with or without an FEI, the rest by FEI."""

    rows: int
    feis: int
    foreign: int
    domestic: int
    api: int
    api_foreign: int
    fdf: int
    fdf_domestic: int


@dataclass(frozen=True, slots=True)
class LinkShares:
    """Of inspection records, how many have an FEI in the registration file."""

    all: Share
    foreign: Share
    domestic: Share


def makers(establishments: Iterable[Establishment]) -> MakerCounts:
    """Count registered API and FDF makers.

    A site that makes both counts in both; a site under several DUNS numbers counts once.
    """
    rows = [row for row in establishments if row.activities]
    registry = Registry(rows, ())
    records = [r for fei in registry.registered_feis if (r := registry.facility_record(fei))]
    # A site that makes both is in both lists, so they do not add up to the sites.
    api = [record for record in records if "API" in record.activities]
    fdf = [record for record in records if "FDF" in record.activities]
    return MakerCounts(
        rows=len(rows),
        feis=len(records),
        foreign=sum(record.is_domestic is False for record in records),
        domestic=sum(record.is_domestic is True for record in records),
        api=len(api),
        api_foreign=sum(record.is_domestic is False for record in api),
        fdf=len(fdf),
        fdf_domestic=sum(record.is_domestic is True for record in fdf),
    )


def summarise_window(
    registry: Registry, as_of: date, years: int = 5, project_area: str = DRUG_QUALITY
) -> WindowSummary:
    """Return who was inspected in a window, and with which current class.

    Parameters
    ----------
    registry : the records; without establishments the registered shares are of nothing.
    as_of, years, project_area : as in `Registry.inspections_in_window`.

    Raises
    ------
    ValueError
        `years` is less than 1.
    """
    first_on = window_start(as_of, years)
    windows = {
        fei: window
        for fei in registry.inspected_feis
        if (window := registry.inspections_in_window(fei, as_of, years, project_area)).inspections
    }
    domestic_by_fei = {
        fei: record.is_domestic
        for fei in registry.registered_feis
        if (record := registry.facility_record(fei)) and record.activities
    }
    return WindowSummary(
        project_area=project_area,
        first_on=first_on,
        last_on=as_of,
        inspections=sum(len(window.inspections) for window in windows.values()),
        inspected_feis=len(windows),
        current=_class_counts(windows.values()),
        feis_with_oai=sum(window.has_oai for window in windows.values()),
        registered=_share_in(windows, domestic_by_fei),
        registered_foreign=_share_in(windows, _with_value(domestic_by_fei, False)),
        registered_domestic=_share_in(windows, _with_value(domestic_by_fei, True)),
        registered_current=_class_counts(windows[fei] for fei in domestic_by_fei if fei in windows),
    )


def link_shares(inspections: Iterable[Inspection], registered_feis: frozenset[str]) -> LinkShares:
    """Return which share of inspection records has an FEI that is registered.

    Foreign and domestic go by the inspection record; records of unknown place count in `all`.
    """
    records = list(inspections)

    def share(of: list[Inspection]) -> Share:
        return Share(sum(record.fei in registered_feis for record in of), len(of))

    return LinkShares(
        all=share(records),
        foreign=share([record for record in records if record.is_domestic is False]),
        domestic=share([record for record in records if record.is_domestic is True]),
    )


def next_inspection_oai(inspections: Iterable[Inspection]) -> dict[Classification, Share]:
    """Return, by class of an inspection, how often the next one of the same site was OAI.

    Parameters
    ----------
    inspections : of one project area and of the years of interest. Inspections of a site that
        ended on one day count as one, with the least favourable class. A pair in which a class
        is unknown is left out.

    Returns
    -------
    dict
        For NAI, VAI and OAI: OAI next, out of all consecutive pairs that begin with the class.
    """
    by_fei: dict[str, list[Inspection]] = {}
    for inspection in inspections:
        by_fei.setdefault(inspection.fei, []).append(inspection)
    followed: dict[Classification, list[bool]] = {"NAI": [], "VAI": [], "OAI": []}
    for of_site in by_fei.values():
        for later, earlier in pairwise(_one_per_day(of_site)):
            if earlier.classification and later.classification:
                followed[earlier.classification].append(later.classification == "OAI")
    return {classification: Share(sum(oai), len(oai)) for classification, oai in followed.items()}


def _one_per_day(inspections: list[Inspection]) -> list[Inspection]:
    by_day: dict[date, Inspection] = {}
    for inspection in latest_first(inspections):
        by_day.setdefault(inspection.ended_on, inspection)
    return list(by_day.values())


def _class_counts(windows: Iterable[InspectionWindow]) -> ClassCounts:
    current = [window.current_classification for window in windows]
    return ClassCounts(
        current.count("NAI"), current.count("VAI"), current.count("OAI"), current.count(None)
    )


def _share_in(windows: dict[str, InspectionWindow], feis: Iterable[str]) -> Share:
    wanted = set(feis)
    return Share(len(wanted & windows.keys()), len(wanted))


def _with_value(domestic_by_fei: dict[str, bool | None], value: bool) -> set[str]:
    return {fei for fei, is_domestic in domestic_by_fei.items() if is_domestic is value}
