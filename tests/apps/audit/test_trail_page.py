"""The auditor's page: filters, what changed, and the export that leaves its own mark."""

import csv
import io

import pytest

from openqmm.apps.accounts.actions import add_organisation
from openqmm.apps.audit import actions as audit
from openqmm.apps.audit import queries
from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.ratings.actions import review_rating
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import OrganisationKind
from tests.apps.ratings import stories

pytestmark = pytest.mark.django_db


def text(response):
    return response.content.decode()


def exported(answer):
    return list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode())))


def test_the_auditor_reads_what_changed_from_what_to_what(cast):
    story = stories.proposed(cast)
    with audit.event(
        by=cast.ada, what="rating.marked", on=story.rating, sentence="marked it", why="A reason."
    ) as opened:
        opened.update(story.rating, review_note="Seen <b>twice</b>")
    page = text(cast.client("rex").get("/trail/"))
    for words in ("Marked it", "A reason.", "Review note", "Seen &lt;b&gt;twice&lt;/b&gt;"):
        assert words in page


def test_long_values_are_cut_on_the_page_and_whole_in_the_export(cast):
    note = "The gates were checked one by one. " * 40
    story = stories.proposed(cast)
    review_rating(by=cast.bea, rating_id=story.id, note=note)
    rex = cast.client("rex")
    page = text(rex.get("/trail/?what=rating.reviewed"))
    assert note[: queries.SHOWN] + "…" in page
    rows = exported(rex.post("/trail/export/", {"what": "rating.reviewed"}))
    assert note.strip() in {row["after"].strip() for row in rows if row["field"] == "review_note"}


def test_a_bundle_is_on_the_trail_by_its_digest_alone(cast):
    story = stories.proposed(cast)
    rows = exported(cast.client("rex").post("/trail/export/", {"what": "rating.proposed"}))
    fields = {row["field"]: row["after"] for row in rows}
    assert fields["digest"] == story.rating.digest
    assert fields["bundle"].startswith("sha256:")


def test_an_export_with_an_unknown_filter_is_not_one_without(cast):
    stories.proposed(cast)
    assert cast.client("rex").post("/trail/export/", {"what": "zz"}).status_code == 404


def test_the_trail_is_filtered_by_words_and_by_event(cast):
    story = stories.proposed(cast)
    rex = cast.client("rex")
    assert "Proposed the rating" in text(rex.get("/trail/?what=rating.proposed"))
    assert "Proposed the rating" in text(rex.get("/trail/?text=proposed"))
    assert "Proposed the rating" in text(rex.get(f"/trail/?text={story.id}"))
    assert "No entry fits" in text(rex.get("/trail/?text=nothing-like-it"))
    # An event that is not on this trail filters nothing rather than telling whether it exists.
    assert "Proposed the rating" in text(rex.get("/trail/?what=no.such"))


def test_fifty_entries_stand_on_a_page(cast, django_assert_max_num_queries):
    for n in range(60):
        add_organisation(
            by=cast.ada, name=f"Synthetic {n}", kind=OrganisationKind.PURCHASER, country="USA"
        )
    rex = cast.client("rex")
    with django_assert_max_num_queries(14):
        page = text(rex.get("/trail/"))
    assert page.count('class="qmm-timeline__entry"') == 50
    assert "Next" in page


def test_the_export_is_on_the_trail_and_not_in_itself(cast):
    stories.proposed(cast)
    rex = cast.client("rex")
    rows = exported(rex.post("/trail/export/", {"text": "proposed"}))
    assert {row["event"] for row in rows} == {"rating.proposed"}
    event = AuditEvent.objects.latest("at", "seq")
    assert (event.what, event.actor_name) == ("trail.exported", "Rex Test")
    assert "proposed" in event.why
    assert cast.client("rex").get("/trail/export/").status_code == 405


def test_cells_that_would_run_are_guarded(cast):
    add_organisation(
        by=cast.ada, name="=cmd|' /C calc'!A0", kind=OrganisationKind.PURCHASER, country="USA"
    )
    events = AuditEvent.objects.filter(what="organisation.added")
    lines = list(csv.DictReader(io.StringIO("".join(queries.trail_csv(cast.rex, events)))))
    assert "'=cmd|' /C calc'!A0" in {line["after"] for line in lines}
    assert not [cell for line in lines for cell in line.values() if cell.startswith("=")]


@pytest.mark.parametrize("person", ["ada", "bea", "lea", "quin", "pia", "cora"])
def test_nobody_else_reads_or_exports(cast, person):
    other = cast.client(person)
    assert other.get("/trail/").status_code == 403
    assert other.post("/trail/export/").status_code == 403
    with pytest.raises(NotPermitted):
        audit.export_trail(by=cast.actors[person])
    assert not AuditEvent.objects.filter(what="trail.exported").exists()
    assert cast.client(None).get("/trail/").status_code == 302


def test_the_rivals_records_are_not_on_the_offices_page_of_another(cast):
    stories.proposed(cast)
    assert not queries.trail(cast.bria).exists()
