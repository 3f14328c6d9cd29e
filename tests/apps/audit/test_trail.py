"""No change without an event, and no event that bends afterwards."""

from __future__ import annotations

import json
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, connection, transaction

from openqmm.apps.accounts.models import Organisation
from openqmm.apps.audit import actions, queries
from openqmm.apps.audit.models import AuditChange, AuditEvent, TrailHead
from openqmm.core import records
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


def _in_an_event(event_id: UUID, statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        connection.open_audit_event(event_id)
        try:
            cursor.execute(statement)
        finally:
            connection.close_audit_event()


def _last(cast: Cast) -> AuditEvent:
    return AuditEvent.objects.filter(trail_id=cast.ada.organisation_id).latest("seq")


@pytest.mark.requirement("R02")
def test_an_event_says_who_what_when_why_and_what_changed(cast: Cast) -> None:
    _rename(cast, "Elm Group")
    event = _last(cast)
    assert (event.actor_id, event.actor_name) == (cast.ada.person_id, "Ada Test")
    assert (event.what, event.why) == ("organisation.renamed", "merger")
    change = event.changes.get()
    before, after = json.loads(change.before or ""), json.loads(change.after or "")
    assert (before["name"], after["name"]) == ("Elm Hospitals", "Elm Group")
    assert change.table_name == "accounts_organisation"


@pytest.mark.requirement("R02")
@pytest.mark.parametrize("column", ["at", "actor_name", "what", "sentence", "content", "trail_id"])
def test_the_database_refuses_an_event_that_lacks_a_part(cast: Cast, column: str) -> None:
    """Written by hand, for no action can leave one out."""
    names = [f.column for f in AuditEvent._meta.local_concrete_fields]
    new = uuid4()
    own = {"id": f"'{new if connection.features.has_native_uuid_field else new.hex}'"}
    own |= {"seq": "seq + 1000", "prev": "leaf"} | {column: "NULL"}
    columns = ", ".join(own.get(name, name) for name in names)
    statement = f"INSERT INTO audit_auditevent ({', '.join(names)}) SELECT {columns} FROM "
    with pytest.raises(IntegrityError, match=f"(?i)not.null.*{column}|{column}.*not.null"):
        _in_an_event(new, statement + "audit_auditevent ORDER BY seq DESC LIMIT 1")


def test_what_stays_as_it_was_leaves_no_change(cast: Cast) -> None:
    before = AuditChange.objects.count()
    _rename(cast, "Elm Hospitals")
    assert AuditChange.objects.count() == before


@pytest.mark.parametrize("many", [0, 1, 3])
def test_records_are_made_together_within_one_event(cast: Cast, many: int) -> None:
    made = [
        Organisation(name=f"Fir {number}", kind=OrganisationKind.PURCHASER, country="USA")
        for number in range(many)
    ]
    with actions.event(
        by=cast.ada, what="a", on=cast.organisations["Elm Hospitals"], sentence="a"
    ) as opened:
        opened.create_many(made)
    assert Organisation.objects.filter(name__startswith="Fir ").count() == many
    assert _last(cast).changes.count() == many


def test_an_event_stands_on_the_trail_it_is_opened_for(cast: Cast) -> None:
    elm = cast.organisations["Elm Hospitals"]
    for by, said, trail in (
        (cast.ada, None, cast.ada.organisation_id),
        (cast.ada, elm.pk, elm.pk),
        (SYSTEM, None, UUID(records.INSTALLATION)),
        (SYSTEM, elm.pk, elm.pk),
    ):
        with actions.event(by=by, what="told", on=elm, sentence="x", organisation_id=said):
            pass
        event = AuditEvent.objects.filter(trail_id=trail).latest("seq")
        assert (event.what, event.actor_id, event.why) == ("told", by.person_id, "")
        assert (event.subject_type, event.subject_id) == ("accounts.Organisation", str(elm.pk))


@pytest.mark.requirement("R01")
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
    _rename(cast, "Elm Group")


def test_a_block_marked_for_rollback_leaves_nothing(cast: Cast) -> None:
    events = AuditEvent.objects.count()
    organisation = cast.organisations["Elm Hospitals"]
    with actions.event(by=cast.ada, what="x", on=organisation, sentence="x") as opened:
        opened.update(organisation, name="Never")
        transaction.set_rollback(True)
    assert AuditEvent.objects.count() == events
    assert Organisation.objects.get(pk=organisation.pk).name == "Elm Hospitals"


def test_events_do_not_nest(cast: Cast) -> None:
    organisation = cast.organisations["Elm Hospitals"]
    with (
        pytest.raises(RuntimeError, match="inside another"),
        actions.event(by=cast.ada, what="outer", on=organisation, sentence="x"),
        actions.event(by=cast.ada, what="inner", on=organisation, sentence="x"),
    ):
        pass


def test_removing_keeps_the_last_content(cast: Cast) -> None:
    organisation = Organisation(name="Brief", kind=OrganisationKind.PURCHASER, country="USA")
    with actions.event(by=SYSTEM, what="a", on=organisation, sentence="a") as opened:
        opened.create(organisation)
    with actions.event(by=SYSTEM, what="b", on=organisation, sentence="b") as opened:
        opened.delete(organisation)
    change = AuditChange.objects.latest("id")
    assert change.after is None
    assert json.loads(change.before or "")["name"] == "Brief"


def test_a_password_never_reaches_the_trail(cast: Cast) -> None:
    made = AuditChange.objects.filter(table_name="accounts_user").first()
    assert made is not None
    after = json.loads(made.after or "")
    assert after["email"].endswith("@example.org")
    assert after["password"].startswith("sha256:")


def test_each_trail_is_gapless_and_chained(cast: Cast) -> None:
    _rename(cast, "Elm One")
    _rename(cast, "Elm Two")
    for head in TrailHead.objects.all():
        events = list(AuditEvent.objects.filter(trail_id=head.trail_id).order_by("seq"))
        assert [event.seq for event in events] == list(range(head.size))
        leaves = [records.NO_ENTRY, *(event.leaf for event in events)]
        assert [event.prev for event in events] == leaves[:-1]
        assert leaves[-1] == head.leaf


def test_the_leaf_binds_the_content_and_the_content_the_change(cast: Cast) -> None:
    _rename(cast, "Elm One")
    event = _last(cast)
    salt = bytes.fromhex(event.salt)
    digest = records.content_digest(salt, event.content)
    entry = records.entry(str(event.trail_id), event.seq, event.prev, digest)
    assert records.leaf_hash(entry).hex() == event.leaf
    change = event.changes.get()
    told = json.loads(event.content)["changes"]
    assert told == [
        {
            "table": "accounts_organisation",
            "record": change.record_id,
            "before": records.change_digest(salt, change.before or ""),
            "after": records.change_digest(salt, change.after or ""),
        }
    ]


@pytest.mark.requirement("R27")
def test_a_record_tells_its_story_newest_first(cast: Cast) -> None:
    _rename(cast, "Elm One")
    _rename(cast, "Elm Two")
    entries_ = queries.timeline(cast.organisations["Elm Hospitals"])
    assert [entry.sentence for entry in entries_[:2]] == ["Renamed the organisation"] * 2
    assert entries_[0].at >= entries_[1].at
    assert entries_[0].by == "Ada Test, program administrator"
    assert entries_[0].why == "merger"


def test_the_trail_is_read_by_auditors_only(cast: Cast) -> None:
    _rename(cast, "Elm One")
    assert queries.trail(cast.rex).filter(what="organisation.renamed").exists()
    assert not queries.trail(cast.ada).exists()
    assert not queries.trail(cast.quin).exists()
