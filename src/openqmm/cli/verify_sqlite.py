"""The rows of an SQLite database for the verifier: read only, in one snapshot."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openqmm.cli import verify_rows as rows
from openqmm.core.errors import InvalidInput, Problem

# How a capturing trigger writes a column of which only the digest goes on the trail.
_WITHHELD = re.compile(r"'(\w+)', 'sha256:' \|\|")
_TRIGGER = re.compile(r"\b(INSERT|UPDATE|DELETE)\b(?:\s+OF\s+[^;]*?)?\s+ON\s", re.IGNORECASE)


@contextmanager
def opened(path: Path) -> Iterator[SqliteSource]:
    """Open a database read only; what cannot be read of it is refused (InvalidInput)."""
    connection = None
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
        # Bytes that are not UTF-8 must be found and named, not end the reading.
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        connection.row_factory = sqlite3.Row
        connection.execute("BEGIN")
        yield SqliteSource(connection)
    except sqlite3.Error as error:
        fault = f"it is not a whole database with a trail of this version ({error})."
        raise InvalidInput(path.name, [Problem(fault)]) from None
    finally:
        if connection is not None:
            connection.close()


class SqliteSource(rows.TrailRows):
    """A `Source` (core.verifier) over one connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._tables = {
            row["name"]
            for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }

    def tables(self) -> list[str]:
        """The tables whose rows must be on the trail."""
        return rows.record_tables(self._tables)

    def record_changes(self, table: str) -> Iterator[dict[str, Any]]:
        """The changes of one table, all of a record together and by id."""
        found = self._stream(
            'SELECT record_id, "before", "after" FROM audit_auditchange WHERE table_name = ? '
            "ORDER BY record_id, id",
            (table,),
        )
        for row in found:
            yield {**row, "record_id": rows.spelt_id(row["record_id"])}

    def current_rows(self, table: str) -> Iterator[tuple[str, str]]:
        """Each row as it stands: its id, and its JSON as the trigger would write it."""
        if table not in self._tables:
            return
        quoted = _quoted(table)
        columns = list(self._connection.execute(f"PRAGMA table_info({quoted})"))
        key = next((column["name"] for column in columns if column["pk"]), "rowid")
        pairs = ", ".join(f"{_text(c['name'])}, {_value(c)}" for c in columns)
        statement = f"SELECT {_quoted(key)}, json_object({pairs}) FROM {quoted}"  # noqa: S608
        for record, text in self._connection.execute(statement):
            yield str(rows.spelt_id(record)), text

    def withheld(self, table: str) -> frozenset[str]:
        """The columns of a table of which only a digest is on the trail."""
        mine = (sql for name, sql in self._triggers() if name == table)
        return frozenset(column for sql in mine for column in _WITHHELD.findall(sql))

    def triggers_fault(self) -> str | None:
        """Which tables changes could reach unseen, or None."""
        guards: dict[str, set[str]] = {}
        for table, sql in self._triggers():
            statement = _TRIGGER.search(sql)
            if statement is not None:
                guards.setdefault(table, set()).add(statement[1].upper())
        return rows.unguarded(self._tables, guards)

    def _triggers(self) -> list[tuple[str, str]]:
        found = self._connection.execute(
            "SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'"
        )
        return [(row["tbl_name"], row["sql"]) for row in found]

    def _stream(self, statement: str, given: Sequence[Any] = ()) -> Iterator[Mapping[str, Any]]:
        return map(dict, self._connection.execute(statement, given))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _value(column: sqlite3.Row) -> str:
    quoted = _quoted(column["name"])
    return f"hex({quoted})" if column["type"].upper() == "BLOB" else quoted


def _text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"
