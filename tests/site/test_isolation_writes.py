"""Row-level security of writes, and how long what a request told the database holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from openqmm.apps.facilities.models import Facility
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Role
from openqmm.web import tenancy
from tests.arranging import arranged
from tests.site.rivals import (
    OWNERS,
    World,
    address,
    by_owner,
    count,
    expected_ids,
    rivals,
    rows,
)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.requirement("R15"),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no row-level security"),
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), rivals() as told:
        yield told


WRITES = {
    "a rival's facility changed": "UPDATE facilities_facility SET name = 'x'",
    "a rival's application changed": "UPDATE programs_application SET reason = 'x'",
    "a rival's rating changed": "UPDATE ratings_rating SET level = 5",
    "a rival's scores removed": "DELETE FROM assessments_score",
    "a rival's disclosure withdrawn": "UPDATE disclosure_disclosure SET state = 'withdrawn'",
    "a rival's membership ended": "UPDATE accounts_membership SET until_on = '2020-01-01'",
}


@pytest.mark.parametrize("write", WRITES)
def test_a_write_without_a_filter_reaches_own_rows_alone(world: World, write: str) -> None:
    table = WRITES[write].split("FROM ")[-1].removeprefix("UPDATE ").split()[0]
    whole = f"SELECT id, x::text FROM {table} x ORDER BY id"
    before = dict(rows(whole))
    own = expected_ids(world, "bria", table) if table in OWNERS else None
    with transaction.atomic():
        from openqmm.apps.audit.actions import event

        with (
            event(by=world.cast.bria, what="t", on=Facility(), sentence="t"),
            tenancy.scope(world.cast.bria),
            connection.cursor() as cursor,
        ):
            cursor.execute(WRITES[write])
        after = dict(rows(whole))
        transaction.set_rollback(True)
    changed = {id_ for id_ in before if before[id_] != after.get(id_)}
    if own is not None:
        assert changed == own
    else:
        kept = dict(rows("SELECT id, organisation_id FROM accounts_membership"))
        assert {kept[id_] for id_ in changed} == {world.birch}


def _like_own(table: str, changed: dict[str, Any]) -> str:
    """Return the statement that copies one of the reader's rows, changed."""
    told = json.dumps({name: str(value) for name, value in changed.items()})
    return (
        f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(x) || '{told}' "
        f"|| jsonb_build_object('id', gen_random_uuid()))).* FROM {table} x LIMIT 1"
    )


def _claims(world: World) -> dict[str, str]:
    alder = world.alder
    return {
        "a facility put under a rival": _like_own(
            "facilities_facility", {"organisation_id": alder, "fei": "3000000001"}
        ),
        "a facility handed to a rival": (
            f"UPDATE facilities_facility SET organisation_id = '{alder}'"
        ),
        "an application moved to a rival's facility": (
            "UPDATE programs_application SET facility_id = "
            f"'{by_owner(world, 'facilities_facility')['alder'].copy().pop()}'"
        ),
        "evidence filed under a rival's facility": (
            "UPDATE evidence_evidencefile SET facility_id = "
            f"'{by_owner(world, 'facilities_facility')['alder'].copy().pop()}'"
        ),
        "a disclosure of a rival's rating": (
            "UPDATE disclosure_disclosure SET rating_id = "
            f"'{by_owner(world, 'ratings_rating')['alder'].copy().pop()}'"
        ),
        "a role given at a rival": _like_own(
            "accounts_membership", {"organisation_id": alder, "until_on": "2020-01-01"}
        ),
        "a trail begun for somebody else": (
            "INSERT INTO audit_trailhead VALUES (gen_random_uuid(), 0, '', '[]')"
        ),
        "another's signature": _like_own(
            "audit_signature", {"signer_id": world.cast.sid.person_id, "challenge": "x"}
        ),
    }  # fmt: skip


@pytest.mark.parametrize(
    "claim",
    [
        "a facility put under a rival",
        "a facility handed to a rival",
        "an application moved to a rival's facility",
        "evidence filed under a rival's facility",
        "a disclosure of a rival's rating",
        "a role given at a rival",
        "a trail begun for somebody else",
        "another's signature",
    ],
)
def test_a_row_of_somebody_elses_cannot_be_written(world: World, claim: str) -> None:
    statement = _claims(world)[claim]
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        transaction.atomic(),
        arranged(),
        tenancy.scope(world.cast.bria),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_scope_is_gone_after_its_end_an_error_and_inside_another(world: World) -> None:
    told = "SELECT current_setting('openqmm.organisation', true)"
    with tenancy.scope(world.cast.quin):
        with tenancy.scope(world.cast.bria):
            assert rows(told) == [(str(world.birch),)]
        assert rows(told) == [(str(world.alder),)]
        with pytest.raises(NotPermitted), tenancy.scope(world.cast.bria):
            raise NotPermitted("no")
        assert rows(told) == [(str(world.alder),)]
        with pytest.raises(DatabaseError), tenancy.scope(world.cast.bria):
            rows("SELECT 1 / 0")
        assert rows(told) == [(str(world.alder),)]
    assert rows("SELECT current_setting('openqmm.role', true)") == [("system",)]


def test_a_pooled_connection_keeps_nothing_of_the_request_before() -> None:
    """What a request tells goes with its transaction, however that ends."""
    import psycopg

    with psycopg.connect(**address(), autocommit=True) as other:
        for end in ("COMMIT", "ROLLBACK", "error"):
            other.execute("BEGIN")
            other.execute("SELECT set_config('openqmm.role', 'system', true)")
            assert other.execute("SELECT openqmm_told('role')").fetchone() == ("system",)
            if end == "error":
                with pytest.raises(psycopg.DatabaseError):
                    other.execute("SELECT 1 / 0")
            other.execute("COMMIT" if end == "COMMIT" else "ROLLBACK")
            assert other.execute("SELECT openqmm_told('role')").fetchone() == (None,)


def test_requests_run_in_the_scope_of_their_actor_and_leave_none(world: World) -> None:
    told: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT set_config") and params[0] == "openqmm.role":
            told.append(params[1])
        return execute(sql, params, many, context)

    client = world.cast.client("quin")
    with connection.execute_wrapper(note):
        assert client.get(reverse("facilities:facilities")).status_code == 200
        assert client.get(reverse("audit:trail")).status_code == 403
    assert told[:2] == ["identity", "system"]
    assert "facility_quality_lead" in told
    assert told[-1] == "system"  # what the test itself had told before
    assert connection.scope["role"] == "system"


def test_a_streamed_answer_is_read_in_its_actors_scope(world: World) -> None:
    auditor = replace(world.cast.quin, role=Role.RECORDS_AUDITOR)
    seen = tenancy.streamed(auditor, iter(lambda: str(count("audit_trailhead")).encode(), b""))
    first = next(seen)
    seen.close()
    assert int(first) < count("audit_trailhead")
    assert connection.scope["role"] == "system"
