"""The records themselves, and what came of reading a file of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Generic, Literal, TypeVar

from openqmm.core.errors import InvalidRecords, Problem
from openqmm.core.registry.identity import is_domestic_country
from openqmm.core.registry.tables import (
    Layout,
    Row,
    RowProblem,
    RowRefused,
    find_header,
    rows_below,
)

Activity = Literal["API", "FDF"]
Classification = Literal["NAI", "VAI", "OAI"]

SEVERITY: dict[Classification, int] = {"NAI": 0, "VAI": 1, "OAI": 2}
"""No, voluntary, official action indicated: the higher, the less favourable."""

DRUG_QUALITY = "Drug Quality Assurance"
"""The project area of drug manufacturing quality inspections."""

_ACTIVITY_OF_OPERATION: dict[str, Activity] = {"API MANUFACTURE": "API", "MANUFACTURE": "FDF"}

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Establishment:
    """One row of the regulator's registration file: a site under one DUNS number.

    `fei` is None where the source has a placeholder; `country` (ISO alpha-3) is None where the
    address does not end in a country code.
    """

    fei: str | None
    duns: str | None
    name: str
    address: str
    country: str | None
    operations: tuple[str, ...]
    expires_on: date | None

    @property
    def is_domestic(self) -> bool | None:
        """Whether the site is in the United States or a territory; None when unknown."""
        return is_domestic_country(self.country)

    @property
    def activities(self) -> frozenset[Activity]:
        """API and FDF making, from whole operations: animal feed mills do not count."""
        return frozenset(
            _ACTIVITY_OF_OPERATION[operation]
            for operation in self.operations
            if operation in _ACTIVITY_OF_OPERATION
        )


@dataclass(frozen=True, slots=True)
class Inspection:
    """One inspection in one project area, as the regulator classified it.

    `classification` is None where the source holds no class that can be read: the inspection
    took place, its outcome cannot be told. `country` is ISO alpha-3. `is_domestic` is None when
    neither country nor state tells.
    """

    fei: str
    inspection_id: str
    ended_on: date
    classification: Classification | None
    project_area: str
    legal_name: str
    city: str
    state: str
    country: str | None
    is_domestic: bool | None = None


@dataclass(frozen=True, slots=True)
class ReadRecords(Generic[R]):
    """What came of reading one file.

    Every one of `rows` is in exactly one of `records`, `rejected` and `left_out` (rows of another
    product type, by type). `doubts` concern cells of rows that were kept. `notes` are sentences
    about the file as a whole. `updated_on` is the day of the data that the file itself names.
    """

    source: str
    records: tuple[R, ...]
    rows: int
    rejected: tuple[RowProblem, ...] = ()
    doubts: tuple[RowProblem, ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()
    unrecognised_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    updated_on: date | None = None


def read_records(
    path: Path,
    layout: Layout,
    to_record: Callable[[Row], R],
    other_type: Callable[[Row], str | None] = lambda row: None,
) -> ReadRecords[R]:
    """Read a file of one kind, row by row.

    Parameters
    ----------
    path : the file; text or workbook.
    layout : names of its columns.
    to_record : turns a row into a record, or refuses it.
    other_type : names the product type of a row that is not wanted; None for a wanted row.

    Raises
    ------
    InvalidRecords
        The file is not of this kind, or not one of its rows could be read.
    """
    header = find_header(path, layout)
    records: list[R] = []
    rejected: list[RowProblem] = []
    doubts: list[RowProblem] = []
    left_out: dict[str, int] = {}
    for row in rows_below(path, header):
        if isinstance(row, RowProblem):
            rejected.append(row)
            continue
        # Asked before anything else: faults in rows of devices or food are nobody's concern here.
        other = other_type(row)
        if other is not None:
            left_out[other] = left_out.get(other, 0) + 1
            continue
        try:
            records.append(to_record(row))
        except RowRefused as refused:
            rejected.append(refused.problem)
        else:
            doubts += row.doubts
    if not records:
        raise _nothing_read(path, rejected, left_out)
    rows = len(records) + len(rejected) + sum(left_out.values())
    return ReadRecords(
        source=path.name,
        records=tuple(records),
        rows=rows,
        rejected=tuple(rejected),
        doubts=tuple(doubts),
        left_out=tuple(sorted(left_out.items())),
        unrecognised_columns=header.unrecognised,
        notes=_truncation_note(rows),
        updated_on=header.grid.updated_on(),
    )


def _truncation_note(rows: int) -> tuple[str, ...]:
    # The Data Dashboard service answers with at most 5,000 rows and does not say that it cut.
    if rows % 5000:
        return ()
    return (f"exactly {rows:,} rows: the source may have cut the answer; check it is complete",)


def _nothing_read(
    path: Path, rejected: list[RowProblem], left_out: dict[str, int]
) -> InvalidRecords:
    """An empty source would make every site look never inspected, so it is an error."""
    if rejected:
        return InvalidRecords(path.name, [_as_problem(problem) for problem in rejected])
    others = ", ".join(f"{n:,} {kind}" for kind, n in sorted(left_out.items()))
    found = f"only rows of other product types ({others})" if others else "a header without rows"
    return InvalidRecords(path.name, [Problem(f"It holds {found}. Expected at least one record.")])


def _as_problem(problem: RowProblem) -> Problem:
    told = f"{problem.reason} ({problem.value!r})" if problem.value else problem.reason
    if problem.place == "record":
        return Problem(told, column=f"record {problem.line}, {problem.column}")
    return Problem(told, problem.line, problem.column)
