"""Django's SQLite, and what the trail needs of a connection."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.sqlite3 import base, schema

from openqmm.site.databases.captured import captured_tables
from openqmm.site.databases.sqlite.authorizer import authorize
from openqmm.site.databases.sqlite.gate import Gate
from openqmm.site.databases.sqlite.guards import PREFIX, guards


class SchemaEditor(schema.DatabaseSchemaEditor):
    """Says why a migration failed: Django would look for broken references first, which a failed
    transaction refuses, and report that refusal instead."""

    def __exit__(self, exc_type: Any, exc_value: Any, traceback: Any) -> None:
        if exc_type is None:
            super().__exit__(exc_type, exc_value, traceback)
            return
        BaseDatabaseSchemaEditor.__exit__(self, exc_type, exc_value, traceback)
        self.connection.enable_constraint_checking()


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that knows the open audit event, and may not touch guards or trail."""

    SchemaEditorClass = SchemaEditor
    audit_event: UUID | None = None
    _gate: Gate | None = None
    owner = False
    scoped_at = 0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        # Without these a stranger's connection cannot write to any captured table at all.
        connection.create_function("openqmm_event", 0, self._event)
        connection.create_function("openqmm_sha256", 1, _sha256, deterministic=True)
        connection.set_authorizer(None if self.owner else authorize)
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        self._gate = Gate(str(self.settings_dict["NAME"]))
        self._gate.enter()
        try:
            super()._start_transaction_under_autocommit()
        except BaseException:
            self._gate.leave()
            raise

    def _commit(self) -> None:
        super()._commit()
        self._leave_gate()

    def _rollback(self) -> None:
        try:
            super()._rollback()
        finally:
            self._leave_gate()

    def close(self) -> None:
        super().close()
        self._leave_gate()

    def _leave_gate(self) -> None:
        if self._gate is not None:
            self._gate.leave()
            self._gate = None

    def open_audit_event(self, event_id: UUID, _trail_id: UUID | None = None) -> None:
        """Let records be changed until `close_audit_event`, as part of this event."""
        self.audit_event = event_id

    def close_audit_event(self) -> None:
        """Refuse changes again."""
        self.audit_event = None

    @contextmanager
    def reading_as(self, _scope: Mapping[str, str]) -> Iterator[None]:
        """Say who reads; SQLite has no row-level security to tell, and no lock is taken to read."""
        yield

    @contextmanager
    def as_owner(self) -> Iterator[None]:
        """Lift what a running portal may not do, for migrations."""
        self.owner = True
        self.close()
        try:
            yield
        finally:
            self.owner = False
            self.close()

    def install_guards(self) -> None:
        """Make every trigger anew (as owner)."""
        with self.cursor() as cursor:
            for name in self._stored_guards():
                cursor.execute(f'DROP TRIGGER "{name}"')
            for statement in guards(captured_tables()).values():
                cursor.execute(statement)

    def guards_fault(self) -> str | None:
        """Return what is wrong with the triggers of this database, or None."""
        stored, expected = self._stored_guards(), guards(captured_tables())
        wrong = sorted(name for name in stored | expected if stored.get(name) != expected.get(name))
        if not wrong:
            return None
        return (
            f"{len(wrong)} guards of the audit trail are missing or altered: {', '.join(wrong[:5])}"
        )

    def role_fault(self) -> str | None:
        """SQLite has no roles; the authorizer stands in for them."""
        return None

    def _stored_guards(self) -> dict[str, str]:
        with self.cursor() as cursor:
            cursor.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name LIKE %s",
                [f"{PREFIX}%"],
            )
            return dict(cursor.fetchall())

    def _event(self) -> str | None:
        return self.audit_event.hex if self.audit_event else None


def _sha256(value: Any) -> str | None:
    if value is None:
        return None
    content = value if isinstance(value, bytes) else str(value).encode()
    return hashlib.sha256(content).hexdigest()
