"""What the public files say of one facility, and which dates they cover."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openqmm.core.registry.coverage import Coverage, coverage
from openqmm.core.registry.identity import normalise_fei
from openqmm.core.registry.lookup import FacilityRecord, Registry
from openqmm.core.registry.records import DRUG_QUALITY, Inspection


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """The public record of one FEI.

    `registration` is None when the FEI is not registered; `inspections` are of any age and project
    area. `registrations_until` is the last day for which the registration files loaded speak,
    `inspections_cover` the dates of the inspection files loaded with their gaps; both are None
    when nothing of the kind is loaded.
    """

    registration: FacilityRecord | None = None
    inspections: tuple[Inspection, ...] = ()
    registrations_until: date | None = None
    inspections_cover: Coverage | None = None


class PublicRecords:
    """The public records of every FEI in a registry.

    Parameters
    ----------
    registry : registrations and inspections. The registrations speak until the latest expiry date
        among them; the inspections cover the days from the first to the last end date.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        expiries = [row.expires_on for row in registry.establishments if row.expires_on]
        self._registrations_until = max(expiries, default=None)
        self._inspections_cover = coverage(registry.inspections, DRUG_QUALITY)
        self._inspections: dict[str, list[Inspection]] = {}
        for inspection in registry.inspections:
            self._inspections.setdefault(inspection.fei, []).append(inspection)

    def of(self, fei: str) -> PublicRecord:
        """Return what the files say of one FEI, which may be written in any way."""
        return PublicRecord(
            registration=self._registry.facility_record(fei),
            inspections=tuple(self._inspections.get(normalise_fei(fei) or "", ())),
            registrations_until=self._registrations_until,
            inspections_cover=self._inspections_cover,
        )
