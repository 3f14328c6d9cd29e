"""Loading the public files: one event a file, with its counts; each row written is on the trail."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, OuterRef

from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.actions import OpenEvent
from openqmm.apps.facilities import policies, queries
from openqmm.apps.facilities.models import Establishment, Inspection, RecordSource
from openqmm.core.errors import InvalidRecords, NotPermitted, Problem
from openqmm.core.records import sha256_hex
from openqmm.core.registry import importing
from openqmm.core.registry.coverage import coverage
from openqmm.core.registry.records import DRUG_QUALITY
from openqmm.core.workflow import Actor
from openqmm.web import clock

_BATCH = 400


@dataclass(frozen=True, slots=True)
class _Merged:
    """Rows to write, and how many of them are new or replace a stored one."""

    rows: list[models.Model]
    added: int
    replaced: int


def import_establishments(*, by: Actor, path: Path | str) -> RecordSource:
    """Load a registration file: rows are added, or replace the stored row of the same FEI, DUNS
    and name unless that one expires later. A file loaded twice only adds to the list of sources.

    Only a program administrator or the system may (NotPermitted). Event `records.imported` with
    the counts. Rows without an FEI are counted as rejected: nobody could ask for them. A file of
    another kind is refused (InvalidRecords).
    """
    _require_importer(by)
    path = Path(path)
    imported = importing.import_establishments([path])
    known = [record for record in imported.records if record.fei]
    rows = [
        Establishment(
            fei=record.fei,
            duns=record.duns or "",
            name=record.name,
            address=record.address,
            country=record.country or "",
            operations=list(record.operations),
            expires_on=record.expires_on,
        )
        for record in known
    ]
    unusable = len(imported.records) - len(known) + _rejected(imported.files)
    with transaction.atomic():
        merged = _merge(Establishment, rows, ("fei", "duns", "name"), newer=_expires_no_sooner)
        source = _source("establishments", path, imported.rows, unusable, merged)
        with _recording(by, source) as opened:
            _write(Establishment, merged, ("fei", "duns", "name"))
            until = Establishment.objects.aggregate(last=models.Max("expires_on"))["last"]
            source.covers_until = until
            return opened.create(source)


def import_inspections(
    *, by: Actor, path: Path | str, covers_until: date | None = None
) -> RecordSource:
    """Load an inspection file: rows are added, or replace the stored row of the same inspection,
    project area, end date and class. A class that could not be read gives way to one that can.

    `covers_until` says until which day the file is complete, when that is later than its last
    inspection. Only a program administrator or the system may (NotPermitted). Event
    `records.imported` with the counts. A file of another kind, or days to come said to be covered,
    are refused (InvalidRecords).
    """
    _require_importer(by)
    path = Path(path)
    imported = importing.import_inspections([path])
    rows = [
        Inspection(
            fei=record.fei,
            inspection_id=record.inspection_id,
            ended_on=record.ended_on,
            classification=record.classification or "",
            project_area=record.project_area,
            legal_name=record.legal_name,
        )
        for record in imported.records
    ]
    last_on = max(row.ended_on for row in rows)
    refusal = policies.coverage_refusal(last_on, covers_until, clock.today())
    if refusal:
        raise InvalidRecords(path.name, [Problem(refusal)])
    key = ("fei", "inspection_id", "project_area", "ended_on", "classification")
    with transaction.atomic():
        merged = _merge(Inspection, rows, key)
        source = _source("inspections", path, imported.rows, _rejected(imported.files), merged)
        with _recording(by, source) as opened:
            _write(Inspection, merged, key)
            _drop_unreadable_told_again()
            _set_coverage(source, covers_until)
            return opened.create(source)


def _require_importer(by: Actor) -> None:
    refusal = policies.importing_refusal(by)
    if refusal:
        raise NotPermitted(refusal)


def _rejected(files: Any) -> int:
    return sum(len(file.rejected) for file in files)


def _merge(
    model: type[models.Model], rows: list[Any], key: tuple[str, ...], newer: Any = None
) -> _Merged:
    """Return which of the rows are new, and which differ from the stored row of the same key."""

    def key_of(row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in key)

    stored = {key_of(row): row for row in model._default_manager.all()}
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    added, replaced = [], []
    for identity, row in {key_of(row): row for row in rows}.items():
        old = stored.get(identity)
        if old is None:
            added.append(row)
        elif any(getattr(row, name) != getattr(old, name) for name in fields) and (
            newer is None or newer(row, old)
        ):
            replaced.append(row)
    return _Merged([*added, *replaced], len(added), len(replaced))


def _expires_no_sooner(row: Any, old: Any) -> bool:
    return (row.expires_on or date.min) >= (old.expires_on or date.min)


def _write(model: type[models.Model], merged: _Merged, key: tuple[str, ...]) -> None:
    others = [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in key
    ]
    model._default_manager.bulk_create(
        merged.rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=list(key),
        update_fields=others,
    )


def _drop_unreadable_told_again() -> None:
    same = Inspection.objects.filter(
        fei=OuterRef("fei"),
        inspection_id=OuterRef("inspection_id"),
        project_area=OuterRef("project_area"),
        ended_on=OuterRef("ended_on"),
    ).exclude(classification="")
    Inspection.objects.filter(Exists(same), classification="").delete()


def _set_coverage(source: RecordSource, covers_until: date | None) -> None:
    """Give the source the dates of everything stored, not of this file alone."""
    covered = coverage(map(queries.to_inspection, Inspection.objects.all()), DRUG_QUALITY)
    if covered is None:
        return
    before = queries.latest_source("inspections")
    said = [day for day in (covers_until, before.covers_until if before else None) if day]
    source.covers_from = covered.first_on
    source.covers_until = max([covered.last_on, *said])
    source.gaps = [
        [gap.classification, gap.last_before.isoformat(), gap.first_after.isoformat()]
        for gap in covered.gaps
    ]


def _source(kind: str, path: Path, rows: int, rejected: int, merged: _Merged) -> RecordSource:
    return RecordSource(
        kind=kind,
        file_name=path.name,
        digest=sha256_hex(path.read_bytes()),
        loaded_at=clock.now(),
        rows=rows,
        rejected=rejected,
        added=merged.added,
        replaced=merged.replaced,
    )


def _recording(by: Actor, source: RecordSource) -> AbstractContextManager[OpenEvent]:
    counts = f"{source.rows:,} rows, {source.added:,} new, {source.replaced:,} replaced"
    return audit.event(
        by=by,
        what="records.imported",
        on=source,
        sentence=f"loaded {source.get_kind_display().lower()} from {source.file_name} ({counts}, "
        f"{source.rejected:,} not usable)",
    )
