"""Django's PostgreSQL, and what the trail and the isolation of tenants need of a connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.backends.postgresql import base, creation

from openqmm.site.databases.captured import captured_tables
from openqmm.site.databases.postgresql.guards import FUNCTIONS, PREFIX, guards, privileges


class DatabaseCreation(creation.DatabaseCreation):
    """Makes the tests' databases as the owner; the tests then run as the role that owns nothing."""

    def create_test_db(self, *args: Any, **options: Any) -> str:
        with self.connection.as_owner():
            return super().create_test_db(*args, **options)

    def destroy_test_db(self, *args: Any, **options: Any) -> None:
        with self.connection.as_owner():
            super().destroy_test_db(*args, **options)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection by a role that owns nothing; `as_owner` is for migrations alone.

    What the database is told (the open event, who reads) holds until the transaction ends, so that
    nothing of it is left on a connection that a pooler hands to somebody else.
    """

    creation_class = DatabaseCreation
    audit_event: UUID | None = None

    def open_audit_event(self, event_id: UUID) -> None:
        """Let records be changed until `close_audit_event`, as part of this event."""
        self.audit_event = event_id
        self._tell("openqmm.event", str(event_id))

    def close_audit_event(self) -> None:
        """Refuse changes again."""
        self.audit_event = None
        # At its end a transaction forgets the event by itself; one that failed takes no statement.
        ends = len(self.atomic_blocks) == 1
        if not ends and not self.needs_rollback and self.is_usable_for_statements():
            self._tell("openqmm.event", "")

    def read_as(self, scope: Mapping[str, str]) -> None:
        """Tell the row-level security who reads, until the transaction ends."""
        with self.cursor() as cursor:
            names = ", ".join("set_config(%s, %s, true)" for _ in scope)
            told = [word for name, value in scope.items() for word in (f"openqmm.{name}", value)]
            cursor.execute(f"SELECT {names}", told)

    def is_usable_for_statements(self) -> bool:
        """Return whether the present transaction still takes statements."""
        from psycopg.pq import TransactionStatus

        if self.connection is None:
            return False
        return self.connection.info.transaction_status != TransactionStatus.INERROR

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Connect as the role that owns the tables, for migrations."""
        running = {name: self.settings_dict[name] for name in ("USER", "PASSWORD")}
        self.close()
        self.settings_dict.update(self.settings_dict.get("OWNER") or {})
        try:
            yield
        finally:
            self.close()
            self.settings_dict.update(running)

    def install_guards(self) -> None:
        """Make every function, trigger and privilege anew (as owner)."""
        owner = self.settings_dict.get("OWNER") or {}
        with self.cursor() as cursor:
            for function in FUNCTIONS:
                cursor.execute(function)
            for table, name in self._stored_guards():
                cursor.execute(f'DROP TRIGGER "{name}" ON "{table}"')
            for statement in guards(captured_tables()).values():
                cursor.execute(statement)
            if owner:
                for statement in privileges(self.settings_dict["RUN_ROLE"], self._tables()):
                    cursor.execute(statement)

    def guards_fault(self) -> str | None:
        """Return what is wrong with the triggers of this database, or None."""
        wrong = {key for key, on in self._stored_guards().items() if not on}
        wrong |= set(guards(captured_tables())) ^ set(self._stored_guards())
        if not wrong:
            return None
        shown = ", ".join(f"{name} on {table}" for table, name in sorted(wrong)[:5])
        return f"{len(wrong)} guards of the audit trail are missing, off or strange: {shown}"

    def role_fault(self) -> str | None:
        """Return why the connected role must not run the portal, or None."""
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT rolsuper, rolbypassrls, rolcreaterole, (SELECT count(*) FROM pg_class c "
                "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace "
                "AND pg_has_role(current_user, c.relowner, 'MEMBER')) "
                "FROM pg_roles WHERE rolname = current_user"
            )
            superuser, bypasses, makes_roles, owned = cursor.fetchone()
        if superuser or bypasses or makes_roles:
            return "the role can switch the database's own guards off; connect as a plain role"
        return f"the role owns {owned} tables; connect as a role that owns none" if owned else None

    def _tables(self) -> list[str]:
        with self.cursor() as cursor:
            return sorted(self.introspection.table_names(cursor))

    def _stored_guards(self) -> dict[tuple[str, str], bool]:
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT tgrelid::regclass::text, tgname, tgenabled = 'O' FROM pg_trigger "
                "WHERE NOT tgisinternal AND tgname LIKE %s",
                [f"{PREFIX}%"],
            )
            return {(table.strip('"'), name): on for table, name, on in cursor.fetchall()}

    def _tell(self, name: str, value: str) -> None:
        with self.cursor() as cursor:
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
