"""Read several files of a kind and merge them into one set of records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, TypeVar

from openqmm.core.errors import InvalidRecords, Problem
from openqmm.core.registry import establishments, inspections
from openqmm.core.registry.records import Establishment, Inspection, ReadRecords
from openqmm.core.registry.tables import find_header

R = TypeVar("R")

_LAYOUTS = (establishments.LAYOUT, inspections.LAYOUT)


@dataclass(frozen=True, slots=True)
class ImportedRecords(Generic[R]):
    """The merged records of several files.

    `duplicates` counts records equal to an earlier one in every field; `restated` those that tell
    an inspection already known in other words (a firm renamed since). `contradictions` names
    inspections of which the files give different classes or end dates; all versions are kept.
    """

    files: tuple[ReadRecords[R], ...]
    records: tuple[R, ...]
    duplicates: int
    restated: int = 0
    contradictions: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """Rows read in all files."""
        return sum(file.rows for file in self.files)


def import_establishments(paths: Sequence[Path]) -> ImportedRecords[Establishment]:
    """Read registration files and merge them.

    Equal records are kept once. A site registered under changed particulars keeps all of them;
    which of them stand is decided where a site is looked up.

    Raises
    ------
    InvalidRecords
        One or more files are not registration files; every one of them is named.
    """
    files = _read_all(paths, establishments.read_establishments)
    records = tuple(dict.fromkeys(record for file in files for record in file.records))
    return ImportedRecords(
        files=files,
        records=records,
        duplicates=sum(len(file.records) for file in files) - len(records),
    )


def import_inspections(paths: Sequence[Path]) -> ImportedRecords[Inspection]:
    """Read inspection files and merge them, one record per inspection and project area.

    Parameters
    ----------
    paths : the files, older snapshots first: of a firm renamed between two snapshots the name in
        the later file is kept. Nothing else depends on the order.

    Returns
    -------
    ImportedRecords[Inspection]
        Where files disagree on class or end date of an inspection, every version is kept and the
        inspection is named in `contradictions`; a class that could not be read gives way to one
        that could.

    Raises
    ------
    InvalidRecords
        One or more files are not inspection files; every one of them is named.
    """
    files = _read_all(paths, inspections.read_inspections)
    versions: dict[tuple[str, str, str], list[Inspection]] = {}
    for record in (record for file in files for record in file.records):
        # One inspection has a row, and perhaps another class, in each project area.
        key = (record.fei, record.inspection_id, record.project_area)
        versions.setdefault(key, []).append(record)
    merged = {key: _versions_kept(told) for key, told in versions.items()}
    records = tuple(record for kept in merged.values() for record in kept)
    read = sum(len(told) for told in versions.values())
    distinct = sum(len(set(told)) for told in versions.values())
    return ImportedRecords(
        files=files,
        records=records,
        duplicates=read - distinct,
        restated=distinct - len(records),
        contradictions=tuple(
            f"inspection {key[1]} of FEI {key[0]} ({key[2]})"
            for key, kept in merged.items()
            if len(kept) > 1
        ),
    )


def kind_of(path: Path) -> str | None:
    """Return the kind of a public file by its header: `establishments` or `inspections`.

    None for every other file, readable or not: what is wrong with it is said by the reader of the
    kind it was meant to be.
    """
    for layout in _LAYOUTS:
        try:
            find_header(path, layout)
        except InvalidRecords:
            continue
        return layout.kind
    return None


def _read_all(
    paths: Sequence[Path], read: Callable[[Path], ReadRecords[R]]
) -> tuple[ReadRecords[R], ...]:
    files: list[ReadRecords[R]] = []
    refused: list[InvalidRecords] = []
    for path in paths:
        try:
            files.append(read(path))
        except InvalidRecords as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        problems = [
            Problem(problem.message, problem.line, problem.column, error.subject)
            for error in refused
            for problem in error.problems
        ]
        raise InvalidRecords(f"{len(refused)} of {len(paths)} files", problems)
    return tuple(files)


def _versions_kept(told: list[Inspection]) -> list[Inspection]:
    """Return the versions of one inspection that differ in what counts, the last wording each."""
    by_outcome: dict[tuple[date, str | None], Inspection] = {}
    for version in told:
        by_outcome[version.ended_on, version.classification] = version
    # Pending in an older snapshot and classified in a newer one is no contradiction.
    days_with_class = {day for day, classification in by_outcome if classification}
    return [
        version
        for (day, classification), version in by_outcome.items()
        if classification or day not in days_with_class
    ]
