"""Databases for journeys: a copy each, because the audit trail cannot be emptied after a test."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer


@contextmanager
def served(folder: Path, database: Path, *, demo: bool = False) -> Iterator[str]:
    """Serve the portal on a copy of a database, and yield its address."""
    own = folder / "portal.sqlite3"
    shutil.copyfile(database, own)
    with _connected_to(own), override_settings(DEMO=demo):
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        try:
            yield server.url
        finally:
            server.stop()
            server._live_server_modified_settings.disable()


def empty(folder: Path) -> Path:
    """Return a database with its tables and nothing in them; made once a run."""
    return _once(folder, "empty", load=False)


def demonstration(folder: Path) -> Path:
    """Return a database in which the demonstration's story has been told; told once a run."""
    return _once(folder, "demonstration", load=True)


def _once(folder: Path, name: str, *, load: bool) -> Path:
    ready = folder / f"{name}.sqlite3"
    # The processes of one run wait here for the first of them.
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            building = folder / f"{name}.building"
            with _connected_to(building), override_settings(DEMO=True):
                call_command("migrate", verbosity=0)
                if load:
                    call_command("load_demo", stdout=StringIO())
            building.rename(ready)
    return ready


@contextmanager
def _connected_to(database: Path) -> Iterator[None]:
    """Let this thread, and the threads it starts, work on another database."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = str(database)
    try:
        yield
        # Brings the write-ahead log into the file, so that the file alone is the database.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
