"""What `openqmm registry import` counts of each kind beyond rows and dates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from openqmm.core.registry.enforcement import count_events
from openqmm.core.registry.merging import ImportedRecords
from openqmm.core.registry.shortages import repeated_listings

Counts = dict[str, int | dict[str, int]]
"""By what is counted: a number, or numbers by word."""

_LABELS = {"without_cfr": "Without a CFR number", "without_ndc": "Without an NDC"}


def counts_of(kind: str, imported: ImportedRecords[Any]) -> Counts:
    """Return the counts of one kind, in the order in which they are told."""
    counts = _COUNTS[kind](imported.records)
    if kind == "shortages":
        # Asked of each file: merging leaves one of each.
        counts["repeated_listings"] = sum(
            repeated_listings(file.records) for file in imported.files
        )
    return counts


def count_lines(counts: Counts) -> list[str]:
    """Return counts as lines of text."""
    return [f"{_label(key)}: {_told(value)}." for key, value in counts.items()]


def _label(key: str) -> str:
    return _LABELS.get(key, key.replace("_", " ").capitalize())


def _told(value: int | dict[str, int]) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return ", ".join(f"{word} {count:,}" for word, count in value.items())


def _citations(records: Sequence[Any]) -> Counts:
    return {
        "inspections": len({(r.fei, r.inspection_id) for r in records}),
        "without_cfr": sum(not r.act_cfr for r in records),
    }


def _compliance(records: Sequence[Any]) -> Counts:
    return {
        "action_types": _by_word(r.action_type for r in records),
        "cases": len({r.case_id for r in records}),
        "country_unknown": sum(r.country is None for r in records),
    }


def _form483(records: Sequence[Any]) -> Counts:
    return {"without_record_date": sum(r.record_date is None for r in records)}


def _enforcement(records: Sequence[Any]) -> Counts:
    return {
        "events": count_events(records),
        "classes": _by_word(r.classification or "none yet" for r in records),
        "statuses": _by_word(r.status for r in records),
    }


def _shortages(records: Sequence[Any]) -> Counts:
    return {
        "statuses": _by_word(r.status for r in records),
        "shortages": sum(r.is_shortage for r in records),
        "without_ndc": sum(r.ndc is None for r in records),
    }


def _import_alerts(records: Sequence[Any]) -> Counts:
    return {
        "alerts": _by_word(r.alert for r in records),
        "countries": _by_word(r.country or "unknown" for r in records),
    }


def _ndc(records: Sequence[Any]) -> Counts:
    return {
        "labelers": len({r.labeler for r in records}),
        "finished": sum(r.finished is True for r in records),
        "unfinished": sum(r.finished is False for r in records),
    }


def _by_word(words: Iterable[str]) -> dict[str, int]:
    """Count words, the most frequent first."""
    return dict(sorted(Counter(words).items(), key=lambda item: (-item[1], item[0])))


_COUNTS: dict[str, Callable[[Sequence[Any]], Counts]] = {
    "citations": _citations,
    "compliance": _compliance,
    "form483": _form483,
    "enforcement": _enforcement,
    "shortages": _shortages,
    "import_alerts": _import_alerts,
    "ndc": _ndc,
}
