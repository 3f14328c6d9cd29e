"""Facilities as each role may see them, and the public records about any FEI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.facilities.models import Establishment, Facility, Inspection, RecordSource
from openqmm.core.errors import NotFound
from openqmm.core.programs import PublicRecord
from openqmm.core.registry import records as core
from openqmm.core.registry.coverage import Coverage, Gap
from openqmm.core.registry.identity import country_of_address, is_domestic_country, normalise_fei
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.windows import latest_first
from openqmm.core.workflow import Actor, Role

CLASS_WORDS = {
    "NAI": "No action indicated",
    "VAI": "Voluntary action indicated",
    "OAI": "Official action indicated",
}
_CLASS_TONES = {"NAI": "done", "VAI": "info", "OAI": "stop"}


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """An inspection as a page shows it, its class in words."""

    ended_on: date
    inspection_id: str
    project_area: str
    classification: str
    words: str
    tone: str


def facilities(by: Actor) -> list[Facility]:
    """Return the facilities the actor may know of: a manufacturer's own; for the office those that
    have applied; none for anybody else."""
    return list(_visible_to(by))


def facility(by: Actor, facility_id: Any) -> Facility:
    """Return one facility the actor may know of (NotFound)."""
    found = _visible_to(by).filter(pk=facility_id).first()
    if found is None:
        raise NotFound("There is no such facility.")
    return found


def public_record(fei: str) -> PublicRecord:
    """Return what the public files loaded say of an FEI, and which dates they cover."""
    key = normalise_fei(fei) or ""
    rows = [to_establishment(row) for row in Establishment.objects.filter(fei=key)]
    registrations, inspections = latest_source("establishments"), latest_source("inspections")
    return PublicRecord(
        registration=Registry(rows, ()).facility_record(key),
        inspections=tuple(to_inspection(row) for row in Inspection.objects.filter(fei=key)),
        registrations_until=registrations.covers_until if registrations else None,
        inspections_cover=_coverage(inspections),
    )


def inspection_lines(record: PublicRecord) -> list[InspectionLine]:
    """Return every inspection of a public record as a page shows it, latest first."""
    return [
        InspectionLine(
            ended_on=inspection.ended_on,
            inspection_id=inspection.inspection_id,
            project_area=inspection.project_area,
            classification=inspection.classification or "",
            words=CLASS_WORDS.get(inspection.classification or "", "Class unknown"),
            tone=_CLASS_TONES.get(inspection.classification or "", "neutral"),
        )
        for inspection in latest_first(record.inspections)
    ]


def latest_source(kind: str) -> RecordSource | None:
    """Return what was loaded last of a kind; its dates are those of all that is stored."""
    return RecordSource.objects.filter(kind=kind).order_by("loaded_at").last()


def to_establishment(row: Establishment) -> core.Establishment:
    """Return a stored registration as the core knows it."""
    return core.Establishment(
        fei=row.fei,
        duns=row.duns or None,
        name=row.name,
        address=row.address,
        country=row.country or country_of_address(row.address),
        operations=tuple(row.operations),
        expires_on=row.expires_on,
    )


def to_inspection(row: Inspection) -> core.Inspection:
    """Return a stored inspection as the core knows it; where it took place is not stored."""
    known = row.classification if row.classification in CLASS_WORDS else None
    return core.Inspection(
        fei=row.fei,
        inspection_id=row.inspection_id,
        ended_on=row.ended_on,
        classification=known,  # type: ignore[arg-type]
        project_area=row.project_area,
        legal_name=row.legal_name,
        city="",
        state="",
        country=None,
        is_domestic=None,
    )


def country_words(country: str) -> str:
    """Return an alpha-3 code with which side of the border it is on."""
    domestic = is_domestic_country(country or None)
    if domestic is None:
        return ""
    return f"{country} (domestic)" if domestic else f"{country} (foreign)"


def has_facility(by: Actor, fei: str) -> bool:
    """Return whether the actor's own organisation has entered this FEI already."""
    return Facility.objects.filter(organisation_id=by.organisation_id, fei=fei).exists()


def _visible_to(by: Actor) -> QuerySet[Facility]:
    known = Facility.objects.select_related("organisation")
    if by.role in {Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY}:
        return known.filter(organisation_id=by.organisation_id)
    if by.role is Role.PROGRAM_ADMINISTRATOR:
        known = known.exclude(organisation__in=accounts.barred_organisations(by))
        return known.filter(applications__submitted_at__isnull=False).distinct()
    return known.none()


def _coverage(source: RecordSource | None) -> Coverage | None:
    if source is None or source.covers_from is None or source.covers_until is None:
        return None
    gaps = tuple(
        Gap(name, date.fromisoformat(before), date.fromisoformat(after))
        for name, before, after in source.gaps
    )
    return Coverage(source.covers_from, source.covers_until, gaps)
