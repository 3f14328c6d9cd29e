"""Restoring a backup: proved first, put in place afterwards, and never over anything."""

from __future__ import annotations

import re
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from openqmm.cli import postgresql_tools as postgresql
from openqmm.cli import verify_postgresql, verify_sqlite
from openqmm.cli.backup_manifest import POSTGRESQL, SQLITE, Manifest, read_manifest
from openqmm.cli.backup_writing import FILES, count_rows
from openqmm.core.errors import InvalidInput, Problem
from openqmm.core.verifier import Report, verify_installation

DATABASE = "openqmm.sqlite3"


@dataclass(frozen=True, slots=True)
class Restored:
    """What restoring a backup proved, and how long it took."""

    manifest: Manifest
    verdict: Report
    miscounted: tuple[str, ...]
    newer: tuple[str, ...]
    seconds: float

    @property
    def valid(self) -> bool:
        """Whether everything the backup holds is proved."""
        return self.verdict.valid and not self.miscounted

    @property
    def loss(self) -> str:
        """What is known of that the backup does not hold, in words; empty when nothing is."""
        if not self.newer:
            return ""
        return (
            f"{len(self.newer)} checkpoints were published after this backup "
            f"({self.newer[0]} to {self.newer[-1]}): what came after "
            f"{self.manifest.made_at} is not in it"
        )

    def sentence(self) -> str:
        """Return what was done, for the trail."""
        return f"restored the installation from the backup of {self.manifest.made_at}"

    def text(self) -> str:
        """Return the report for the terminal."""
        rows = sum(self.manifest.tables.values())
        lines = [
            f"holds  files: {len(self.manifest.files):,}, each with the digest of the manifest",
            f"{'FAILS' if self.miscounted else 'holds'}  rows: "
            + (", ".join(self.miscounted) or f"{rows:,}, as many in every table as were copied"),
        ]
        lines += [
            f"{'holds' if c.passed else 'not checked' if c.passed is None else 'FAILS'}  "
            f"{c.name}: {c.detail}"
            for c in self.verdict.checks
        ]
        lines.append(f"loss: {self.loss or 'none known; no checkpoint is newer'}")
        lines.append(f"time: restored and proved in {self.seconds:.1f} s")
        lines.append("The backup can be relied on." if self.valid else "Do not rely on it.")
        return "\n".join(lines)


def restore_backup(
    source: Path, data: Path, checkpoints: Path, address: str | None, *, accept_loss: bool
) -> Restored:
    """Restore a backup into an empty data folder (or database) and return what was proved.

    Raises
    ------
    InvalidInput
        A database is there already; a file is not what the manifest says; the content does not
        verify; or checkpoints tell of events that the backup does not hold, and that was not
        accepted. Nothing is in place then.
    """
    manifest = _checked(source, address)
    if manifest.engine == SQLITE and (data / DATABASE).exists():
        fault = f"holds {DATABASE} already; restore into an empty folder. Nothing was written."
        raise InvalidInput(str(data), [Problem(fault)])
    data.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data, prefix=".restoring-") as place:
        report = _proved(source, manifest, Path(place), checkpoints, address)
        if not report.valid:
            raise InvalidInput(str(source), [Problem(f"does not verify.\n{report.text()}")])
        if report.newer and not accept_loss:
            fault = f"{report.loss}. Restore a later one, or say --accept-loss."
            raise InvalidInput(str(source), [Problem(fault)])
        if address is not None:
            postgresql.load(source / manifest.database, address)
        _put_in_place(Path(place), data, manifest)
    _set_aside(checkpoints, report)
    return report


def drill(source: Path, checkpoints: Path, address: str | None) -> Restored:
    """Restore a backup to a place of its own, prove it, and remove it again.

    A dump of PostgreSQL is drilled in a database made beside the one at `address`.
    """
    manifest = read_manifest(source)
    with tempfile.TemporaryDirectory(prefix="openqmm-drill-") as place:
        return _proved(source, manifest, Path(place), checkpoints, address)


def _checked(source: Path, address: str | None) -> Manifest:
    manifest = read_manifest(source)
    if (manifest.engine == POSTGRESQL) != (address is not None):
        fault = f"was made of {manifest.engine}; restore it into the same kind of database."
        raise InvalidInput(str(source), [Problem(fault)])
    return manifest


def _proved(
    source: Path, manifest: Manifest, place: Path, checkpoints: Path, address: str | None
) -> Restored:
    if manifest.engine == SQLITE:
        return _restored(source, manifest, place, checkpoints, None)
    if address is None:
        fault = "a backup of PostgreSQL is proved in a PostgreSQL database; say --database."
        raise InvalidInput(str(source), [Problem(fault)])
    with _database_beside(address) as beside:
        return _restored(source, manifest, place, checkpoints, beside)


def _restored(
    source: Path, manifest: Manifest, place: Path, checkpoints: Path, address: str | None
) -> Restored:
    began = time.monotonic()
    if address is None:
        shutil.copyfile(source / manifest.database, place / DATABASE)
        with closing(sqlite3.connect(place / DATABASE)) as database:
            counts, _ = count_rows(database)
    else:
        counts = postgresql.load(source / manifest.database, address)
    for folder in FILES:
        if (source / folder).is_dir():
            shutil.copytree(source / folder, place / folder)
    miscounted = tuple(
        f"{name} has {counts.get(name, 0):,} rows in place of {rows:,}"
        for name, rows in sorted(manifest.tables.items())
        if counts.get(name, 0) != rows
    )
    known, newer = _checkpoints(checkpoints, manifest.installation_size)
    if address is None:
        with verify_sqlite.opened(place / DATABASE) as rows_:
            verdict = verify_installation(rows_, known, None)
    else:
        with verify_postgresql.opened(address) as rows_:
            verdict = verify_installation(rows_, known, None)
    return Restored(manifest, verdict, miscounted, newer, time.monotonic() - began)


def _checkpoints(folder: Path, size: int) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Return the checkpoints that a tree of this size must hold, and the names of later ones."""
    known, newer = [], []
    for path in sorted(folder.glob("checkpoint-*.txt")):
        number = re.search(r"\d+", path.stem)
        if number and int(number.group()) <= size:
            known.append((path.name, path.read_text(encoding="utf-8")))
        else:
            newer.append(path.stem)
    return known, tuple(newer)


def _put_in_place(place: Path, data: Path, manifest: Manifest) -> None:
    for name in FILES:
        if (place / name).is_dir():
            # What is there already stays: files of the vault never change, checkpoints neither.
            shutil.copytree(place / name, data / name, dirs_exist_ok=True)
    if manifest.engine == SQLITE:
        (place / DATABASE).rename(data / DATABASE)


def _set_aside(checkpoints: Path, report: Restored) -> None:
    """Keep the checkpoints of the lost time, out of the way of those to come."""
    if report.newer:
        aside = checkpoints / f"lost-after-{report.manifest.made_at.replace(':', '')}"
        aside.mkdir()
        for name in report.newer:
            (checkpoints / f"{name}.txt").rename(aside / f"{name}.txt")


@contextmanager
def _database_beside(address: str) -> Iterator[str]:
    import psycopg
    from psycopg.conninfo import make_conninfo

    name = f"openqmm_drill_{int(time.time())}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    try:
        yield make_conninfo(address, dbname=name)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
