"""Loading the public files: one event a file, with its counts; each row written is on the trail."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef

from openqmm.apps.audit import actions as audit
from openqmm.apps.audit.actions import OpenEvent
from openqmm.apps.facilities import policies, queries
from openqmm.apps.facilities.actions import merging
from openqmm.apps.facilities.actions.linking import link_records
from openqmm.apps.facilities.models import Establishment, Inspection, RecordSource
from openqmm.core.errors import InvalidRecords, NotPermitted, Problem
from openqmm.core.records import sha256_hex
from openqmm.core.registry.coverage import coverage
from openqmm.core.registry.covers import Cover
from openqmm.core.registry.kinds import KINDS, kind_of
from openqmm.core.registry.kinds import told_on as day_told
from openqmm.core.registry.merging import ImportedRecords
from openqmm.core.registry.records import DRUG_QUALITY
from openqmm.core.registry.snapshots import (
    SNAPSHOT_KINDS,
    day_refusal,
    joined,
    latest_day,
    shrinking_refusal,
)
from openqmm.core.workflow import Actor
from openqmm.web import clock


@dataclass(frozen=True, slots=True)
class _File:
    """A file read, and the days that are said or can be told of it."""

    kind: str
    path: Path
    imported: ImportedRecords[Any]
    cover: Cover | None
    covers_until: date | None
    told_on: date | None = None
    older: bool = False

    @property
    def is_list(self) -> bool:
        return self.kind in SNAPSHOT_KINDS

    @property
    def seen_on(self) -> date | None:
        """The day on which the source told the records; None of an old list without a day."""
        if self.is_list:
            return self.told_on
        return day_told(self.imported) or clock.today()


def import_records(
    *,
    by: Actor,
    path: Path | str,
    kind: str | None = None,
    told_on: date | None = None,
    covers_until: date | None = None,
    may_shrink: bool = False,
) -> RecordSource:
    """Load a public file: rows are added, or replace the stored row of the same natural key. Its
    kind is recognised by its header when it is not said.

    Of a kind that shows one day (`told_on`, when the file does not say it) what is absent from a
    newer list is kept and marked as gone, and an older list only adds. `covers_until` says until
    which day a file of events is complete, when that is later than its last record. A file loaded
    twice only adds to the list of sources. Event `records.imported` with the counts; then the
    firms it names are linked to sites.

    Only a program administrator or the system may (NotPermitted). Refused (InvalidRecords) for a
    file of another kind, for days that cannot be true, and for a list of less than half of what
    stood before unless it `may_shrink`.
    """
    refusal = policies.importing_refusal(by)
    if refusal:
        raise NotPermitted(refusal)
    path = Path(path)
    file = _read(kind or _recognised(path), path, told_on, covers_until)
    rows, unusable = merging.rows_of(file.kind, file.imported.records)
    if not rows:
        raise _refused(path, "None of its records can be stored: they have no FEI.")
    with transaction.atomic():
        model = queries.MODELS[file.kind]
        merged = merging.merge(model, rows, older=file.older, list_=file.is_list)
        shrunk = shrinking_refusal(merged.standing, merged.standing - len(merged.gone))
        if shrunk and merged.gone and not may_shrink:
            raise _refused(path, shrunk)
        source = _stored(by, file, merged, unusable)
        if merged.added or merged.changed:
            link_records(by=by, source=source)
        return source


def _stored(by: Actor, file: _File, merged: merging.Merged, unusable: int) -> RecordSource:
    source = _source(file, unusable, merged)
    with _recording(by, source) as opened:
        later = queries.next_list_day(file.kind, file.told_on) if file.older else None
        merging.write(merged, source, file.seen_on, later)
        if not _same_again(source):
            merging.mark(merged, source, file.seen_on)
        if file.kind == "inspections":
            _drop_unreadable_told_again()
        _set_cover(source, file)
        return opened.create(source)


def _recognised(path: Path) -> str:
    kind = kind_of(path)
    if kind is None:
        titles = ", ".join(table.title.lower() for table in KINDS.values())
        why = (
            f"It could not be recognised as one of the nine kinds of public files ({titles}). Say "
            "which kind it is meant to be to learn what is wrong with it, or download it again."
        )
        raise _refused(path, why)
    return kind


def _read(kind: str, path: Path, told_on: date | None, covers_until: date | None) -> _File:
    imported = KINDS[kind].import_files([path])
    said = told_on or day_told(imported)
    cover = KINDS[kind].covers(imported.records, said)
    last_on = cover.last_on if cover else None
    refusal = day_refusal(kind, told_on, covers_until, last_on, clock.today())
    if refusal:
        raise _refused(path, refusal)
    file = _File(kind, path, imported, cover, covers_until)
    return _with_its_day(file, said or last_on) if file.is_list else file


def _with_its_day(file: _File, day: date | None) -> _File:
    """Return a list with the day it shows, and whether a newer one is loaded already."""
    newest = queries.latest_list(file.kind)
    if day:
        older = bool(newest and newest.told_on and day < newest.told_on)
        return replace(file, told_on=day, older=older)
    if file.kind != "establishments":
        why = "It does not say of which day the list is. Say it, so that its age is known."
        raise _refused(file.path, why)
    older = _expires_sooner(file.imported, newest)
    return replace(file, told_on=None if older else clock.today(), older=older)


def _expires_sooner(imported: ImportedRecords[Any], newest: RecordSource | None) -> bool:
    """Return whether registrations of a list without a day are those of an earlier year."""
    if newest is None or newest.covers_until is None:
        return False
    return max(r.expires_on or date.min for r in imported.records) < newest.covers_until


def _refused(path: Path, why: str) -> InvalidRecords:
    return InvalidRecords(path.name, [Problem(why)])


def _same_again(source: RecordSource) -> bool:
    """Return whether the very file loaded last of its kind is loaded again for the same day."""
    before = queries.latest_source(source.kind)
    return (
        before is not None and before.digest == source.digest and before.told_on == source.told_on
    )


def _drop_unreadable_told_again() -> None:
    same = Inspection.objects.filter(
        fei=OuterRef("fei"),
        inspection_id=OuterRef("inspection_id"),
        project_area=OuterRef("project_area"),
        ended_on=OuterRef("ended_on"),
    ).exclude(classification="")
    Inspection.objects.filter(Exists(same), classification="").delete()


def _set_cover(source: RecordSource, file: _File) -> None:
    """Give the source the dates of everything stored of its kind, not of this file alone."""
    before = queries.latest_source(source.kind)
    if source.kind == "establishments":
        source.covers_until = Establishment.objects.aggregate(last=Max("expires_on"))["last"]
        return
    if source.kind == "inspections":
        _set_inspections_cover(source, file.covers_until, before)
        return
    now, known = file.cover, queries.cover_of(before)
    if now and file.covers_until:
        now = Cover(now.first_on, file.covers_until)
    cover = latest_day(known, now) if file.is_list else joined(known, now)
    if cover:
        source.covers_from, source.covers_until = cover.first_on, cover.last_on


def _set_inspections_cover(
    source: RecordSource, covers_until: date | None, before: RecordSource | None
) -> None:
    rows = Inspection.objects.filter(project_area=DRUG_QUALITY)
    covered = coverage(map(queries.to_inspection, rows.iterator()), DRUG_QUALITY)
    if covered is None:
        return
    said = [day for day in (covers_until, before.covers_until if before else None) if day]
    source.covers_from = covered.first_on
    source.covers_until = max([covered.last_on, *said])
    source.gaps = [
        [gap.classification, gap.last_before.isoformat(), gap.first_after.isoformat()]
        for gap in covered.gaps
    ]


def _source(file: _File, unusable: int, merged: merging.Merged) -> RecordSource:
    files = file.imported.files
    return RecordSource(
        kind=file.kind,
        file_name=file.path.name[:200],
        digest=sha256_hex(file.path.read_bytes()),
        loaded_at=clock.now(),
        rows=file.imported.rows,
        rejected=unusable + sum(len(one.rejected) for one in files),
        added=len(merged.added),
        replaced=len(merged.changed),
        gone=len(merged.gone),
        told_on=file.told_on,
        notes=[note for one in files for note in one.notes],
    )


def _recording(by: Actor, source: RecordSource) -> AbstractContextManager[OpenEvent]:
    counts = f"{source.rows:,} rows, {source.added:,} new, {source.replaced:,} replaced"
    gone = f", {source.gone:,} gone" if source.kind in SNAPSHOT_KINDS else ""
    return audit.event(
        by=by,
        what="records.imported",
        on=source,
        sentence=f"loaded {source.get_kind_display().lower()} from {source.file_name} ({counts}"
        f"{gone}, {source.rejected:,} not usable)",
    )
