"""What the public records say about one site, asked by its FEI."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openqmm.core.registry.identity import is_domestic_country, normalise_fei
from openqmm.core.registry.records import (
    DRUG_QUALITY,
    Activity,
    Establishment,
    Inspection,
)
from openqmm.core.registry.windows import InspectionWindow, latest_first, window_start


@dataclass(frozen=True, slots=True)
class FacilityRecord:
    """The registration of one FEI, its establishments united.

    `establishments` are the rows it rests on, the one that gives name and address first. The
    country is None when the rows name none or more than one.
    """

    fei: str
    name: str
    address: str
    country: str | None
    activities: frozenset[Activity]
    expires_on: date | None
    duns: tuple[str, ...]
    establishments: tuple[Establishment, ...]

    @property
    def is_domestic(self) -> bool | None:
        """Whether the site is in the United States or a territory; None when unknown."""
        return is_domestic_country(self.country)


class Registry:
    """Registrations and inspections, indexed by FEI.

    Parameters
    ----------
    establishments : registration rows; those without an FEI answer to nothing but are kept.
    inspections : one record per inspection and project area.
    """

    def __init__(
        self, establishments: Iterable[Establishment], inspections: Iterable[Inspection]
    ) -> None:
        self.establishments = tuple(establishments)
        self.inspections = tuple(inspections)
        self._registered: dict[str, list[Establishment]] = {}
        self._inspected: dict[str, list[Inspection]] = {}
        for establishment in self.establishments:
            # Placeholder FEIs would otherwise merge unrelated sites into one.
            if establishment.fei:
                self._registered.setdefault(establishment.fei, []).append(establishment)
        for inspection in self.inspections:
            self._inspected.setdefault(inspection.fei, []).append(inspection)

    @property
    def registered_feis(self) -> frozenset[str]:
        """Every FEI with a registration row."""
        return frozenset(self._registered)

    @property
    def inspected_feis(self) -> frozenset[str]:
        """Every FEI with an inspection, of any age and project area."""
        return frozenset(self._inspected)

    def facility_record(self, fei: str) -> FacilityRecord | None:
        """Return the registration of a site, or None when the FEI is not registered.

        Several rows of one FEI (one per DUNS) are united: activities together, name and address
        from the first row, where rows of makers come before others and then the lowest DUNS
        comes first. Of snapshots of several years only the rows that expire last stand.
        """
        key = normalise_fei(fei)
        rows = self._registered.get(key, []) if key else []
        if not (key and rows):
            return None
        # An activity given up at the last renewal must not come back from an older snapshot.
        standing = sorted(_expiring_last(rows), key=_precedence)
        # One FEI is one place. Rows that name two countries contradict each other, and choosing
        # one would decide whether the site is foreign.
        countries = {row.country for row in standing if row.country}
        return FacilityRecord(
            fei=key,
            name=standing[0].name,
            address=standing[0].address,
            country=countries.pop() if len(countries) == 1 else None,
            activities=frozenset().union(*(row.activities for row in standing)),
            expires_on=standing[0].expires_on,
            duns=tuple(dict.fromkeys(row.duns for row in standing if row.duns)),
            establishments=tuple(standing),
        )

    def inspections_in_window(
        self, fei: str, as_of: date, years: int = 5, project_area: str = DRUG_QUALITY
    ) -> InspectionWindow:
        """Return the inspections of a site that ended in the look-back window.

        Parameters
        ----------
        fei : as any source writes it; zeros in front and blanks around do not matter.
        as_of : last day of the window, included.
        years : length of the window; its first day is the same day that many years earlier,
            included.
        project_area : only inspections in this area. One inspection may have a class in several.

        Raises
        ------
        ValueError
            `years` is less than 1.
        """
        first_on = window_start(as_of, years)
        key = normalise_fei(fei)
        found = self._inspected.get(key, []) if key else []
        inside = (
            inspection
            for inspection in found
            if inspection.project_area == project_area and first_on <= inspection.ended_on <= as_of
        )
        return InspectionWindow(key, project_area, first_on, as_of, latest_first(inside))


def _expiring_last(rows: list[Establishment]) -> list[Establishment]:
    latest = max(row.expires_on or date.min for row in rows)
    return [row for row in rows if (row.expires_on or date.min) == latest]


def _precedence(row: Establishment) -> tuple[bool, str, str, str, tuple[str, ...]]:
    return not row.activities, row.duns or "", row.name, row.address, row.operations
