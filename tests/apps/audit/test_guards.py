"""The database itself: what is captured whichever way it is written, and what it refuses."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import nullcontext

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction

from openqmm.apps.accounts.models import Organisation
from openqmm.apps.audit import actions
from openqmm.apps.audit.models import AuditChange, AuditEvent, Signature
from openqmm.core.workflow import OrganisationKind
from openqmm.site.databases.captured import NO_RECORDS, TRAIL, captured_tables
from tests.arranging import arranged
from tests.journeys.databases import empty
from tests.people import Cast
from tests.signing import sign

SQLITE = connection.vendor == "sqlite"
TABLE = "accounts_organisation"


def _new(name: str) -> Organisation:
    return Organisation(name=name, kind=OrganisationKind.PURCHASER, country="USA")


def _raw(statement: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def _bulk_update() -> None:
    rows = list(Organisation.objects.filter(name__startswith="Path"))
    for row in rows:
        row.country = "CAN"
    Organisation.objects.bulk_update(rows, ["country"])


def _named(name: str) -> models.QuerySet[Organisation]:
    return Organisation.objects.filter(name=name)


# What each way of writing does to Path 1 and Path 2, and how many changes that is.
PATHS: dict[str, tuple[Callable[[], object], int]] = {
    "create": (lambda: Organisation.objects.create(**_fields("Path 3")), 1),
    "save": (lambda: _renamed("Path 1", "Path 9").save(), 1),
    "instance delete": (lambda: _named("Path 1").get().delete(), 1),
    "queryset delete": (lambda: Organisation.objects.filter(name__startswith="Path").delete(), 2),
    "queryset update": (lambda: _named("Path 1").update(country="CAN"), 1),
    "bulk create": (lambda: Organisation.objects.bulk_create([_new("A"), _new("B"), _new("C")]), 3),
    "bulk update": (_bulk_update, 2),
    "raw delete without signals": (
        lambda: _named("Path 1")._raw_delete(Organisation.objects.db),
        1,
    ),
    "update or create": (
        lambda: Organisation.objects.update_or_create(
            name="Path 1", defaults={"country": "CAN", "kind": "purchaser"}
        ),
        1,
    ),
    "raw UPDATE": (lambda: _raw(f"UPDATE {TABLE} SET country='CAN' WHERE name='Path 1'"), 1),
    "raw DELETE": (lambda: _raw(f"DELETE FROM {TABLE} WHERE name='Path 1'"), 1),
    "raw upsert": (
        lambda: _raw(
            f"INSERT INTO {TABLE} (id, name, kind, country) SELECT id, name, kind, 'CAN' "
            f"FROM {TABLE} WHERE name = 'Path 1' ON CONFLICT (id) DO UPDATE SET country = 'CAN'"
        ),
        1,
    ),
}
if SQLITE:
    PATHS["insert or replace"] = (
        lambda: _raw(
            f"INSERT OR REPLACE INTO {TABLE} (id, name, kind, country) "
            f"SELECT id, name, kind, 'CAN' FROM {TABLE} WHERE name = 'Path 1'"
        ),
        2,  # the old row goes, the new one comes
    )


def _fields(name: str) -> dict[str, str]:
    return {"name": name, "kind": "purchaser", "country": "USA"}


def _renamed(name: str, new: str) -> Organisation:
    row = _named(name).get()
    row.name = new
    return row


@pytest.fixture
def two_rows(db: None) -> None:
    with arranged() as opened:
        opened.create_many([_new("Path 1"), _new("Path 2")])


def _state() -> list[tuple[object, ...]]:
    return sorted(Organisation.objects.values_list("id", "name", "kind", "country"))


@pytest.mark.requirement("R04")
@pytest.mark.parametrize("path", PATHS)
def test_every_way_of_writing_is_captured_inside_an_event(two_rows: None, path: str) -> None:
    write, expected = PATHS[path]
    before = AuditChange.objects.count()
    with arranged():
        write()
    assert AuditChange.objects.count() - before == expected


@pytest.mark.requirement("R04")
@pytest.mark.parametrize("path", PATHS)
def test_every_way_of_writing_is_refused_outside_an_event(two_rows: None, path: str) -> None:
    state = _state()
    with (
        pytest.raises(DatabaseError, match="only inside an open"),
        transaction.atomic(),
    ):
        PATHS[path][0]()
    assert _state() == state


@pytest.mark.requirement("R01")
@pytest.mark.django_db
def test_every_table_of_records_is_captured() -> None:
    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name.startswith("openqmm.")
    }
    assert ours - {*TRAIL, *NO_RECORDS} <= {table.name for table in captured_tables()}
    assert connection.guards_fault() is None


@pytest.fixture
def trail(cast: Cast) -> Organisation:
    """Something on the trail, and a signature."""
    organisation = cast.organisations["Elm Hospitals"]
    with actions.event(by=cast.ada, what="signed", on=organisation, sentence="signed") as opened:
        opened.update(organisation, country="CAN")
        sign(opened, by=cast.ada, record=organisation, content={"a": "1"}, meaning="Test")
    return organisation


@pytest.mark.requirement("R06")
@pytest.mark.parametrize("table", ["audit_auditevent", "audit_auditchange", "audit_signature"])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
@pytest.mark.parametrize("inside", [True, False])
def test_nothing_on_the_trail_changes_or_goes(
    trail: Organisation, table: str, verb: str, inside: bool
) -> None:
    column = "sentence" if table == "audit_auditevent" else "record_id"
    statement = f"UPDATE {table} SET {column} = 'x'" if verb == "UPDATE" else f"DELETE FROM {table}"
    before = _trail_state()
    event = arranged() if inside else nullcontext()
    with pytest.raises(DatabaseError), transaction.atomic(), event:
        _raw(statement)
    assert _trail_state() == before


def _trail_state() -> tuple[object, ...]:
    return (
        list(AuditEvent.objects.values_list("id", "leaf", "sentence")),
        list(AuditChange.objects.values_list("id", "before", "after", "record_id")),
        list(Signature.objects.values_list("id", "record_id", "digest")),
    )


COMMON = {
    "a change without its event": (
        "INSERT INTO audit_auditchange (event_id, table_name, record_id, after) "
        "SELECT id, 'x', 'x', '{}' FROM audit_auditevent LIMIT 1"
    ),
    "an event nobody opened": (
        "INSERT INTO audit_auditevent SELECT * FROM audit_auditevent LIMIT 1"
    ),
    "a head set back": "UPDATE audit_trailhead SET size = size - 1",
    "a head removed": "DELETE FROM audit_trailhead",
    "a trail dropped": "DROP TABLE audit_auditchange",
}
ON_SQLITE = {
    "a trigger dropped": "DROP TRIGGER trail_accounts_organisation_update",
    "an event replaced": "INSERT OR REPLACE INTO audit_auditevent SELECT * FROM audit_auditevent",
    "a signature replaced": "INSERT OR REPLACE INTO audit_signature SELECT * FROM audit_signature",
    "the schema made writable": "PRAGMA writable_schema = ON",
    "replacing without triggers": "PRAGMA recursive_triggers = OFF",
    "the catalogue edited": "DELETE FROM sqlite_master WHERE type = 'trigger'",
    "a column dropped": "ALTER TABLE audit_auditevent DROP COLUMN why",
    "a database attached": "ATTACH ':memory:' AS other",
    "a trigger of one's own": (
        "CREATE TRIGGER x AFTER INSERT ON audit_auditevent BEGIN SELECT 1; END"
    ),
}
ON_POSTGRESQL = {
    "a table emptied": "TRUNCATE accounts_organisation CASCADE",
    "the trail emptied": "TRUNCATE audit_auditevent CASCADE",
    "triggers switched off": "ALTER TABLE accounts_organisation DISABLE TRIGGER ALL",
    "the role of a replica": "SET session_replication_role = replica",
    "a trigger dropped": "DROP TRIGGER trail_capture ON accounts_organisation",
    "the function replaced": (
        "CREATE OR REPLACE FUNCTION openqmm_capture() RETURNS trigger "
        "LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$"
    ),
    "the owner's part taken": "SET ROLE openqmm_owner",
    "rights of one's own": (
        "GRANT ALL ON audit_auditevent TO openqmm_run; DELETE FROM audit_auditevent"
    ),
}
BYPASSES = COMMON | (ON_SQLITE if SQLITE else ON_POSTGRESQL)


@pytest.mark.requirement("R06")
@pytest.mark.parametrize("bypass", BYPASSES)
def test_every_known_bypass_is_refused(trail: Organisation, bypass: str) -> None:
    before = _trail_state()
    with pytest.raises(DatabaseError), transaction.atomic():
        _raw(BYPASSES[bypass])
    assert _trail_state() == before
    assert connection.guards_fault() is None


@pytest.mark.requirement("R06")
@pytest.mark.skipif(not SQLITE, reason="on PostgreSQL the role is refused what SQLite cannot deny")
def test_a_strangers_connection_cannot_write_at_all(tmp_path, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        file = empty(tmp_path)
    stranger = sqlite3.connect(file)
    with pytest.raises(sqlite3.OperationalError, match="no such function: openqmm_event"):
        stranger.execute(
            "INSERT INTO accounts_organisation VALUES ('1', 'Stranger', 'purchaser', 'USA')"
        )
    stranger.close()


@pytest.mark.requirement("R06")
@pytest.mark.skipif(SQLITE, reason="SQLite has no roles")
@pytest.mark.django_db
def test_the_running_role_owns_nothing_and_the_owner_is_refused_at_the_start() -> None:
    assert connection.role_fault() is None


@pytest.mark.requirement("R04")
@pytest.mark.django_db
def test_a_missing_guard_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = connection._stored_guards()
    stored.pop(next(iter(stored)))
    monkeypatch.setattr(connection, "_stored_guards", lambda: stored)
    assert "1 guards of the audit trail are missing" in (connection.guards_fault() or "")
