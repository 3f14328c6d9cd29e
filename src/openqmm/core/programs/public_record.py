"""What the public files say of one facility, and which dates they cover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from openqmm.core.programs.model import SourceKind
from openqmm.core.registry.compliance import ComplianceAction
from openqmm.core.registry.coverage import Coverage, coverage
from openqmm.core.registry.covers import Cover, span
from openqmm.core.registry.identity import normalise_fei
from openqmm.core.registry.import_alerts import ImportAlertEntry
from openqmm.core.registry.lookup import FacilityRecord, Registry
from openqmm.core.registry.records import DRUG_QUALITY, Inspection

R = TypeVar("R", Inspection, ComplianceAction, ImportAlertEntry)


@dataclass(frozen=True, slots=True)
class PublicRecord:
    """The public record of one FEI.

    `registration` is None when the FEI is not registered; `inspections` are of any age and project
    area, `actions` of any age. `alerts` are the entries of import alerts that are linked to the
    facility, `possible_alerts` those that a person has yet to look at; `products` are product
    listings linked to it, as lines of evidence. `registrations_until` is the last day for which
    the registration files loaded speak, `inspections_cover` the dates of the inspection files with
    their gaps, `covers` those of the other kinds; what is missing there is not loaded.
    """

    registration: FacilityRecord | None = None
    inspections: tuple[Inspection, ...] = ()
    registrations_until: date | None = None
    inspections_cover: Coverage | None = None
    actions: tuple[ComplianceAction, ...] = ()
    alerts: tuple[ImportAlertEntry, ...] = ()
    possible_alerts: tuple[ImportAlertEntry, ...] = ()
    products: tuple[str, ...] = ()
    covers: Mapping[SourceKind, Cover] = field(default_factory=dict)


class PublicRecords:
    """The public records of every FEI in a registry.

    Parameters
    ----------
    registry : registrations and inspections. The registrations speak until the latest expiry date
        among them; the inspections cover the days from the first to the last end date.
    actions : compliance actions, None when no file of them is loaded. They cover the days from the
        first to the last; without any FEI they are left out.
    alerts : entries of import alerts with the FEI they were linked to.
    alerts_cover : the day of the list they are from; None when no list is loaded.
    """

    def __init__(
        self,
        registry: Registry,
        actions: Iterable[ComplianceAction] | None = None,
        alerts: Iterable[ImportAlertEntry] = (),
        alerts_cover: Cover | None = None,
    ) -> None:
        self._registry = registry
        expiries = [row.expires_on for row in registry.establishments if row.expires_on]
        self._registrations_until = max(expiries, default=None)
        self._inspections_cover = coverage(registry.inspections, DRUG_QUALITY)
        self._inspections = _by_fei(registry.inspections)
        taken = tuple(actions or ())
        self._actions, self._alerts = _by_fei(taken), _by_fei(alerts)
        self._covers: dict[SourceKind, Cover] = {}
        actions_cover = span(action.taken_on for action in taken)
        if actions_cover:
            self._covers["compliance"] = actions_cover
        if alerts_cover:
            self._covers["import_alerts"] = alerts_cover

    def of(self, fei: str) -> PublicRecord:
        """Return what the files say of one FEI, which may be written in any way."""
        key = normalise_fei(fei) or ""
        return PublicRecord(
            registration=self._registry.facility_record(fei),
            inspections=tuple(self._inspections.get(key, ())),
            registrations_until=self._registrations_until,
            inspections_cover=self._inspections_cover,
            actions=tuple(self._actions.get(key, ())),
            alerts=tuple(self._alerts.get(key, ())),
            covers=self._covers,
        )


def _by_fei(records: Iterable[R]) -> dict[str, list[R]]:
    found: dict[str, list[R]] = {}
    for record in records:
        if record.fei:
            found.setdefault(record.fei, []).append(record)
    return found
