"""Snapshots of a kind merged into one set of records, each known by its natural key."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from openqmm.core.errors import InvalidRecords, Problem
from openqmm.core.registry.records import ReadRecords

R = TypeVar("R")

Key = tuple[str | None, ...]
"""What tells two records of a kind apart; told again in other words it is the same record."""


@dataclass(frozen=True, slots=True)
class ImportedRecords(Generic[R]):
    """The merged records of several files.

    `duplicates` counts records equal to an earlier one in every field; `restated` those that tell
    something already known in other words (a firm renamed, a recall ended since).
    `contradictions` names inspections of which the files give different classes or end dates; all
    versions are kept.
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


def merge_files(
    paths: Sequence[Path],
    read: Callable[[Path], ReadRecords[R]],
    key: Callable[[R], Key],
    told_on: Callable[[R], Any] = lambda record: date.min,
) -> ImportedRecords[R]:
    """Read files and keep one record of each key: the one told last.

    Parameters
    ----------
    paths : the files, older snapshots first. A record that a later file no longer has is kept.
    read : the reader of the kind.
    key : the natural key of a record.
    told_on : the day on which a record was told, where the record says it; of records told on one
        day, the one read last stands.

    Raises
    ------
    InvalidRecords
        One or more files cannot be read; every one of them is named.
    """
    files = read_all(paths, read)
    told = [record for file in files for record in file.records]
    distinct = dict.fromkeys(told)
    merged: dict[Key, R] = {}
    # Not over the distinct ones: a record told again in its first form is that form once more.
    for record in told:
        before = merged.get(key(record))
        if before is None or told_on(record) >= told_on(before):
            merged[key(record)] = record
    return ImportedRecords(
        files=files,
        records=tuple(merged.values()),
        duplicates=len(told) - len(distinct),
        restated=len(distinct) - len(merged),
    )


def read_all(
    paths: Sequence[Path], read: Callable[[Path], ReadRecords[R]]
) -> tuple[ReadRecords[R], ...]:
    """Read files; of those that cannot be read every one is named in one refusal."""
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
