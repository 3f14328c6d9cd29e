"""What people read: names for ids, words for codes, filters, a record's story, rivals shut out."""

import json
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from openqmm.apps.audit import queries
from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.apps.audit.queries import Wanted
from openqmm.apps.audit.queries.naming import field_title, table_title, value_text
from openqmm.core.errors import NotFound
from tests.apps.audit.auditors import auditor_of
from tests.apps.disclosure.stories import shared
from tests.apps.ratings import stories

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def newest(what):
    return AuditEvent.objects.filter(what=what).latest("at", "seq")


@pytest.mark.parametrize(
    ("table", "column", "stored", "told"),
    [
        # As SQLite writes it, and as PostgreSQL does.
        ("accounts_user", "is_active", 1, "yes"),
        ("accounts_user", "is_active", False, "no"),
        ("ratings_rating", "issued_at", "2026-11-25 13:05:09.123456", "25 Nov 2026, 13:05:09 UTC"),
        ("ratings_rating", "issued_at", "2026-11-25T14:05:09+01:00", "25 Nov 2026, 13:05:09 UTC"),
        ("ratings_rating", "valid_until", "2029-01-02", "2 Jan 2029"),
        ("facilities_establishment", "operations", '["API", "FDF"]', "API, FDF"),
        ("facilities_establishment", "operations", ["API", "FDF"], "API, FDF"),
        ("accounts_membership", "role", "records_auditor", "Records auditor"),
        ("ratings_rating", "bundle", "sha256:" + "a" * 64, "(not shown)"),
        ("ratings_rating", "assessment_id", "1" * 32, "Assessment 11111111"),
        ("ratings_rating", "level", 3, "3"),
        ("ratings_rating", "review_note", None, ""),
        ("gone_table", "gone", "kept", "kept"),
    ],
)
def test_values_are_told_in_words_whichever_engine_wrote_them(table, column, stored, told):
    assert value_text(table, column, stored, {}) == told


def test_tables_and_fields_have_names():
    assert table_title("facilities_facility") == "Facility"
    assert field_title("facilities_facility", "fei") == "FEI"
    assert field_title("facilities_facility", "organisation_id") == "Organisation"
    assert field_title("gone_table", "what_was") == "What was"


@pytest.mark.requirement("R05")
def test_people_and_records_are_named_where_the_reader_may_know_them(cast):
    story = stories.issued(cast)
    (entry,) = queries.entries(cast.rex, [newest("rating.issued")])
    of_signature = next(r for r in entry.records if r.title == "Signature")
    assert ("Signer name", "", "Bea Test") in [
        (f.field, f.before, f.after) for f in of_signature.fields
    ]
    (planned,) = queries.entries(cast.rex, [newest("assessment.planned")])
    (assessment,) = planned.records
    told = {field.field: field.after for field in assessment.fields}
    # The office keeps the register of organisations.
    assert told["Contractor"] == "Cedar Assessors"
    # Alder's auditor reads no trail that tells of the contractor.
    alba = auditor_of(cast, "Alder Synthesis", "alba")
    (seen,) = queries.entries(alba, [newest("assessment.planned")])
    told = {field.field: field.after for field in seen.records[0].fields}
    assert told["Contractor"].startswith("Organisation ")
    assert story.rating.pk


@pytest.mark.requirement("R10")
def test_what_changed_after_its_first_entry_is_marked(cast):
    stories.proposed(cast)
    (entry,) = queries.entries(cast.rex, [newest("rating.proposed")])
    assert [record.since_entry for record in entry.records] == [False]
    stories.issued(cast, name="Alder East", fei="3009999903")
    entered = AuditEvent.objects.filter(what="rating.proposed").latest("at", "seq")
    (entry,) = queries.entries(cast.rex, [entered])
    assert [record.since_entry for record in entry.records] == [True]
    page = text(cast.client("rex").get("/trail/?what=rating.proposed"))
    assert page.count("Changed since entry") == 2  # the entry, and its record


@pytest.mark.parametrize(
    ("wanted", "holds"),
    [
        (Wanted(what="rating.issued"), {"rating.issued"}),
        (Wanted(record="ratings.Rating", only="signatures"), {"rating.issued"}),
        (Wanted(only="refusals"), set()),
        (Wanted(text="signed and issued"), {"rating.issued"}),
        (Wanted(until_on=date(2020, 1, 1)), set()),
        (Wanted(from_on=date(2999, 1, 1)), set()),
        (Wanted(text="signed and issued", from_on=date(2020, 1, 1)), {"rating.issued"}),
        (Wanted(who="system", record="ratings.Rating"), set()),
    ],
)
def test_filters_take_out_what_they_name(cast, wanted, holds):
    stories.issued(cast)
    assert {event.what for event in queries.trail(cast.rex, wanted)} == holds


def test_a_person_is_filtered_by_id_and_the_system_by_name(cast):
    stories.issued(cast)
    of_bea = queries.trail(cast.rex, Wanted(who=str(cast.bea.person_id)))
    assert {event.actor_name for event in of_bea} == {"Bea Test"}
    of_system = queries.trail(cast.rex, Wanted(who="system"))
    assert {event.actor_name for event in of_system} == {"OpenQMM"}
    assert (str(cast.bea.person_id), "Bea Test") in queries.people(cast.rex)


def test_the_address_holds_the_filters_through_the_pages(cast):
    stories.issued(cast)
    page = text(cast.client("rex").get("/trail/?only=signatures&from_on=2020-01-01"))
    assert page.count('class="qmm-timeline__entry"') == 1
    assert 'value="2020-01-01"' in page
    assert '<option value="signatures" selected' in page


@pytest.mark.requirement("R05")
def test_a_record_has_a_page_of_its_own_that_shows_any_day(cast):
    story = stories.issued(cast)
    rex = cast.client("rex")
    url = f"/trail/record/ratings_rating/{story.id}/"
    page = text(rex.get(url))
    for words in ("Proposed the rating of", "Signed and issued the rating", "As it stands"):
        assert words in page
    assert "It was not on this trail yet" in text(rex.get(f"{url}?on=2020-01-01"))
    assert "Enter a valid date" in text(rex.get(f"{url}?on=soon"))
    assert rex.get(f"/trail/record/ratings_rating/{cast.bea.person_id}/").status_code == 404


def test_an_event_has_a_page_with_its_place_and_never_its_salt(cast):
    stories.issued(cast)
    event = newest("rating.issued")
    page = text(cast.client("rex").get(f"/trail/{event.pk}/"))
    for words in (event.leaf, event.prev, "Not yet anchored", "Not shown; it is in"):
        assert words in page
    assert event.salt not in page


@pytest.mark.requirement("R15")
def test_a_rivals_auditor_finds_nothing_of_it(cast):
    story = shared(stories.issued(cast)).rating
    alba = auditor_of(cast, "Alder Synthesis", "alba")
    bert = auditor_of(cast, "Birch Pharma", "bert")
    event = newest("rating.issued")
    own, other = cast.client("alba"), cast.client("bert")
    urls = (f"/trail/{event.pk}/", f"/trail/record/ratings_rating/{story.pk}/")
    for url in urls:
        assert own.get(url).status_code == 200
        assert other.get(url).status_code == 404
    assert other.post(f"/trail/{event.pk}/proof/").status_code == 404
    for trail in (cast.organisations["Alder Synthesis"].pk, "0" * 32):
        sent = {"trail": trail, "format": "whole"}
        assert other.post("/trail/export/", sent).status_code == 404
        assert other.post("/trail/check/", sent).status_code == 404
    assert "Alder" not in text(other.get("/trail/"))
    with pytest.raises(NotFound):
        queries.record_as_of(bert, "ratings_rating", str(story.pk), datetime.now(UTC))
    assert queries.record_as_of(alba, "ratings_rating", str(story.pk), datetime.now(UTC)).row


def test_own_changes_are_folded_under_a_records_history_and_nobody_elses(cast):
    story = stories.issued(cast)
    own = queries.timeline(story.rating, cast.bea)
    assert any(change.field == "Review note" for entry in own for change in entry.changes)
    assert not any(entry.changes for entry in queries.timeline(story.rating, cast.quin))
    assert not any(entry.changes for entry in queries.timeline(story.rating))


@pytest.mark.requirement("R05")
def test_replaying_gives_every_state_there_was(cast):
    """Every state that any event left, against the row the next change found there."""
    stories.issued(cast)
    changes = AuditChange.objects.select_related("event").order_by("id")
    by_record = {}
    for change in changes:
        by_record.setdefault((change.table_name, change.record_id), []).append(change)
    for (table, record_id), history in by_record.items():
        for earlier, later in pairwise(history):
            assert earlier.after == later.before
        model = queries.naming.model_of(table)
        assert model is not None
        assert model._base_manager.filter(pk=record_id).exists() is (history[-1].after is not None)


@pytest.mark.requirement("R05")
def test_a_record_as_of_each_moment_is_the_snapshot_of_that_moment(cast, monkeypatch):
    """Change a record step by step, keep what the database held after each, replay each prefix."""
    from openqmm.apps.accounts.models import Organisation
    from openqmm.apps.audit import actions
    from openqmm.web import clock

    hours = iter(range(9, 20))
    organisation = Organisation(name="Prefix Works", kind="purchaser", country="USA")
    snapshots = []

    def step(change):
        moment = datetime(2027, 3, 1, next(hours), tzinfo=UTC)
        monkeypatch.setattr(clock, "now", lambda: moment)
        with actions.event(by=cast.ada, what="t", on=organisation, sentence="changed it") as opened:
            change(opened)
        row = Organisation.objects.filter(pk=organisation.pk).values("name", "country").first()
        snapshots.append((moment, row))

    step(lambda opened: opened.create(organisation))
    for name, country in (("Prefix One", "USA"), ("Prefix One", "CAN"), ("Prefix Two", "MEX")):
        step(lambda opened, n=name, c=country: opened.update(organisation, name=n, country=c))
    key = organisation.pk
    step(lambda opened: opened.delete(Organisation.objects.get(pk=key)))
    organisation.pk = key
    for moment, row in snapshots:
        replayed = queries.record_as_of(cast.rex, "accounts_organisation", str(key), moment)
        kept = replayed.row and {name: replayed.row[name] for name in ("name", "country")}
        assert kept == row
        assert not replayed.elsewhere
    before = queries.record_as_of(
        cast.rex, "accounts_organisation", str(key), datetime(2027, 3, 1, 8, tzinfo=UTC)
    )
    assert (before.row, before.changed_at) == (None, None)


def test_an_import_of_many_rows_is_cut_in_lists_and_whole_on_its_page(cast):
    from tests.apps.facilities.stories import load_public_records

    load_public_records()
    event = newest("records.imported")
    (cut,) = queries.entries(cast.rex, [event], most=4)
    (whole,) = queries.entries(cast.rex, [event])
    assert cut.left_out == len(whole.records) - len(cut.records) > 0
    assert json.loads(event.content)["changes"]
