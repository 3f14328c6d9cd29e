"""Puts an installation of tests.core.verifier.ledgers into a real database, as each engine keeps
it: SQLite with bare UUIDs and naive times in text, PostgreSQL with types of its own."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from openqmm.core.verifier.reading import canonical
from tests.core.verifier.ledgers import Ledger

Execute = Callable[[str, Iterable[Any]], Any]

_UUIDS = {"id", "trail_id", "event_id", "actor_id", "actor_organisation_id"}
_KINDS = {"seq", "size", "slot", "position", "capacity", "tick", "anchor_id", "number"}
_TABLES = {
    "audit_auditevent": Ledger.events,
    "audit_auditchange": Ledger.changes,
    "audit_anchor": Ledger.anchors,
    "audit_anchoredhead": Ledger.anchored_heads,
    "audit_trailhead": Ledger.heads,
}
ROW_TABLE = "assessments_score"
_GUARDED = (ROW_TABLE, "audit_signature", *_TABLES)


def as_sqlite(path: Path, ledger: Ledger) -> None:
    """Write the ledger, with triggers that refuse everything."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    for table, read in _TABLES.items():
        rows = [_bare(row, table) for row in read(ledger)]
        _fill(connection.execute, table, rows, "?")
    rows = [_scores(text) for text in ledger.rows[ROW_TABLE].values()]
    _fill(connection.execute, ROW_TABLE, rows, "?")
    connection.execute("CREATE TABLE audit_signature (id text PRIMARY KEY)")
    for table in _GUARDED:
        for statement in ("INSERT", "UPDATE", "DELETE"):
            connection.execute(
                f"CREATE TRIGGER {table}_{statement} BEFORE {statement} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
    connection.commit()
    connection.close()


def bend(path: Path, statement: str) -> None:
    """Do as somebody with the file in hand: drop the triggers, change, put them back."""
    connection = sqlite3.connect(path)
    triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
    kept = triggers.fetchall()
    for name, _ in kept:
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute(statement)
    for _, sql in kept:
        connection.execute(sql)
    connection.commit()
    connection.close()


def as_postgresql(execute: Execute, ledger: Ledger) -> None:
    """Write the ledger through one connection's `execute`."""
    for table, read in _TABLES.items():
        _fill(execute, table, [_typed(row) for row in read(ledger)], "%s", typed=True)
    scores = [_scores(text) for text in ledger.rows[ROW_TABLE].values()]
    _fill(execute, ROW_TABLE, scores, "%s", typed=True)
    execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'refused'; END $$",
        (),
    )
    execute("CREATE TABLE audit_signature (id uuid PRIMARY KEY)", ())
    for table in _GUARDED:
        execute(
            f"CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse()",
            (),
        )


def _scores(text: str) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(text)
    return row


def _bare(row: dict[str, Any], table: str) -> dict[str, Any]:
    bare = {
        name: value.replace("-", "") if name in _UUIDS and isinstance(value, str) else value
        for name, value in row.items()
    }
    if "at" in bare:
        bare["at"] = bare["at"].replace("T", " ").removesuffix("Z")
    return _typed(bare)


def _typed(row: dict[str, Any]) -> dict[str, Any]:
    return row | ({"frontier": canonical(row["frontier"])} if "frontier" in row else {})


def _fill(
    execute: Execute, table: str, rows: list[dict[str, Any]], mark: str, *, typed: bool = False
) -> None:
    columns = list(rows[0])
    kinds = (f'"{name}" {_kind(table, name, typed=typed)}' for name in columns)
    execute(f"CREATE TABLE {table} ({', '.join(kinds)})", ())
    marks = ", ".join([mark] * len(columns))
    for row in rows:
        execute(f"INSERT INTO {table} VALUES ({marks})", tuple(row.values()))


def _kind(table: str, name: str, *, typed: bool) -> str:
    if name == "id":
        key = "bigint" if table == "audit_auditchange" else "uuid" if typed else "text"
        return f"{key} PRIMARY KEY"
    if name in _KINDS or name == "level":
        return "bigint"
    if not typed:
        return "text"
    if name == "frontier":
        return "jsonb"
    return "timestamptz" if name == "at" else "uuid" if name in _UUIDS else "text"
