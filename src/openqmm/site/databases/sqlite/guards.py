"""The triggers of SQLite: what they capture, and what they refuse."""

from __future__ import annotations

from collections.abc import Iterator

from openqmm.site.databases.captured import APPEND_ONLY, Table

PREFIX = "trail_"
_OUTSIDE = "refused: a record is changed only inside an open audit event"
_APPEND_ONLY = "refused: the audit trail is append-only"
_PEOPLE_STAY = "refused: people stay on record, and an address is never given again"
_OPEN = "openqmm_event()"


def guards(tables: list[Table]) -> dict[str, str]:
    """Return the statement that makes each trigger, by the trigger's name."""
    made = {}
    for statement in (*_captures(tables), *_append_only(), *_of_the_trail(), *_of_people()):
        name = statement.split()[2]
        made[name] = statement
    return made


def row_as_json(table: Table, row: str) -> str:
    """Return the expression that writes a row as the trail keeps it (`row`: NEW, OLD, a table)."""
    pairs = []
    for column in table.columns:
        value = f'{row}."{column}"'
        if column in table.withheld:
            value = f"'sha256:' || openqmm_sha256({value})"
        elif column in table.binary:
            value = f"hex({value})"
        pairs.append(f"'{column}', {value}")
    return f"json_object({', '.join(pairs)})"


def _captures(tables: list[Table]) -> Iterator[str]:
    for table in tables:
        new, old = row_as_json(table, "NEW"), row_as_json(table, "OLD")
        key_new, key_old = f'NEW."{table.key}"', f'OLD."{table.key}"'
        yield _capture(table, "INSERT", key_new, "NULL", new)
        yield _capture(table, "UPDATE", key_old, old, new)
        yield _capture(table, "DELETE", key_old, old, "NULL")


def _capture(table: Table, verb: str, key: str, before: str, after: str) -> str:
    # An update that changes nothing leaves no trace; it is refused outside an event all the same.
    changed = f"WHERE {before} IS NOT {after}" if verb == "UPDATE" else ""
    return (
        f'CREATE TRIGGER {PREFIX}{table.name}_{verb.lower()} AFTER {verb} ON "{table.name}" BEGIN '
        f"SELECT RAISE(ABORT, '{_OUTSIDE}') WHERE {_OPEN} IS NULL; "
        f"INSERT INTO audit_auditchange (event_id, table_name, record_id, before, after) "
        f"SELECT {_OPEN}, '{table.name}', {key}, {before}, {after} {changed}; END"
    )


def _append_only() -> Iterator[str]:
    for name in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            yield (
                f'CREATE TRIGGER {PREFIX}{name}_no_{verb.lower()} BEFORE {verb} ON "{name}" '
                f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
            )
    # INSERT OR REPLACE removes the row it replaces without a DELETE where a connection has not
    # switched recursive triggers on.
    for name, same in (
        ("audit_auditevent", "id = NEW.id OR (trail_id = NEW.trail_id AND seq = NEW.seq)"),
        ("audit_auditchange", "id = NEW.id"),
        ("audit_signature", "id = NEW.id OR challenge = NEW.challenge"),
        ("audit_anchor", "tick = NEW.tick OR position = NEW.position"),
        ("audit_anchoredhead", "id = NEW.id"),
    ):
        yield (
            f'CREATE TRIGGER {PREFIX}{name}_no_replace BEFORE INSERT ON "{name}" '
            f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}') "
            f'WHERE EXISTS (SELECT 1 FROM "{name}" WHERE {same}); END'
        )


def _of_the_trail() -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {PREFIX}changes_of_open_event BEFORE INSERT ON audit_auditchange "
        f"BEGIN SELECT RAISE(ABORT, '{_OUTSIDE}') WHERE NEW.event_id IS NOT {_OPEN} "
        f"OR EXISTS (SELECT 1 FROM audit_auditevent WHERE id = NEW.event_id); END"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}events_open BEFORE INSERT ON audit_auditevent "
        f"BEGIN SELECT RAISE(ABORT, '{_OUTSIDE}') WHERE NEW.id IS NOT {_OPEN}; END"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}heads_grow BEFORE UPDATE ON audit_trailhead "
        f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}') "
        f"WHERE NEW.size <> OLD.size + 1 OR NEW.trail_id <> OLD.trail_id; END"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}heads_begin BEFORE INSERT ON audit_trailhead "
        f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}') WHERE NEW.size <> 0 "
        f"OR EXISTS (SELECT 1 FROM audit_trailhead WHERE trail_id = NEW.trail_id); END"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}heads_stay BEFORE DELETE ON audit_trailhead "
        f"BEGIN SELECT RAISE(ABORT, '{_APPEND_ONLY}'); END"
    )


def _of_people() -> Iterator[str]:
    yield (
        f"CREATE TRIGGER {PREFIX}people_stay BEFORE DELETE ON accounts_user "
        f"BEGIN SELECT RAISE(ABORT, '{_PEOPLE_STAY}'); END"
    )
    yield (
        f"CREATE TRIGGER {PREFIX}addresses_stay BEFORE UPDATE ON accounts_user "
        f"BEGIN SELECT RAISE(ABORT, '{_PEOPLE_STAY}') "
        f"WHERE NEW.email IS NOT OLD.email OR NEW.id IS NOT OLD.id; END"
    )
