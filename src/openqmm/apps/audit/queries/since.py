"""What was done to a record since somebody read it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models

from openqmm.apps.audit.models import AuditChange


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody did to a record: "signed and submitted"."""

    by: str
    at: datetime
    sentence: str


@dataclass(frozen=True, slots=True)
class Since:
    """A record as it stood at a version, what was done to it after that, and how it stands now.

    `began` holds its fields as the trail has them; empty where the trail does not reach back.
    """

    began: dict[str, Any]
    acts: tuple[Act, ...]
    now: dict[str, Any]
    version: int


def since(record: models.Model, version: int) -> Since:
    """Return what a record the caller may already see said at `version`, and every act on it after
    that, oldest first."""
    key = record._meta.pk.get_db_prep_value(record.pk, connection)
    changes = AuditChange.objects.filter(
        table_name=record._meta.db_table, record_id=str(key)
    ).select_related("event")
    row: dict[str, Any] = {}
    acts: list[Act] = []
    for change in changes:
        after = json.loads(change.after or "{}")
        if after.get("version", 0) > version:
            act = Act(change.event.actor_name, change.event.at, change.event.sentence)
            # Who saves as they type does the same many times; the last time tells it all.
            if acts and (acts[-1].by, acts[-1].sentence) == (act.by, act.sentence):
                acts.pop()
            acts.append(act)
        else:
            row = after
    began = _read(record, row) if row.get("version") == version else {}
    now = {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}
    return Since(began, tuple(acts), now, record.version)


def untouched_since(record: models.Model, version: int, fields: Iterable[str]) -> bool:
    """Tell whether these fields of a record the caller may already see stand as they did at
    `version`; False where the trail does not tell."""
    found = since(record, version)
    return all(name in found.began and found.began[name] == found.now[name] for name in fields)


def _read(record: models.Model, row: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a row on the trail as the record's fields would hold them."""
    return {
        field.attname: _held(field, row[field.column])
        for field in record._meta.concrete_fields
        if field.column in row
    }


def _held(field: models.Field[Any, Any], value: Any) -> Any:
    """One of the two databases puts JSON on the trail as text, the other as it is."""
    if isinstance(field, models.JSONField):
        return json.loads(value) if isinstance(value, str) else value
    return field.to_python(value)
