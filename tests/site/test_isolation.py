"""Row-level security, asked in plain SQL without a WHERE: whose rows the database itself hands out.

Run as the role that runs the portal. The scoped queries are tested elsewhere; here they are absent.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction

from openqmm.core.workflow import PUBLIC, OrganisationKind
from openqmm.site.databases.captured import TRAIL
from openqmm.web import tenancy
from tests.arranging import arranged
from tests.site.rivals import (
    ACCESS,
    ALL_ISOLATED,
    MARKS,
    OFFICES,
    OWNERS,
    World,
    by_owner,
    count,
    expected_ids,
    ids,
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


PEOPLE = (
    "system", "quin", "sid", "bria", "boris", "lea", "zoe", "stranger", "ada", "bea", "rex",
    "pia", "cora", "nobody",
)  # fmt: skip


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("table", OWNERS)
def test_a_query_without_a_filter_returns_own_rows_alone(
    world: World, person: str, table: str
) -> None:
    expected = expected_ids(world, person, table)
    with tenancy.scope(world.actor(person)):
        assert ids(table) == expected
    if person == "system":
        assert expected, "the story has no such row: this cell would prove nothing"


@pytest.mark.parametrize("table", sorted(ALL_ISOLATED))
def test_whoever_says_nothing_sees_nothing(world: World, table: str) -> None:
    if table != "audit_anchoredhead":
        assert count(table) > 0
    unsaid = dict.fromkeys(("role", "kind", "organisation", "person", "published"), "")
    with connection.reading_as(unsaid):
        assert count(table) == 0


def test_every_table_of_ours_is_isolated_or_said_to_be_shared() -> None:
    from openqmm.site.databases.postgresql.isolation import SHARED, TABLES

    ours = {
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_config.name.startswith("openqmm.")
    }
    assert set(TABLES) == ALL_ISOLATED
    assert ours == set(TABLES) | SHARED
    assert not set(TABLES) & SHARED
    assert set(TRAIL) <= set(TABLES) | SHARED


@pytest.mark.parametrize("table", OFFICES)
def test_what_is_the_offices_alone_or_nobodys(world: World, table: str) -> None:
    for person in PEOPLE:
        actor = world.actor(person)
        office = actor.organisation_kind is OrganisationKind.PROGRAM_OFFICE and OFFICES[table]
        with tenancy.scope(actor):
            assert (count(table) > 0) == (person == "system" or office), person


def test_an_observer_sees_the_assessments_they_accompany(world: World) -> None:
    accompanied = {
        id_
        for (id_,) in rows(
            "SELECT assessment_id FROM assessments_teammember WHERE person_id = %s",
            world.cast.odo.person_id,
        )
    }
    with tenancy.scope(world.cast.odo):
        assert ids("assessments_assessment") == accompanied


@pytest.mark.parametrize(
    ("person", "own"),
    [("quin", "alder"), ("bria", "birch"), ("lea", None), ("stranger", None), ("pia", None)],
)
def test_trails_are_told_of_one_anothers_rows_nothing(
    world: World, person: str, own: str | None
) -> None:
    """No event of a rival's trail or about a rival's record, no change of one, no head, no
    signature."""
    actor = world.actor(person)
    foreign = {"alder": [world.birch], "birch": [world.alder]}.get(
        own or "", [world.alder, world.birch] if person in {"stranger", "pia"} else []
    )
    about = set()
    for table in OWNERS:
        owned = by_owner(world, table)
        names = {world.alder: "alder", world.birch: "birch"}
        about |= {str(id_) for owner in foreign for id_ in owned[names[owner]]}
    with tenancy.scope(actor):
        trails = {id_ for (id_,) in rows("SELECT trail_id FROM audit_auditevent")}
        subjects = {id_ for (id_,) in rows("SELECT subject_id FROM audit_auditevent")}
        changed = {id_ for (id_,) in rows("SELECT record_id FROM audit_auditchange")}
        heads = {id_ for (id_,) in rows("SELECT trail_id FROM audit_trailhead")}
        signed = {id_ for (id_,) in rows("SELECT record_id FROM audit_signature")}
        of_marks = rows("SELECT 1 FROM audit_auditchange WHERE table_name = 'assessments_score'")
    assert not trails & set(foreign)
    assert not heads & set(foreign)
    assert not (subjects | changed | signed) & about
    if own:
        assert actor.organisation_id in trails & heads
        assert not of_marks
    if person == "lea":
        assert of_marks


def test_an_organisation_reads_the_whole_of_its_own_trail(world: World) -> None:
    for person in ("quin", "bria", "lea"):
        actor = world.actor(person)
        whole = "SELECT count(*) FROM audit_auditevent WHERE trail_id = %s"
        size = rows("SELECT size FROM audit_trailhead WHERE trail_id = %s", actor.organisation_id)
        with tenancy.scope(actor):
            assert rows(whole, actor.organisation_id) == size


def test_the_office_is_not_told_of_a_draft(world: World) -> None:
    (draft,) = rows("SELECT id FROM programs_application WHERE state = 'draft'")
    with tenancy.scope(world.cast.ada):
        assert not rows("SELECT 1 FROM programs_application WHERE id = %s", draft[0])
        assert not rows("SELECT 1 FROM audit_auditevent WHERE subject_id = %s", str(draft[0]))


def test_memberships_are_seen_by_their_person_their_organisation_and_the_office(
    world: World,
) -> None:
    every = count("accounts_membership")
    with tenancy.scope(world.cast.ada):
        assert count("accounts_membership") == every
    with tenancy.scope(world.cast.quin):
        seen = {id_ for (id_,) in rows("SELECT organisation_id FROM accounts_membership")}
        assert seen == {world.alder}
    with tenancy.identity(world.cast.quin.person_id):
        assert count("accounts_membership") == 1
    with tenancy.scope(PUBLIC):
        assert count("accounts_membership") == 0


@pytest.mark.parametrize("table", ACCESS)
def test_what_is_kept_about_access_is_seen_by_its_own_and_by_the_office(
    world: World, table: str
) -> None:
    every = count(table)
    about = f"SELECT DISTINCT {ACCESS[table]} FROM {table}"
    for person in ("quin", "bria"):
        with tenancy.scope(world.actor(person)):
            assert rows(about) == [(world.actor(person).person_id,)]
    with tenancy.scope(world.cast.ada):
        assert every >= 2
        assert count(table) == (0 if table.startswith("audit_") else every)
    for person in ("cora", "stranger", "nobody"):
        with tenancy.scope(world.actor(person)):
            assert {id_ for (id_,) in rows(about)} <= {world.actor(person).person_id}


PUBLISHED = ("facilities_facility", "programs_application", "assessments_assessment")


@pytest.mark.parametrize("person", ["nobody", "cora", "pia"])
def test_the_directory_alone_reads_what_is_published(world: World, person: str) -> None:
    actor = world.actor(person)
    disclosures = 4 if person == "pia" else 2
    with tenancy.published(actor):
        assert [count(table) for table in (*PUBLISHED, "ratings_rating")] == [2, 2, 2, 2]
        assert count("disclosure_disclosure") == disclosures
        for table in (*MARKS, "assessments_remark", "assessments_teammember"):
            assert count(table) == 0, table
    with tenancy.scope(actor):
        assert [count(table) for table in (*PUBLISHED, "ratings_rating")] == [0, 0, 0, 0]


def test_what_is_withdrawn_is_not_published(world: World) -> None:
    with transaction.atomic():
        with arranged() as opened:
            from openqmm.apps.disclosure.models import Disclosure

            for row in Disclosure.objects.all():
                opened.update(row, state="withdrawn")
        with tenancy.published(PUBLIC):
            assert count("facilities_facility") == count("disclosure_disclosure") == 0
        transaction.set_rollback(True)
