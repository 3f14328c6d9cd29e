"""Databases for journeys: a copy each, because the audit trail cannot be emptied after a test."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import OperationalError, connection
from django.test import override_settings
from pytest_django.live_server_helper import LiveServer


@contextmanager
def served(folder: Path, database: str, *, demo: bool = False) -> Iterator[str]:
    """Serve the portal on a copy of a database, and yield its address."""
    with at_a_copy(folder, database), override_settings(DEMO=demo):
        server = LiveServer("localhost")
        server._live_server_modified_settings.enable()
        try:
            yield server.url
        finally:
            server.stop()
            server._live_server_modified_settings.disable()


@contextmanager
def at_a_copy(folder: Path, database: str) -> Iterator[None]:
    """Let this thread, and the threads it starts, work on a copy of a database."""
    own = _copied(database, folder)
    with _connected_to(own), _seeing_everything():
        yield
    _forget(own)


def empty(folder: Path) -> str:
    """Return a database with its tables and nothing in them; made once a run."""
    return _once(folder, "empty", load=False)


def demonstration(folder: Path) -> str:
    """Return a database in which the demonstration's story has been told; told once a run."""
    return _once(folder, "demonstration", load=True)


def _once(folder: Path, name: str, *, load: bool) -> str:
    database, done = _named(folder, name), folder / f"{name}.ready"
    # The processes of one run wait here for the first of them.
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            _forget(database)
            _make(database)
            with _connected_to(database), override_settings(DEMO=True):
                call_command("migrate", verbosity=0)
                if load:
                    call_command("load_demo", stdout=StringIO())
            done.touch()
    return database


def _named(folder: Path, name: str) -> str:
    """Return what a database is called: a file in the folder, or a name no other folder has."""
    if connection.vendor == "sqlite":
        return str(folder / f"{name}.sqlite3")
    return f"journey_{name}_{hashlib.sha256(str(folder).encode()).hexdigest()[:12]}"


def _make(database: str, *, like: str = "") -> None:
    if connection.vendor == "postgresql":
        _as_owner(f'CREATE DATABASE "{database}"' + (f' TEMPLATE "{like}"' if like else ""))


def _copied(database: str, folder: Path) -> str:
    own = _named(folder, "portal")
    if connection.vendor == "sqlite":
        shutil.copyfile(database, own)
    else:
        _make(own, like=database)
    return own


def _forget(database: str) -> None:
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(database + suffix).unlink(missing_ok=True)
        return
    # A server's thread may not have hung up yet; the whole server goes when the run ends.
    with suppress(OperationalError):
        _as_owner(f'DROP DATABASE IF EXISTS "{database}"')


def _as_owner(statement: str) -> None:
    with connection.as_owner(), connection._nodb_cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def _seeing_everything() -> Iterator[None]:
    """Let this thread's own connection look at all rows; the server's threads have others."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET openqmm.role = 'system'")
    yield


@contextmanager
def _connected_to(database: str) -> Iterator[None]:
    """Let this thread, and the threads it starts, work on another database."""
    connection.close()
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = database
    try:
        yield
        if connection.vendor == "sqlite":
            # Brings the write-ahead log into the file, so that the file alone is the database.
            with connection.cursor() as cursor:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before
