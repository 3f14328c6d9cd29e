"""Writing a backup of a running installation: the database in one snapshot, then the files."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from openqmm import __version__
from openqmm.cli import postgresql_tools as postgresql
from openqmm.cli.backup_manifest import DATABASE, POSTGRESQL, SQLITE, Manifest, sha256_of
from openqmm.core.errors import InvalidInput, Problem

FILES = ("evidence", "checkpoints")
"""Folders of the data folder that a backup holds. Keys are never among them."""


def write_backup(
    data: Path, target: Path, address: str | None, checkpoints: Path | None = None
) -> Path:
    """Write a backup and return its folder.

    The database first: every file it names lies in the vault by then, for files are kept before
    they are written down. The folder gets its name when it is whole.

    Parameters
    ----------
    data : the data folder of the installation.
    target : where backups go.
    address : the owner's address of a PostgreSQL database; None for the embedded one.
    checkpoints : where published checkpoints lie, when it is not in the data folder.
    """
    now = datetime.now(UTC)
    name = f"openqmm-{now:%Y%m%dT%H%M%S}Z"
    building = target / f".{name}"
    building.mkdir(parents=True, mode=0o700)
    try:
        engine = POSTGRESQL if address else SQLITE
        file = building / DATABASE[engine]
        if address:
            tables, size = postgresql.dump(address, file)
        else:
            tables, size = _copy_sqlite(data / "openqmm.sqlite3", file)
        folders = {name: data / name for name in FILES}
        if checkpoints is not None:
            folders["checkpoints"] = checkpoints
        for folder, source in folders.items():
            _copy_folder(source, building / folder)
        files = {
            str(path.relative_to(building)): sha256_of(path)
            for path in sorted(building.rglob("*"))
            if path.is_file()
        }
        made_at = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        Manifest(made_at, __version__, engine, tables, files, size).write(building)
        done = target / name
        building.rename(done)
    except BaseException:
        shutil.rmtree(building, ignore_errors=True)
        raise
    return done


def count_rows(database: sqlite3.Connection) -> tuple[dict[str, int], int]:
    """Return the rows of every table of an embedded database, and how many anchors it has."""
    names = [
        name
        for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
    ]
    counts = {
        name: int(database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
        for name in sorted(names)
    }
    return counts, counts.get("audit_anchor", 0)


def _copy_sqlite(source: Path, target: Path) -> tuple[dict[str, int], int]:
    if not source.is_file():
        raise InvalidInput(str(source), [Problem("there is no database; name its data folder.")])
    # The engine's own online copy: a copy of the file alone would leave out what lies in the log.
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as running,
        closing(sqlite3.connect(target)) as copy,
    ):
        running.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        return count_rows(copy)


def _copy_folder(source: Path, target: Path) -> None:
    if source.is_dir():
        # Files come and go while the platform runs; half-written ones begin with a dot.
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(".*", "*.tmp"))
