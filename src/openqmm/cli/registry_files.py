"""How the files given to `openqmm registry import` were read, as sentences and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from openqmm.core.registry.merging import ImportedRecords
from openqmm.core.registry.records import ReadRecords
from openqmm.core.registry.tables import RowProblem

_LINES_SHOWN = 5
_CONTRADICTIONS_SHOWN = 5


def n_of(count: int, noun: str) -> str:
    """Return a count with its noun: "1 row", "4,590 rows"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def imported_data(kind: str, imported: ImportedRecords[Any]) -> dict[str, Any]:
    """Return what was read and merged as JSON-ready data."""
    return {
        "kind": kind,
        "files": [file_data(file) for file in imported.files],
        "records": len(imported.records),
        "duplicates": imported.duplicates,
        "restated": imported.restated,
        "contradictions": list(imported.contradictions),
    }


def file_data(file: ReadRecords[Any]) -> dict[str, Any]:
    """Return what came of one file as JSON-ready data: every row that was not kept is listed."""
    return {
        "file": file.source,
        "rows": file.rows,
        "kept": len(file.records),
        "rejected": [_problem_data(problem) for problem in file.rejected],
        "doubts": [_problem_data(problem) for problem in file.doubts],
        "left_out": dict(file.left_out),
        "unrecognised_columns": list(file.unrecognised_columns),
        "notes": list(file.notes),
    }


def _problem_data(problem: RowProblem) -> dict[str, Any]:
    # The number stands under the name of what it counts: "line", or in JSON files "record".
    return {
        problem.place: problem.line,
        "column": problem.column,
        "reason": problem.reason,
        "value": problem.value,
    }


def imported_lines(imported: ImportedRecords[Any]) -> list[str]:
    """Return what was read and merged as lines of text."""
    lines = [line for file in imported.files for line in _file_lines(file)]
    lines.append(
        f"{n_of(len(imported.records), 'record')} after merging; "
        f"{n_of(imported.duplicates, 'exact duplicate')} and "
        f"{n_of(imported.restated, 'reworded repeat')} dropped."
    )
    if imported.contradictions:
        n = len(imported.contradictions)
        lines.append(f"{n:,} told with different classes or end dates, every version kept:")
        lines += [f"  {which}" for which in imported.contradictions[:_CONTRADICTIONS_SHOWN]]
        if n > _CONTRADICTIONS_SHOWN:
            lines.append(f"  and {n - _CONTRADICTIONS_SHOWN:,} more")
    return lines


def _file_lines(file: ReadRecords[Any]) -> list[str]:
    left_out = sum(count for _, count in file.left_out)
    lines = [
        f"{file.source}: {n_of(file.rows, 'row')} read, {len(file.records):,} kept, "
        f"{len(file.rejected):,} rejected"
        + (f", {left_out:,} of other product types left out." if left_out else ".")
    ]
    lines += problem_lines("rejected", file.rejected)
    lines += problem_lines("kept", file.doubts)
    if file.unrecognised_columns:
        lines.append(f"  columns not recognised: {', '.join(file.unrecognised_columns)}")
    return lines + [f"  {note}" for note in file.notes]


def problem_lines(outcome: str, problems: Sequence[RowProblem]) -> list[str]:
    """Return one line a reason: how many rows, and the first of them."""
    by_reason: dict[tuple[str, str], list[RowProblem]] = {}
    for problem in problems:
        by_reason.setdefault((problem.column, problem.reason), []).append(problem)
    lines = []
    for (column, reason), alike in by_reason.items():
        shown = ", ".join(f"{p.line:,}" for p in alike[:_LINES_SHOWN])
        more = ", .." if len(alike) > _LINES_SHOWN else ""
        example = f" such as {alike[0].value!r}" if alike[0].value else ""
        where = f"({alike[0].place} {shown}{more})"
        lines.append(f"  {outcome} {len(alike):,}: {column} {reason}{example} {where}")
    return lines


def written_line(written: Path | None) -> list[str]:
    """Return the line that names the file written, if one was."""
    return [f"Written: {written}"] if written else []
