"""Versions: nobody changes, or decides on, what somebody else has changed since they read it."""

from __future__ import annotations

from django.db import models

from openqmm.apps.audit import queries
from openqmm.apps.audit.models import Versioned
from openqmm.core.errors import Stale


def is_versioned(record: models.Model) -> bool:
    """Return whether this kind of record counts its changes."""
    return isinstance(record, Versioned)


def require_version(record: models.Model, version: int | None) -> None:
    """Refuse (Stale) a step on a record that has changed since `version` was read.

    For a record held locked in the present transaction. None is for callers inside the platform
    that read the record in this very transaction; a page always says which version it showed.
    """
    if version is not None and record.version != version:
        raise stale(record, version)


def stale(record: models.Model, version: int) -> Stale:
    """Return the refusal of what was done on an older version: what was done since, by whom,
    when."""
    acts = queries.since(record, version).acts[-3:]
    told = "; ".join(f"{act.by} {act.sentence} at {act.at:%H:%M} UTC" for act in acts)
    return Stale(
        f"The {record._meta.verbose_name} was changed after you opened it"
        f"{f' ({told})' if told else ''}. Nothing of yours was overwritten or done: read it as it "
        "stands now, then decide."
    )
