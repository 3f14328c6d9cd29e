"""Tables, columns and values as people know them, whichever engine wrote them down.

SQLite writes ids as 32 hexadecimal digits, truths as 0 and 1, times without a zone; PostgreSQL
writes them otherwise. People read the same words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.apps.audit.queries.selecting import readable
from openqmm.core.workflow import Actor, OrganisationKind, Role

Reference = tuple[str, str]
"""A table, and the dashed id of a row of it."""

_HEX_ID = re.compile(r"[0-9a-f]{32}")
_WITHHELD = re.compile(r"sha256:[0-9a-f]{64}")
_NAMED_BY = ("full_name", "name", "title", "file_name", "question_id")
# Whoever sees a record that belongs to one of these may see which.
_OPEN_TABLES = ("programs_round", "protocols_protocolversion")
# The office keeps the register of organisations, people and sites.
_OPEN_TO_THE_OFFICE = ("accounts_organisation", "accounts_user", "facilities_facility")
_USER = "accounts_user"


def plain_id(text: Any) -> str:
    """Return an id as people and addresses know it: a UUID in its dashed form."""
    spelt = str(text)
    return str(UUID(spelt)) if _HEX_ID.fullmatch(spelt) else spelt


def stored_ids(ids: Iterable[str]) -> set[str]:
    """Return ids in every spelling in which an engine may have written them down."""
    return {form for id_ in ids for form in (id_, id_.replace("-", ""))}


@cache
def model_of(table: str) -> type[models.Model] | None:
    """Return the model whose rows are in a table, or None for one that is no more."""
    known = apps.get_models(include_auto_created=True)
    return next((model for model in known if model._meta.db_table == table), None)


def table_title(table: str) -> str:
    """Return a kind of record in words."""
    model = model_of(table)
    return capfirst(str(model._meta.verbose_name)) if model else table


def table_of(label: str) -> str:
    """Return the table of a model known by its label (`ratings.Rating`), or an empty text."""
    try:
        return apps.get_model(label)._meta.db_table
    except (LookupError, ValueError):
        return ""


def kind_title(label: str) -> str:
    """Return the kind of record that a model's label names, in words."""
    return table_title(table_of(label)) if table_of(label) else label.rsplit(".", maxsplit=1)[-1]


def field_title(table: str, column: str) -> str:
    """Return a column in words."""
    field = _field(table, column)
    if field is None:
        return capfirst(column.replace("_", " "))
    return capfirst(str(field.verbose_name))


def referred(table: str, row: Mapping[str, Any]) -> set[Reference]:
    """Return the records that a row points at."""
    found = set()
    for column, value in row.items():
        field = _field(table, column)
        if value and field is not None and field.related_model is not None:
            found.add((field.related_model._meta.db_table, plain_id(value)))
    return found


def names(by: Actor, references: set[Reference]) -> dict[Reference, str]:
    """Return the names of records, those alone that the actor may know: the readable trail tells
    of the record or of the person, it is the own organisation, or it is open to anybody who sees
    what points at it."""
    ids = {id_ for _table, id_ in references}
    if not ids or by.role is not Role.RECORDS_AUDITOR:
        return {}
    found = _people(by, ids) | _told_records(by, ids)
    office = by.organisation_kind is OrganisationKind.PROGRAM_OFFICE
    for table in (*_OPEN_TABLES, *(_OPEN_TO_THE_OFFICE if office else ())):
        found |= _open_names(table, {id_ for name, id_ in references if name == table})
    found["accounts_organisation", str(by.organisation_id)] = by.organisation_name
    return found


def _people(by: Actor, ids: set[str]) -> dict[Reference, str]:
    events = AuditEvent.objects.filter(readable(by), actor_id__in=_uuids(ids)).order_by("at")
    rows = events.values_list("actor_id", "actor_name").distinct()
    return {(_USER, str(actor_id)): name for actor_id, name in rows}


def _told_records(by: Actor, ids: set[str]) -> dict[Reference, str]:
    changes = AuditChange.objects.filter(readable(by, "event__"), record_id__in=stored_ids(ids))
    rows = changes.order_by("id").values_list("table_name", "record_id", "before", "after")
    return {
        (table, plain_id(record_id)): name
        for table, record_id, before, after in rows
        if (name := _name_in(json.loads(after or before or "{}")))
    }


def value_text(table: str, column: str, value: Any, known: Mapping[Reference, str]) -> str:
    """Return a value as people read it: a choice's label, a name for an id, a time in UTC."""
    if value is None or value == "":
        return ""
    if isinstance(value, str) and _WITHHELD.fullmatch(value):
        return _("(not shown)")
    field = _field(table, column)
    if field is None:
        return plain_text(value)
    if field.related_model is not None:
        reference = (field.related_model._meta.db_table, plain_id(value))
        return known.get(reference) or f"{table_title(reference[0])} {reference[1][:8]}"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _typed(field, value)


def plain_text(value: Any) -> str:
    """Return a value as a file has it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return plain_id(value)
    return json.dumps(value, ensure_ascii=False)


def moment_text(moment: datetime) -> str:
    """Return a moment with its zone."""
    utc = moment.astimezone(UTC)
    return f"{utc.day} {utc:%b %Y, %H:%M:%S} UTC"


def _typed(field: models.Field[Any, Any], value: Any) -> str:
    match field:
        case models.BooleanField():
            return _("yes") if value in (1, "1", True) else _("no")
        case models.DateTimeField():
            found = parse_datetime(str(value))
            return moment_text(found if found.tzinfo else found.replace(tzinfo=UTC))
        case models.DateField():
            day = parse_date(str(value))
            return f"{day.day} {day:%b %Y}"
        case models.JSONField():
            return _structure(json.loads(value) if isinstance(value, str) else value)
    return plain_text(value)


def _structure(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(one, str | int | float) for one in value):
        return ", ".join(str(one) for one in value)
    return json.dumps(value, ensure_ascii=False) if value else ""


@cache
def _fields(table: str) -> dict[str, Any]:
    model = model_of(table)
    return {} if model is None else {f.column: f for f in model._meta.local_concrete_fields}


def _field(table: str, column: str) -> Any:
    return _fields(table).get(column)


def _name_in(row: Mapping[str, Any]) -> str:
    return next((str(row[column]) for column in _NAMED_BY if row.get(column)), "")


def _uuids(ids: Iterable[str]) -> list[UUID]:
    found = []
    for id_ in ids:
        try:
            found.append(UUID(id_))
        except ValueError:
            continue
    return found


def _open_names(table: str, ids: set[str]) -> dict[Reference, str]:
    model = model_of(table)
    if not ids or model is None:
        return {}
    return {
        (table, str(row.pk)): str(row) for row in model._default_manager.filter(pk__in=_uuids(ids))
    }
