"""The rows of a PostgreSQL database for the verifier: read only, in one snapshot."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from typing import TYPE_CHECKING, Any

from openqmm.cli import verify_rows as rows
from openqmm.core.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from psycopg import Connection

_BATCH = 2000

# tgtype is a set of bits: 4 insert, 8 delete, 16 update (pg_trigger, PostgreSQL manual).
_TRIGGERS = """
    SELECT c.relname AS name, t.tgtype AS type, pg_get_triggerdef(t.oid) AS sql
    FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND n.nspname = current_schema()
"""
# The capturing trigger's arguments: the key, then the columns of which only the digest goes on
# the trail.
_CAPTURE = re.compile(r"openqmm_capture\(([^)]*)\)")
_ARGUMENT = re.compile(r"'([^']*)'")
_STATEMENTS = {4: "INSERT", 8: "DELETE", 16: "UPDATE"}
_KEY = """
    SELECT a.attname AS name FROM pg_index i
    JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
    WHERE i.indisprimary AND i.indrelid = to_regclass(quote_ident(%s))
"""


@contextmanager
def opened(dsn: str) -> Iterator[PostgresqlSource]:
    """Open a database read only; what cannot be read of it is refused (InvalidInput)."""
    try:
        import psycopg
    except ImportError:
        fault = "PostgreSQL needs the library psycopg, which is not installed."
        raise InvalidInput("The database", [Problem(fault)]) from None
    try:
        with psycopg.connect(dsn) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            # Row-level security shows every trail to the system alone; until the snapshot ends.
            connection.execute("SELECT set_config('openqmm.role', 'system', true)")
            yield PostgresqlSource(connection)
    except psycopg.Error as error:
        # The text of an error may hold the address, never the password.
        said = (str(error).splitlines() or ["no reason given"])[0]
        fault = f"it cannot be read as a database with a trail of this version ({said})."
        raise InvalidInput("The database", [Problem(fault)]) from None


class PostgresqlSource(rows.TrailRows):
    """A `Source` (core.verifier) over one connection; long results come in batches."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection
        self._names = count()
        found = self._all(
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
        )
        self._tables = {row["name"] for row in found}

    def tables(self) -> list[str]:
        """The tables whose rows must be on the trail."""
        return rows.record_tables(self._tables)

    def record_changes(self, table: str) -> Iterator[dict[str, Any]]:
        """The changes of one table, all of a record together and by id."""
        found = self._stream(
            'SELECT record_id, "before", "after" FROM audit_auditchange WHERE table_name = %s '
            'ORDER BY record_id COLLATE "C", id',
            (table,),
        )
        for row in found:
            yield {**row, "record_id": rows.spelt_id(row["record_id"])}

    def current_rows(self, table: str) -> Iterator[tuple[str, str]]:
        """Each row as it stands: its id, and its JSON as the trigger would write it."""
        if table not in self._tables:
            return
        keys = self._all(_KEY, (table,))
        quoted = _quoted(table)
        key = f"t.{_quoted(keys[0]['name'])}::text" if keys else "t.ctid::text"
        # A withheld column as the text whose digest is taken, whatever its type.
        whole, withheld = "to_jsonb(t)", sorted(self.withheld(table))
        texts = " || jsonb_build_object(%s::text, to_jsonb(t) ->> %s)" * len(withheld)
        statement = f"SELECT {key} AS record, ({whole}{texts})::text AS row FROM {quoted} t"  # noqa: S608
        for row in self._stream(statement, [name for name in withheld for _ in range(2)]):
            yield str(rows.spelt_id(row["record"])), row["row"]

    def withheld(self, table: str) -> frozenset[str]:
        """The columns of a table of which only a digest is on the trail."""
        calls = [
            call
            for row in self._all(_TRIGGERS)
            if row["name"] == table and (call := _CAPTURE.search(row["sql"]))
        ]
        return frozenset(column for call in calls for column in _ARGUMENT.findall(call[1])[1:])

    def triggers_fault(self) -> str | None:
        """Which tables changes could reach unseen, or None."""
        guards: dict[str, set[str]] = {}
        for row in self._all(_TRIGGERS):
            kinds = {said for bit, said in _STATEMENTS.items() if row["type"] & bit}
            guards.setdefault(row["name"], set()).update(kinds)
        return rows.unguarded(self._tables, guards)

    def _stream(self, statement: str, given: Sequence[Any] = ()) -> Iterator[Mapping[str, Any]]:
        from psycopg.rows import dict_row

        name = f"verify_{next(self._names)}"
        with self._connection.cursor(name, row_factory=dict_row) as cursor:
            cursor.itersize = _BATCH
            cursor.execute(statement.encode(), given or None)
            yield from cursor

    def _all(self, statement: str, given: Sequence[Any] = ()) -> list[dict[str, Any]]:
        from psycopg.rows import dict_row

        with self._connection.cursor(row_factory=dict_row) as cursor:
            cursor.execute(statement.encode(), given or None)
            return cursor.fetchall()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
