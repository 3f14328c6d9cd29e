"""From records read to rows written: what is new, changed, told again, or gone from the list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openqmm.apps.facilities import queries
from openqmm.apps.facilities.models import KeyedRow, PublicRow, RecordSource
from openqmm.core.records import canonical_json, sha256_hex
from openqmm.core.registry.kinds import KINDS

_BATCH = 400


@dataclass(frozen=True, slots=True)
class Merged:
    """What a file changes: rows to write, and rows to mark, by their keys in the database.

    `standing` counts the rows that the list before this one told.
    """

    model: type[PublicRow]
    added: list[PublicRow] = field(default_factory=list)
    changed: list[PublicRow] = field(default_factory=list)
    told_again: list[Any] = field(default_factory=list)
    gone: list[Any] = field(default_factory=list)
    standing: int = 0


def rows_of(kind: str, records: Iterable[Any]) -> tuple[list[PublicRow], int]:
    """Return records as rows, one of each key, and how many cannot be stored: values longer than
    any the source has, and registrations without an FEI, for which nobody could ask."""
    model = queries.MODELS[kind]
    names = queries.content_fields(model)
    most = {n: getattr(model._meta.get_field(n), "max_length", None) for n in names}
    optional = {n for n in names if model._meta.get_field(n).null}
    rows: dict[tuple[Any, ...], PublicRow] = {}
    unusable = 0
    for record in records:
        # Lists of shortages and of products have no FEI at all.
        values = {n: _plain(getattr(record, n, None), n in optional) for n in names}
        too_long = any(limit and len(values[name]) > limit for name, limit in most.items())
        if too_long or (kind == "establishments" and not values["fei"]):
            unusable += 1
            continue
        row = model(**values)
        if isinstance(row, KeyedRow):
            row.natural_key = sha256_hex(canonical_json(list(KINDS[kind].key(record))))
            if kind in queries.LINKED_KINDS and not row.fei:
                row.subject = queries.subject_of(queries.firm_of(kind, row))
        rows[_key(row)] = row
    return list(rows.values()), unusable


def merge(model: type[PublicRow], rows: Sequence[PublicRow], *, older: bool, list_: bool) -> Merged:
    """Return what rows of a file change of those stored.

    An `older` list only adds what no list loaded so far has told. What is absent from a newer
    `list_` is gone; a file of events need not tell again what was told before.
    """
    names = queries.content_fields(model)
    columns = dict.fromkeys(("pk", "gone_on", *model.KEY, *names))
    merged, stored, standing = Merged(model), {}, set()
    for values in model._default_manager.values_list(*columns).iterator(chunk_size=2_000):
        known = dict(zip(columns, values, strict=True))
        stored[tuple(known[name] for name in model.KEY)] = known
        if known["gone_on"] is None:
            standing.add(known["pk"])
    told = set()
    for row in rows:
        known = stored.get(_key(row))
        if known is None:
            merged.added.append(row)
            continue
        told.add(known["pk"])
        if older:
            continue
        if any(getattr(row, name) != known[name] for name in names):
            merged.changed.append(row)
        else:
            merged.told_again.append(known["pk"])
    gone = standing - told if list_ and not older else ()
    return Merged(
        model, merged.added, merged.changed, merged.told_again, sorted(gone), len(standing)
    )


def write(merged: Merged, source: RecordSource, seen_on: date | None, gone_on: date | None) -> None:
    """Write a merge inside the open event; `gone_on` is for what an older list alone has told."""
    model = merged.model
    for row in (*merged.added, *merged.changed):
        row.first_source = row.last_source = source
        row.last_seen_on = seen_on
    for row in merged.added:
        row.gone_on = gone_on
    # The first source of a row that stands stays.
    others = {*queries.content_fields(model), "last_source", "last_seen_on", "gone_on"}
    if issubclass(model, KeyedRow):
        others.add("subject")
    model._default_manager.bulk_create(
        [*merged.added, *merged.changed],
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=list(model.KEY),
        update_fields=sorted(others - set(model.KEY)),
    )


def mark(merged: Merged, source: RecordSource, seen_on: date | None) -> None:
    """Mark inside the open event what a newer file told again, and what is gone from it."""
    rows = merged.model._default_manager
    for some in _batches(merged.told_again):
        rows.filter(pk__in=some).update(last_source=source, last_seen_on=seen_on, gone_on=None)
    for some in _batches(merged.gone):
        rows.filter(pk__in=some).update(gone_on=seen_on)


def _plain(value: Any, optional: bool) -> Any:
    if value is None:
        return None if optional else ""
    return list(value) if isinstance(value, tuple) else value


def _key(row: PublicRow) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in row.KEY)


def _batches(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))
