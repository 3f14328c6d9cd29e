"""The public files of a folder, read for screening: each recognised by its header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openqmm.core.errors import InvalidRecords, Problem
from openqmm.core.programs.public_record import PublicRecords
from openqmm.core.registry.kinds import KINDS, kind_of, told_on
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.merging import ImportedRecords

SCREENED_BY = ("establishments", "inspections", "compliance", "import_alerts")
"""The kinds of public files that screening reads; others in the folder are named and left out."""


@dataclass(frozen=True, slots=True)
class RecordsFolder:
    """What a folder holds: the records, which file was which kind, and which was left out."""

    records: PublicRecords
    files: Mapping[str, tuple[str, ...]]
    left_out: tuple[str, ...]
    rejected: int


def read_records_folder(folder: Path) -> RecordsFolder:
    """Read the public files of a folder.

    Several files of a kind are merged, in the order of their names. An entry of an import alert
    counts for the FEI the list gives it; the published page gives none.

    Raises
    ------
    InvalidRecords
        The folder holds no public file that screening reads, or one that is recognised cannot be
        read.
    """
    by_kind: dict[str, list[Path]] = {kind: [] for kind in SCREENED_BY}
    left_out = []
    for path in sorted(p for p in folder.iterdir() if p.is_file()):
        kind = kind_of(path)
        if kind in by_kind:
            by_kind[kind].append(path)
        else:
            left_out.append(path.name)
    if not any(by_kind.values()):
        expected = ", ".join(KINDS[kind].title for kind in SCREENED_BY)
        message = f"It holds no public file that screening reads. Expected: {expected}."
        raise InvalidRecords(folder.name, [Problem(message)])
    imported = {kind: KINDS[kind].import_files(paths) for kind, paths in by_kind.items() if paths}
    return RecordsFolder(
        records=_records(imported),
        files={kind: tuple(p.name for p in paths) for kind, paths in by_kind.items() if paths},
        left_out=tuple(left_out),
        rejected=sum(len(file.rejected) for one in imported.values() for file in one.files),
    )


def _records(imported: Mapping[str, ImportedRecords[Any]]) -> PublicRecords:
    def of(kind: str) -> Sequence[Any]:
        return imported[kind].records if kind in imported else ()

    alerts = imported.get("import_alerts")
    return PublicRecords(
        Registry(of("establishments"), of("inspections")),
        actions=of("compliance"),
        alerts=of("import_alerts"),
        alerts_cover=KINDS["import_alerts"].covers(alerts.records, told_on(alerts))
        if alerts
        else None,
    )
