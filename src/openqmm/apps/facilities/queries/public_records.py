"""What the public files loaded say of one FEI."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from openqmm.apps.facilities.models import (
    ComplianceAction,
    DrugProduct,
    Establishment,
    ImportAlertEntry,
    Inspection,
    RecordLink,
)
from openqmm.apps.facilities.queries.sources import cover_of, coverage_of, latest_sources
from openqmm.apps.facilities.queries.stored import (
    product_line,
    to_action,
    to_alert,
    to_establishment,
    to_inspection,
)
from openqmm.core.programs import PublicRecord
from openqmm.core.programs.model import SourceKind
from openqmm.core.registry import import_alerts as core
from openqmm.core.registry.covers import Cover
from openqmm.core.registry.identity import normalise_fei
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.windows import latest_first

CLASS_WORDS = {
    "NAI": "No action indicated",
    "VAI": "Voluntary action indicated",
    "OAI": "Official action indicated",
}
CLASS_TONES = {"NAI": "done", "VAI": "info", "OAI": "stop"}
_COVERED: tuple[SourceKind, ...] = ("compliance", "import_alerts", "ndc")


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """An inspection as a page shows it, its class in words."""

    ended_on: date
    inspection_id: str
    project_area: str
    classification: str
    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class LinkedSubjects:
    """Subjects of records linked to one FEI, by kind: sure, and waiting for a person; and by which
    method each of the sure ones is linked."""

    accepted: dict[str, list[str]]
    proposed: dict[str, list[str]]
    methods: dict[tuple[str, str], str]


def public_record(fei: str) -> PublicRecord:
    """Return what the public files loaded say of an FEI, and which dates they cover.

    A registration, alert or listing that is gone from the newest list no longer stands.
    """
    key = normalise_fei(fei) or ""
    standing = Establishment.objects.filter(fei=key, gone_on__isnull=True)
    linked, sources = linked_subjects(key), latest_sources()
    registrations = sources.get("establishments")
    actions = ComplianceAction.objects.filter(about(key, linked, "compliance"))
    alerts = ImportAlertEntry.objects.filter(gone_on__isnull=True)
    return PublicRecord(
        registration=Registry(map(to_establishment, standing), ()).facility_record(key),
        inspections=tuple(to_inspection(row) for row in Inspection.objects.filter(fei=key)),
        registrations_until=registrations.covers_until if registrations else None,
        inspections_cover=coverage_of(sources.get("inspections")),
        actions=tuple(map(to_action, actions)),
        alerts=tuple(map(to_alert, alerts.filter(about(key, linked, "import_alerts")))),
        possible_alerts=_possible(linked),
        products=_products(linked),
        covers=_covers({kind: cover_of(sources.get(kind)) for kind in _COVERED}),
    )


def linked_subjects(fei: str) -> LinkedSubjects:
    """Return whose records without an FEI are linked, or might be linked, to a site."""
    found = LinkedSubjects({}, {}, {})
    links = RecordLink.objects.filter(fei=fei).exclude(state="rejected")
    for kind, subject, state, method in links.values_list("kind", "subject", "state", "method"):
        subjects = found.accepted if state == "accepted" else found.proposed
        subjects.setdefault(kind, []).append(subject)
        if state == "accepted":
            found.methods[kind, subject] = method
    return found


def about(fei: str, linked: LinkedSubjects, kind: str) -> Q:
    """Return the condition that a record of a kind is about a site: by FEI, or by a link."""
    if not fei:
        # Records without an FEI are about somebody, not about everybody.
        return Q(pk__in=())
    return Q(fei=fei) | Q(subject__in=linked.accepted.get(kind, ()))


def inspection_lines(record: PublicRecord) -> list[InspectionLine]:
    """Return every inspection of a public record as a page shows it, latest first."""
    return [
        InspectionLine(
            ended_on=inspection.ended_on,
            inspection_id=inspection.inspection_id,
            project_area=inspection.project_area,
            classification=inspection.classification or "",
            words=CLASS_WORDS.get(inspection.classification or "", "Class unknown"),
            tone=CLASS_TONES.get(inspection.classification or "", "neutral"),
        )
        for inspection in latest_first(record.inspections)
    ]


def _possible(linked: LinkedSubjects) -> tuple[core.ImportAlertEntry, ...]:
    subjects = linked.proposed.get("import_alerts")
    if not subjects:
        return ()
    waiting = ImportAlertEntry.objects.filter(subject__in=subjects, gone_on__isnull=True)
    return tuple(map(to_alert, waiting))


def _products(linked: LinkedSubjects) -> tuple[str, ...]:
    subjects = linked.accepted.get("ndc")
    if not subjects:
        return ()
    listed = DrugProduct.objects.filter(subject__in=subjects, gone_on__isnull=True)
    return tuple(map(product_line, listed.order_by("product_ndc")))


def _covers(known: dict[SourceKind, Cover | None]) -> dict[SourceKind, Cover]:
    return {kind: cover for kind, cover in known.items() if cover}
