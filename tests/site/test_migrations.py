"""A later release migrates a database with records in it: its guards stand during and after."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import override_settings

from openqmm.apps.accounts.actions import add_organisation
from openqmm.apps.accounts.models import Organisation
from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.core.workflow import SYSTEM, OrganisationKind
from openqmm.web import tenancy
from tests.journeys.databases import at_a_copy, empty

pytestmark = pytest.mark.requirement("R04")


def release(name: str) -> Any:
    """Return the settings of a release that brings one more migration."""
    return override_settings(MIGRATION_MODULES={"site_": f"tests.site.later.{name}"})


@pytest.fixture
def running(prepared: Path, tmp_path: Path, django_db_blocker: Any) -> Iterator[None]:
    """A portal of the present release with one organisation."""
    with django_db_blocker.unblock(), at_a_copy(tmp_path, empty(prepared)):
        with tenancy.scope(SYSTEM):
            add_organisation(by=SYSTEM, name="Elm", kind=OrganisationKind.PURCHASER, country="USA")
        yield


def _country() -> str:
    return Organisation.objects.get().country


def _refused(country: str) -> bool:
    try:
        with transaction.atomic():
            Organisation.objects.update(country=country)
    except DatabaseError as error:
        return "only inside an open audit event" in str(error)
    return False


def test_a_rebuilt_table_has_its_guards_again(running: None) -> None:
    assert _refused("CAN")
    with release("rebuilding"):
        call_command("migrate", verbosity=0)
    assert connection.guards_fault() is None
    assert _refused("CAN")
    assert _country() == "USA"
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, "accounts_organisation")
    assert {column.name: column.display_size for column in described}["name"] == 250


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL alters tables in place")
def test_without_our_own_migrate_the_loss_would_be_noticed(running: None) -> None:
    """What the test above rests on: a rebuilt table loses its triggers, and no start follows."""
    with release("rebuilding"), connection.as_owner():
        MigrationExecutor(connection).migrate([("site_", "0001_longer_names")])
    assert "3 guards of the audit trail are missing" in (connection.guards_fault() or "")
    assert not _refused("CAN")


def test_a_migration_that_writes_outside_an_event_is_refused(running: None) -> None:
    with (
        release("filling"),
        pytest.raises(CommandError, match=r"only inside an open audit event\. It changed nothing"),
    ):
        call_command("migrate", verbosity=0)
    assert _country() == "USA"
    assert connection.guards_fault() is None
    with release("filling"):
        executor = MigrationExecutor(connection)
        assert ("site_", "0001_country") not in executor.loader.applied_migrations


def test_a_migration_that_writes_inside_one_is_on_the_trail(running: None) -> None:
    with release("telling"):
        call_command("migrate", verbosity=0)
    assert _country() == "CAN"
    with tenancy.scope(SYSTEM):
        moved = AuditEvent.objects.get(what="organisation.moved")
        assert AuditChange.objects.get(event=moved).table_name == "accounts_organisation"


@pytest.mark.requirement("R06")
def test_guards_stand_while_a_migration_runs(running: None) -> None:
    """On PostgreSQL as the owner, whom row-level security and triggers bind like anybody else."""
    with connection.as_owner():
        assert _refused("CAN")
        assert _country() == "USA"
