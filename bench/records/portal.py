"""A portal to measure on: its own database, with one organisation that is written to."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any


def portal() -> Path:
    """Configure the portal on a fresh database and return its folder.

    The embedded database, unless OPENQMM_DATABASE names a PostgreSQL one.
    """
    folder = Path(tempfile.mkdtemp(prefix="openqmm-bench-"))
    os.environ["OPENQMM_DATA"] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openqmm.site.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return folder


def organisation(name: str = "Bench Hospitals") -> Any:
    """Return a new organisation."""
    from openqmm.apps.accounts.actions import add_organisation
    from openqmm.core.workflow import SYSTEM, OrganisationKind

    return add_organisation(by=SYSTEM, name=name, kind=OrganisationKind.PURCHASER, country="USA")


def rename(row: Any, country: str) -> None:
    """Change one column of one row within its event: the smallest audited write."""
    from openqmm.apps.audit.actions import event
    from openqmm.core.workflow import SYSTEM

    with event(
        by=SYSTEM,
        what="organisation.moved",
        on=row,
        sentence="moved the organisation",
        organisation_id=row.pk,
    ) as opened:
        opened.update(row, country=country)


def engine() -> str:
    """Return the engine's name and version."""
    from django.db import connection

    connection.ensure_connection()
    if connection.vendor == "sqlite":
        return f"SQLite {connection.Database.sqlite_version}"
    return f"PostgreSQL {connection.pg_version}"


def remove(folder: Path) -> None:
    """Remove what `portal` made."""
    shutil.rmtree(folder, ignore_errors=True)
