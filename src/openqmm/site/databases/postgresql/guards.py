"""The triggers and privileges of PostgreSQL: what is captured, what is refused, who may what."""

from __future__ import annotations

from collections.abc import Iterator

from openqmm.site.databases.captured import APPEND_ONLY, TRAIL, Table

PREFIX = "trail_"

# As the owner (SECURITY DEFINER): the role that runs the portal cannot write a change by itself.
# The row is kept as the text that was hashed.
_CAPTURE = """
CREATE OR REPLACE FUNCTION openqmm_capture() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    was text := coalesce(current_setting('openqmm.role', true), '');
    opened text := nullif(current_setting('openqmm.event', true), '');
    old_row jsonb; new_row jsonb; withheld text;
BEGIN
    IF opened IS NULL THEN
        RAISE EXCEPTION 'refused: a record is changed only inside an open audit event';
    END IF;
    IF TG_OP <> 'INSERT' THEN old_row := to_jsonb(OLD); END IF;
    IF TG_OP <> 'DELETE' THEN new_row := to_jsonb(NEW); END IF;
    FOR i IN 1 .. TG_NARGS - 1 LOOP
        withheld := TG_ARGV[i];
        IF old_row ->> withheld IS NOT NULL THEN
            old_row := old_row || jsonb_build_object(withheld, 'sha256:' ||
                encode(sha256(convert_to(old_row ->> withheld, 'UTF8')), 'hex'));
        END IF;
        IF new_row ->> withheld IS NOT NULL THEN
            new_row := new_row || jsonb_build_object(withheld, 'sha256:' ||
                encode(sha256(convert_to(new_row ->> withheld, 'UTF8')), 'hex'));
        END IF;
    END LOOP;
    IF old_row IS DISTINCT FROM new_row THEN
        -- As the system: row-level security binds the owner too.
        PERFORM set_config('openqmm.role', 'system', true);
        IF EXISTS (SELECT 1 FROM audit_auditevent WHERE id = opened::uuid) THEN
            RAISE EXCEPTION 'refused: a record is changed only inside an open audit event';
        END IF;
        INSERT INTO audit_auditchange (event_id, table_name, record_id, before, after)
        VALUES (opened::uuid, TG_TABLE_NAME, coalesce(old_row, new_row) ->> TG_ARGV[0],
                old_row::text, new_row::text);
        PERFORM set_config('openqmm.role', was, true);
    END IF;
    RETURN NULL;
END $$
"""
_REFUSE = """
CREATE OR REPLACE FUNCTION openqmm_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'refused: the audit trail is append-only'; END $$
"""
_OPEN_EVENT = """
CREATE OR REPLACE FUNCTION openqmm_open_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.id::text IS DISTINCT FROM nullif(current_setting('openqmm.event', true), '') THEN
        RAISE EXCEPTION 'refused: a record is changed only inside an open audit event';
    END IF;
    RETURN NEW;
END $$
"""
_HEADS = """
CREATE OR REPLACE FUNCTION openqmm_heads_grow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (TG_OP = 'INSERT' AND NEW.size <> 0) OR (TG_OP = 'UPDATE'
        AND (NEW.size <> OLD.size + 1 OR NEW.trail_id <> OLD.trail_id)) THEN
        RAISE EXCEPTION 'refused: the audit trail is append-only';
    END IF;
    RETURN NEW;
END $$
"""
_PEOPLE = """
CREATE OR REPLACE FUNCTION openqmm_people_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.email IS DISTINCT FROM OLD.email OR NEW.id <> OLD.id THEN
        RAISE EXCEPTION 'refused: people stay on record, and an address is never given again';
    END IF;
    RETURN NEW;
END $$
"""
FUNCTIONS = (_CAPTURE, _REFUSE, _OPEN_EVENT, _HEADS, _PEOPLE)


def guards(tables: list[Table]) -> dict[tuple[str, str], str]:
    """Return the statement that makes each trigger, by table and trigger name."""
    return {(table, name): statement for table, name, statement in _triggers(tables)}


def _triggers(tables: list[Table]) -> Iterator[tuple[str, str, str]]:
    for table in tables:
        arguments = ", ".join(f"'{name}'" for name in (table.key, *sorted(table.withheld)))
        yield _trigger(
            table.name, "capture", f"AFTER INSERT OR UPDATE OR DELETE ON {_quoted(table.name)}"
            f" FOR EACH ROW EXECUTE FUNCTION openqmm_capture({arguments})",
        )  # fmt: skip
    for name in sorted({*(table.name for table in tables), *TRAIL}):
        yield _trigger(
            name, "no_truncate", f"BEFORE TRUNCATE ON {_quoted(name)}"
            " FOR EACH STATEMENT EXECUTE FUNCTION openqmm_refuse()",
        )  # fmt: skip
    for name in APPEND_ONLY:
        yield _trigger(
            name, "append_only", f"BEFORE UPDATE OR DELETE ON {_quoted(name)}"
            " FOR EACH STATEMENT EXECUTE FUNCTION openqmm_refuse()",
        )  # fmt: skip
    yield _trigger(
        "audit_auditevent", "open_event", "BEFORE INSERT ON audit_auditevent"
        " FOR EACH ROW EXECUTE FUNCTION openqmm_open_event()",
    )  # fmt: skip
    yield _trigger(
        "audit_trailhead", "heads_grow", "BEFORE INSERT OR UPDATE ON audit_trailhead"
        " FOR EACH ROW EXECUTE FUNCTION openqmm_heads_grow()",
    )  # fmt: skip
    yield _trigger(
        "audit_trailhead", "heads_stay", "BEFORE DELETE ON audit_trailhead"
        " FOR EACH STATEMENT EXECUTE FUNCTION openqmm_refuse()",
    )  # fmt: skip
    yield _trigger(
        "accounts_user", "people_stay", "BEFORE UPDATE OR DELETE ON accounts_user"
        " FOR EACH ROW EXECUTE FUNCTION openqmm_people_stay()",
    )  # fmt: skip


def _trigger(table: str, name: str, rest: str) -> tuple[str, str, str]:
    return table, PREFIX + name, f"CREATE TRIGGER {PREFIX}{name} {rest}"


def privileges(role: str, everything: list[str]) -> Iterator[str]:
    """Yield the statements that give the running role what it needs, and no more.

    `everything` names every table of the database.
    """
    yield f"GRANT USAGE ON SCHEMA public TO {_quoted(role)}"
    yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {_quoted(role)}"
    for table in everything:
        yield f"REVOKE ALL ON {_quoted(table)} FROM {_quoted(role)}"
        yield f"GRANT {_allowed(table)} ON {_quoted(table)} TO {_quoted(role)}"


def _allowed(table: str) -> str:
    if table in {"django_migrations", "audit_auditchange"}:
        return "SELECT"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    if table == "audit_trailhead":
        return "SELECT, INSERT, UPDATE"
    return "SELECT, INSERT, UPDATE, DELETE"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
