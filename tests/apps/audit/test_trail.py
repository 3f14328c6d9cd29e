"""No change without an event, and no event that bends afterwards."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection

from openqmm.apps.accounts.models import Organisation
from openqmm.apps.audit import actions, queries
from openqmm.apps.audit.models import AuditChange, AuditEvent, Signature
from openqmm.core.errors import NotPermitted
from openqmm.core.records import canonical_json, sha256_hex
from openqmm.core.workflow import SYSTEM, OrganisationKind
from tests.people import Cast


def _rename(cast: Cast, name: str) -> Organisation:
    organisation = cast.organisations["Elm Hospitals"]
    with actions.event(
        by=cast.ada,
        what="organisation.renamed",
        on=organisation,
        sentence="renamed the organisation",
        why="merger",
    ) as opened:
        return opened.update(organisation, name=name, kind=organisation.kind)


def test_an_event_says_who_what_when_why_and_what_changed(cast: Cast) -> None:
    _rename(cast, "Elm Group")
    event = AuditEvent.objects.latest("id")
    assert (event.actor_id, event.actor_name) == (cast.ada.person_id, "Ada Test")
    assert (event.what, event.why) == ("organisation.renamed", "merger")
    change = event.changes.get()
    assert (change.before, change.after) == ({"name": "Elm Hospitals"}, {"name": "Elm Group"})


def test_what_stays_as_it_was_leaves_no_change(cast: Cast) -> None:
    before = AuditChange.objects.count()
    _rename(cast, "Elm Hospitals")
    assert AuditChange.objects.count() == before


def test_a_failure_leaves_neither_event_nor_change(cast: Cast) -> None:
    events = AuditEvent.objects.count()
    organisation = cast.organisations["Elm Hospitals"]

    def fail_half_way() -> None:
        with actions.event(by=cast.ada, what="x", on=organisation, sentence="x") as opened:
            opened.update(organisation, name="Never")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert AuditEvent.objects.count() == events
    assert Organisation.objects.get(pk=organisation.pk).name == "Elm Hospitals"


def test_removing_keeps_the_last_content(cast: Cast) -> None:
    organisation = Organisation(name="Brief", kind=OrganisationKind.PURCHASER, country="USA")
    with actions.event(by=SYSTEM, what="a", on=organisation, sentence="a") as opened:
        opened.create(organisation)
    with actions.event(by=SYSTEM, what="b", on=organisation, sentence="b") as opened:
        opened.delete(organisation)
    change = AuditChange.objects.latest("id")
    assert change.after is None
    assert change.before["name"] == "Brief"


def test_a_password_never_reaches_the_trail(cast: Cast) -> None:
    made = AuditChange.objects.filter(record_type="accounts.User").first()
    assert made is not None
    assert "email" in made.after
    assert "password" not in made.after


@pytest.mark.parametrize("model", [AuditEvent, AuditChange, Signature])
@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
def test_the_database_refuses_to_change_or_remove_a_row(cast: Cast, model, verb: str) -> None:
    organisation = cast.organisations["Elm Hospitals"]
    with actions.event(by=cast.ada, what="signed", on=organisation, sentence="signed") as opened:
        actions.sign(opened, by=cast.ada, record=organisation, content={"a": "1"}, meaning="Test")
    table = model._meta.db_table
    column = "sentence" if model is AuditEvent else "record_type"
    statement = (
        f"UPDATE {table} SET {column} = 'bent'" if verb == "UPDATE" else f"DELETE FROM {table}"
    )
    with pytest.raises(DatabaseError, match="append-only"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_signature_is_bound_to_the_content(cast: Cast) -> None:
    organisation = cast.organisations["Elm Hospitals"]
    content = {"name": "Elm Hospitals", "level": "3"}
    with actions.event(by=cast.sid, what="signed", on=organisation, sentence="signed") as opened:
        actions.sign(opened, by=cast.sid, record=organisation, content=content, meaning="Agreed")
    signature = queries.signatures(organisation)[0]
    assert signature.digest == sha256_hex(canonical_json(content))
    assert (signature.signer_name, signature.meaning) == ("Sid Test", "Agreed")


def test_only_a_person_signs(cast: Cast) -> None:
    organisation = cast.organisations["Elm Hospitals"]
    with (
        pytest.raises(NotPermitted, match="Only a person"),
        actions.event(by=SYSTEM, what="signed", on=organisation, sentence="signed") as opened,
    ):
        actions.sign(opened, by=SYSTEM, record=organisation, content={}, meaning="Agreed")


def test_a_record_tells_its_story_newest_first(cast: Cast) -> None:
    _rename(cast, "Elm One")
    _rename(cast, "Elm Two")
    entries = queries.timeline(cast.organisations["Elm Hospitals"])
    assert [entry.sentence for entry in entries[:2]] == ["Renamed the organisation"] * 2
    assert entries[0].at >= entries[1].at
    assert entries[0].by == "Ada Test, program administrator"
    assert entries[0].why == "merger"


def test_the_trail_is_read_by_auditors_only(cast: Cast) -> None:
    _rename(cast, "Elm One")
    assert queries.trail(cast.rex).filter(what="organisation.renamed").exists()
    assert not queries.trail(cast.ada).exists()
    assert not queries.trail(cast.quin).exists()
