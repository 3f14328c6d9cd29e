"""The audit trail on paper: every entry with its time, person, reason and what it changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from openqmm.reports.typesetting import typeset


@dataclass(frozen=True, slots=True)
class PrintedRecord:
    """One record an entry is about: its kind and id, what was done to it, whether its content was
    changed after its first entry, and each field as (name, before, after)."""

    title: str
    id: str
    verb: str
    since_entry: bool
    fields: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class PrintedEntry:
    """One event in words; `at` with its zone; `left_out` counts the records not printed."""

    seq: int
    at: str
    by: str
    sentence: str
    why: str
    what: str
    about: str
    records: Sequence[PrintedRecord]
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Printout:
    """What is printed, for whom, and what the trail was then: everything in words."""

    organisation: str
    trail: str
    filters: str
    printed_by: str
    printed_at: str
    size: int
    root: str
    anchor: str
    entries: Sequence[PrintedEntry]


def trail_pdf(printout: Printout, dated: datetime) -> bytes:
    """Return the printout as PDF/A-2a, PDF/UA-1; the same input gives the same bytes."""
    return typeset("trail", asdict(printout) | {"undrawn": False}, dated.replace(microsecond=0))
