"""What guards stand in a database: made, marked with what they were made from, and compared.

The mark is a comment of two digests: of the statement a guard was made by, and of how the database
spells it since. An altered guard no longer has its mark; one of another release has another's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from openqmm.site.databases.captured import captured_tables
from openqmm.site.databases.postgresql.guards import FUNCTIONS, guards
from openqmm.site.databases.postgresql.isolation import FUNCTIONS as SETS
from openqmm.site.databases.postgresql.isolation import TABLES, policies

Key = tuple[str, str, str]
"""Its kind, its table (of a function: none) and its name."""

FORCED = "enabled and forced"

_STANDING = """
SELECT 'trigger', c.relname, t.tgname, t.tgenabled::text || pg_get_triggerdef(t.oid),
       obj_description(t.oid, 'pg_trigger')
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'policy', c.relname, p.polname, concat_ws(' ', p.polcmd::text, p.polpermissive, p.polroles,
       pg_get_expr(p.polqual, c.oid), '/', pg_get_expr(p.polwithcheck, c.oid)),
       obj_description(p.oid, 'pg_policy')
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = 'public'::regnamespace
UNION ALL
SELECT 'function', '', p.proname, pg_get_functiondef(p.oid), obj_description(p.oid, 'pg_proc')
FROM pg_proc p WHERE p.proname LIKE 'openqmm\\_%' AND p.pronamespace = 'public'::regnamespace
"""
_FORCED = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relrowsecurity AND c.relforcerowsecurity
"""


def expected() -> dict[Key, str]:
    """Return the digest of the statement each guard is made by."""
    made = {("trigger", *place): text for place, text in guards(captured_tables()).items()}
    made |= {("policy", *place): text for place, text in policies().items()}
    made |= {("function", "", _name(text)): text for text in (*SETS, *FUNCTIONS)}
    return {key: _digest(text) for key, text in made.items()} | {
        ("table", table, "row security"): FORCED for table in TABLES
    }


def stored(cursor: Any) -> dict[Key, str]:
    """Return the same of what stands in the database; what lost its mark has none."""
    found: dict[Key, str] = {}
    cursor.execute(_STANDING)
    for kind, table, name, spelt, mark in cursor.fetchall():
        source, _, spelling = (mark or "").partition(" ")
        found[kind, table, name] = source if spelling == _digest(spelt) else "altered"
    cursor.execute(_FORCED)
    return found | {("table", table, "row security"): FORCED for (table,) in cursor.fetchall()}


def faults(there: Mapping[Key, str]) -> list[str]:
    """Return the guards that are missing, altered, or not ours."""
    wanted = expected()
    return sorted(
        f"{name} on {table}" if table else name
        for kind, table, name in there.keys() | wanted.keys()
        if there.get((kind, table, name)) != wanted.get((kind, table, name))
    )


def install(cursor: Any) -> None:
    """Make every guard anew and mark it (as owner)."""
    for function in (*SETS, *FUNCTIONS):
        cursor.execute(function)
    for kind, table, name in stored(cursor):
        if kind in {"trigger", "policy"}:
            cursor.execute(f'DROP {kind} "{name}" ON "{table}"')
    for statement in (*guards(captured_tables()).values(), *policies().values()):
        cursor.execute(statement)
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    _mark(cursor)


def _mark(cursor: Any) -> None:
    sources = expected()
    cursor.execute(_STANDING)
    for kind, table, name, spelt, _ in cursor.fetchall():
        at = f' ON "{table}"' if table else ""
        mark = f"{sources.get((kind, table, name), 'strange')} {_digest(spelt)}"
        cursor.execute(f"""COMMENT ON {kind} "{name}"{at} IS '{mark}'""")


def _name(function: str) -> str:
    return function.split("FUNCTION", 1)[1].split("(", 1)[0].strip()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
