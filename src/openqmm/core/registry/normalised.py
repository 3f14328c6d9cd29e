"""Records as the CSV text that the readers of this package take back unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from openqmm.core.records import line_writer, spreadsheet_safe
from openqmm.core.registry.records import Establishment, Inspection


def establishment_lines(records: Iterable[Establishment]) -> Iterator[str]:
    """Yield establishments as CSV lines, header first, sorted: equal sets give equal text."""
    return record_lines(Establishment, records)


def inspection_lines(records: Iterable[Inspection]) -> Iterator[str]:
    """Yield inspections as CSV lines, header first, sorted: equal sets give equal text."""
    return record_lines(Inspection, records)


def record_lines(record_type: type[Any], records: Iterable[Any]) -> Iterator[str]:
    """Yield records of any kind as CSV lines, header first, sorted: equal sets give equal text."""
    names = [field.name for field in fields(record_type)]
    writer = line_writer()
    yield ",".join(names) + "\n"
    for cells in sorted([_cell(getattr(record, name)) for name in names] for record in records):
        yield writer.writerow(cells)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return spreadsheet_safe("; ".join(map(str, value)))
    # The readers of this package take the guard off again.
    return spreadsheet_safe(str(value))
