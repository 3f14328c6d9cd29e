"""What a running portal's SQLite connection may not do: SQLite has no roles to deny it to."""

from __future__ import annotations

import sqlite3

from openqmm.site.databases.captured import APPEND_ONLY

_SCHEMA = frozenset(
    {
        sqlite3.SQLITE_ALTER_TABLE,
        sqlite3.SQLITE_ATTACH,
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_CREATE_TRIGGER,
        sqlite3.SQLITE_CREATE_VIEW,
        sqlite3.SQLITE_DETACH,
        sqlite3.SQLITE_DROP_INDEX,
        sqlite3.SQLITE_DROP_TABLE,
        sqlite3.SQLITE_DROP_TRIGGER,
        sqlite3.SQLITE_DROP_VIEW,
    }
)
_CHANGES = frozenset({sqlite3.SQLITE_UPDATE, sqlite3.SQLITE_DELETE})
_WRITES = _CHANGES | {sqlite3.SQLITE_INSERT}
_CATALOGUE = frozenset({"sqlite_master", "sqlite_schema"})
# Each would let a statement pass a trigger or a check by.
_PRAGMAS = frozenset(
    {"writable_schema", "recursive_triggers", "ignore_check_constraints", "legacy_alter_table"}
)


def authorize(
    action: int, first: str | None, second: str | None, _base: str | None, _via: str | None
) -> int:
    """Deny changes of the schema and of what stands on the trail; allow the rest."""
    denied = (
        action in _SCHEMA
        or _touches_trail(action, first)
        or (action == sqlite3.SQLITE_PRAGMA and first in _PRAGMAS and second is not None)
        or (action == sqlite3.SQLITE_FUNCTION and second == "load_extension")
    )
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK


def _touches_trail(action: int, table: str | None) -> bool:
    changed = action in _CHANGES and table in APPEND_ONLY
    return changed or (action in _WRITES and table in _CATALOGUE)
