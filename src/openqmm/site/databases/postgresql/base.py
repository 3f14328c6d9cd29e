"""Django's PostgreSQL, and what the trail and the isolation of tenants need of a connection."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.backends.postgresql import base, creation

from openqmm.site.databases.postgresql import standing
from openqmm.site.databases.postgresql.guards import privileges
from openqmm.site.databases.postgresql.isolation import TOLD


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
    scope: Mapping[str, str] | None = None
    scoped_at = 0

    def open_audit_event(self, event_id: UUID, trail_id: UUID | None = None) -> None:
        """Let records be changed until `close_audit_event`, as part of this event of this trail."""
        self.audit_event = event_id
        self._tell({"event": str(event_id), "trail": str(trail_id or "")})

    def close_audit_event(self) -> None:
        """Refuse changes again."""
        self.audit_event = None
        # At its end a transaction forgets the event by itself; one that failed takes no statement.
        ends = len(self.atomic_blocks) == 1
        if not ends and not self.needs_rollback and self.is_usable_for_statements():
            self._tell({"event": "", "trail": ""})

    @contextmanager
    def reading_as(self, scope: Mapping[str, str]) -> Iterator[None]:
        """Tell the row-level security who reads, for a transaction or a part of one."""
        if scope == self.scope and self.in_atomic_block:
            yield
            return
        before, within, depth = self.scope, self.in_atomic_block, self.scoped_at
        with transaction.atomic(using=self.alias):
            self._tell(scope)
            self.scope, self.scoped_at = scope, len(self.atomic_blocks)
            try:
                yield
            finally:
                self.scope, self.scoped_at = before, depth
            # An error takes what was told with it, as does the transaction's end.
            if within and not self.needs_rollback and self.is_usable_for_statements():
                self._tell(before or dict.fromkeys(TOLD, ""))

    def is_usable_for_statements(self) -> bool:
        """Return whether the present transaction still takes statements."""
        from psycopg.pq import TransactionStatus

        if self.connection is None:
            return False
        return self.connection.info.transaction_status != TransactionStatus.INERROR

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Connect as the role that owns the tables, for migrations; the system's scope shows it
        every row."""
        running = {name: self.settings_dict[name] for name in ("USER", "PASSWORD", "OPTIONS")}
        self.close()
        self.settings_dict.update(self.settings_dict.get("OWNER") or {})
        options = {**running["OPTIONS"], "options": "-c openqmm.role=system"}
        self.settings_dict["OPTIONS"] = options
        try:
            yield
        finally:
            self.close()
            self.settings_dict.update(running)

    def install_guards(self) -> None:
        """Make every function, trigger, policy and privilege anew (as owner)."""
        owner = self.settings_dict.get("OWNER") or {}
        with transaction.atomic(using=self.alias), self.cursor() as cursor:
            standing.install(cursor)
            if owner:
                for statement in privileges(self.settings_dict["RUN_ROLE"], self._tables()):
                    cursor.execute(statement)

    def guards_fault(self) -> str | None:
        """Return what is wrong with triggers, policies and their functions, or None."""
        wrong = standing.faults(self._stored_guards())
        if not wrong:
            return None
        shown = ", ".join(wrong[:5])
        return f"{len(wrong)} guards of the audit trail are missing, altered or strange: {shown}"

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

    def _stored_guards(self) -> dict[standing.Key, str]:
        with self.cursor() as cursor:
            return standing.stored(cursor)

    def _tell(self, said: Mapping[str, str]) -> None:
        names = ", ".join("set_config(%s, %s, true)" for _ in said)
        told = [word for name, value in said.items() for word in (f"openqmm.{name}", value)]
        with self.cursor() as cursor:
            cursor.execute(f"SELECT {names}", told)
