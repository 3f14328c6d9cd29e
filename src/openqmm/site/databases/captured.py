"""Which tables the trail captures, and which of their columns it knows by digest alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

# Kept out of a trail that people read and export: what a person signs in with, and texts that
# stand elsewhere under the very digest (a bundle also holds every assessor's marks).
WITHHELD = {
    "accounts_user": ("password",),
    "mfa_authenticator": ("data",),
    # Its digest is what was announced: the trail proves that the seed was not changed.
    "programs_roundseed": ("seed",),
    "programs_round": ("program_source",),
    "protocols_protocolversion": ("source",),
    "ratings_rating": ("bundle",),
}
# Written by libraries, and about who somebody is all the same.
OF_LIBRARIES = ("mfa_authenticator", "socialaccount_socialaccount")
# The trail itself has guards of its own.
TRAIL = (
    "audit_auditevent",
    "audit_auditchange",
    "audit_trailhead",
    "audit_anchor",
    "audit_anchoredhead",
)
# Says only that a form was sent already; what the form did stands on the trail by itself.
NO_RECORDS = ("audit_doneonce",)
APPEND_ONLY = (*(table for table in TRAIL if table != "audit_trailhead"), "audit_signature")


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its triggers need it: `withheld` columns leave their SHA-256 on the trail."""

    name: str
    key: str
    columns: tuple[str, ...]
    binary: frozenset[str]
    withheld: frozenset[str]


def captured_tables() -> list[Table]:
    """Return every table whose rows are captured, by name."""
    return sorted((_table(model) for model in _models()), key=lambda table: table.name)


def _models() -> Iterator[type[models.Model]]:
    for model in apps.get_models(include_auto_created=True):
        name = model._meta.db_table
        ours = model._meta.app_config.name.startswith("openqmm.")
        if (
            name not in (*TRAIL, *NO_RECORDS)
            and (ours or name in OF_LIBRARIES)
            and model._meta.managed
        ):
            yield model


def _table(model: type[models.Model]) -> Table:
    fields = model._meta.local_concrete_fields
    withheld = frozenset(WITHHELD.get(model._meta.db_table, ()))
    columns = tuple(field.column for field in fields)
    if strangers := withheld - set(columns):
        raise LookupError(f"{model._meta.db_table} has no column {', '.join(sorted(strangers))}.")
    binary = frozenset(f.column for f in fields if isinstance(f, models.BinaryField))
    return Table(model._meta.db_table, model._meta.pk.column, columns, binary, withheld)
