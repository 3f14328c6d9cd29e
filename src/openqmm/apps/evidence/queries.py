"""Every read of evidence: by its owner, by a facility's assessors, and by the nightly check."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from openqmm.apps.audit import queries as audit
from openqmm.apps.evidence.models import INTERNAL, KEEPERS, EvidenceFile
from openqmm.apps.facilities import queries as facilities
from openqmm.apps.facilities.models import Facility
from openqmm.core.errors import NotFound
from openqmm.core.records import KINDS
from openqmm.core.workflow import Actor

_KIND_TITLES = {kind.media_type: kind.title for kind in KINDS}


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """One version of a file, as pages show it."""

    id: UUID
    name: str
    kind: str
    size: int
    pages: int | None
    sha256: str
    mark: str
    mark_code: str
    period_from: date | None
    period_until: date | None
    uploaded_by: str
    uploaded_at: datetime
    scanned_at: datetime | None
    version: int
    withdrawn_at: datetime | None
    withdrawn_because: str


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """One version of a file with everything about it."""

    line: EvidenceLine
    facility: Facility
    versions: list[EvidenceLine]
    newest: bool
    derived_from: EvidenceLine | None
    renditions: list[EvidenceLine]
    entries: list[audit.Entry]


def files(by: Actor, facility_id: Any) -> list[EvidenceLine]:
    """Return the newest version of every original of a facility of the actor's own organisation
    (NotFound for any other facility)."""
    facility = own_facility(by, facility_id)
    rows = _visible_to(by).filter(facility=facility, replaced_by=None, derived_from=None)
    return [_line(row) for row in rows]


def own_facility(by: Actor, facility_id: Any) -> Facility:
    """Return a facility whose evidence the actor may keep (NotFound)."""
    facility = facilities.facility(by, facility_id)
    if by.role not in KEEPERS:
        raise NotFound("There is no such facility.")
    return facility


def page(by: Actor, evidence_id: Any) -> EvidencePage:
    """Return one version of a file of the actor's own organisation (NotFound)."""
    row = evidence(by, evidence_id)
    versions = list(_visible_to(by).filter(series=row.series).order_by("-version"))
    newest = versions[0].pk == row.pk
    return EvidencePage(
        line=_line(row),
        facility=row.facility,
        versions=[_line(version) for version in versions],
        newest=newest,
        derived_from=_line(row.derived_from) if row.derived_from else None,
        renditions=[_line(one) for one in _visible_to(by).filter(derived_from=row)],
        entries=audit.timeline(row),
    )


def evidence(by: Actor, evidence_id: Any) -> EvidenceFile:
    """Return one version of a file of the actor's own organisation (NotFound)."""
    return _one(_visible_to(by).filter(pk=evidence_id))


def has_newer(row: EvidenceFile) -> bool:
    """Tell whether a newer version of the file is there."""
    return EvidenceFile.objects.filter(series=row.series, version__gt=row.version).exists()


def files_for_assessors(facility_id: UUID) -> list[EvidenceLine]:
    """Return what the assessors of a facility may read of its evidence: the newest version of
    each original that is neither marked internal nor withdrawn. That the reader is one of them is
    the caller's to check."""
    return [_line(row) for row in _open_to_assessors(facility_id)]


def evidence_for_assessors(facility_id: UUID, evidence_id: Any) -> EvidenceFile:
    """Return one of those files (NotFound)."""
    return _one(_open_to_assessors(facility_id).filter(pk=evidence_id))


def every_file() -> Iterator[EvidenceFile]:
    """Yield every version of every file of everybody, for the nightly check."""
    return _rows().order_by("uploaded_at").iterator(chunk_size=500)


def _visible_to(by: Actor) -> QuerySet[EvidenceFile]:
    if by.role not in KEEPERS or by.organisation_id is None:
        return EvidenceFile.objects.none()
    return _rows().filter(organisation_id=by.organisation_id)


def _open_to_assessors(facility_id: UUID) -> QuerySet[EvidenceFile]:
    return (
        _rows()
        .filter(facility_id=facility_id, replaced_by=None, withdrawn_at=None)
        .exclude(confidentiality=INTERNAL)
    )


def _rows() -> QuerySet[EvidenceFile]:
    return EvidenceFile.objects.select_related("facility", "uploaded_by", "derived_from")


def _one(rows: QuerySet[EvidenceFile]) -> EvidenceFile:
    found = rows.first()
    if found is None:
        raise NotFound("There is no such file.")
    return found


def _line(row: EvidenceFile) -> EvidenceLine:
    return EvidenceLine(
        id=row.pk,
        name=row.name,
        kind=_KIND_TITLES.get(row.media_type, row.media_type),
        size=row.size,
        pages=row.pages,
        sha256=row.sha256,
        mark=row.get_confidentiality_display(),
        mark_code=row.confidentiality,
        period_from=row.period_from,
        period_until=row.period_until,
        uploaded_by=row.uploaded_by.full_name if row.uploaded_by else "",
        uploaded_at=row.uploaded_at,
        scanned_at=row.scanned_at,
        version=row.version,
        withdrawn_at=row.withdrawn_at,
        withdrawn_because=row.withdrawn_because,
    )
