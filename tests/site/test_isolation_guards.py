"""Nobody who runs the portal can switch the isolation of tenants off, and who can is noticed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from openqmm.site.databases.postgresql import standing
from tests.site.rivals import address, rows

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.requirement("R15"),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no row-level security"),
]

ALTERED = {
    "a policy opened": "ALTER POLICY isolation_select ON ratings_rating USING (true)",
    "a policy dropped": "DROP POLICY isolation_select ON ratings_rating",
    "a policy added": "CREATE POLICY more ON ratings_rating USING (true)",
    "isolation switched off": "ALTER TABLE ratings_rating DISABLE ROW LEVEL SECURITY",
    "the owner let through": "ALTER TABLE ratings_rating NO FORCE ROW LEVEL SECURITY",
    "a set widened": (
        "CREATE OR REPLACE FUNCTION openqmm_told(name text) RETURNS text LANGUAGE sql STABLE "
        "AS $$ SELECT 'system' $$"
    ),
    "a trigger switched off": "ALTER TABLE ratings_rating DISABLE TRIGGER trail_capture",
    "a trigger of somebody's": (
        "CREATE TRIGGER x BEFORE INSERT ON ratings_rating "
        "FOR EACH ROW EXECUTE FUNCTION openqmm_refuse()"
    ),
}


@pytest.mark.requirement("R06")
@pytest.mark.parametrize("alteration", ALTERED)
def test_an_altered_guard_is_noticed_and_the_running_role_cannot_alter_it(alteration: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(ALTERED[alteration])
    assert connection.guards_fault() is None
    with _as_the_owner() as owner, owner.cursor() as cursor:
        cursor.execute(ALTERED[alteration])
        assert len(standing.faults(standing.stored(cursor))) == 1
        owner.rollback()


def _as_the_owner() -> Any:
    owner = connection.settings_dict["OWNER"]
    said = {"user": owner["USER"], "password": owner["PASSWORD"], "options": "-c lock_timeout=5s"}
    return psycopg.connect(**(address() | said))


def test_the_owner_too_sees_nothing_until_it_says_who_reads() -> None:
    everything = "SELECT count(*) FROM audit_trailhead"
    with _as_the_owner() as owner:
        owner.execute("SELECT set_config('openqmm.role', 'system', true)")
        owner.execute("INSERT INTO audit_trailhead VALUES (gen_random_uuid(), 0, '', '[]')")
        assert owner.execute(everything).fetchone() == (1,)
        owner.execute("SELECT set_config('openqmm.role', '', true)")
        assert owner.execute(everything).fetchone() == (0,)
        with pytest.raises(psycopg.DatabaseError, match="row-level security"):
            owner.execute("INSERT INTO audit_trailhead VALUES (gen_random_uuid(), 0, '', '[]')")
        owner.rollback()
