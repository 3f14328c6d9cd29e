"""The trail leaves the platform: for people, for machines, with its proofs, verified elsewhere."""

import json
import shutil
import subprocess
from datetime import UTC, datetime

import pytest
from django.db import connection

from openqmm.apps.accounts.actions import add_organisation
from openqmm.apps.audit import actions, queries
from openqmm.apps.audit.models import INSTALLATION, AuditEvent
from openqmm.apps.audit.queries import Wanted
from openqmm.core.errors import InvalidInput, NotFound, NotPermitted
from openqmm.core.verifier import verify_proof, verify_trail
from openqmm.core.workflow import OrganisationKind
from tests.apps.audit.auditors import auditor_of
from tests.apps.ratings import stories

pytestmark = pytest.mark.django_db


@pytest.fixture
def anchoring(settings, tmp_path):
    """A key and a folder of this test alone; anchors when called."""
    settings.CHECKPOINTS = tmp_path / "checkpoints"
    settings.CHECKPOINT_KEY = tmp_path / "checkpoint.pem"

    def anchor():
        return actions.anchor_trails(
            key=actions.configured_key(), folder=actions.configured_folder()
        )

    return anchor


def newest():
    return AuditEvent.objects.latest("at", "seq")


def lines_of(response):
    return b"".join(response.streaming_content).decode().splitlines(keepends=True)


@pytest.mark.requirement("R10")
def test_the_whole_trail_is_verified_by_the_verifier_that_shares_nothing(cast, anchoring):
    stories.issued(cast)
    anchoring()
    alba = auditor_of(cast, "Alder Synthesis", "alba")
    before = queries.standing(alba.organisation_id)
    lines = lines_of(cast.client("alba").post("/trail/export/", {"format": "whole"}))
    head = json.loads(lines[0])
    assert (head["format"], head["size"], head["root"]) == (
        "openqmm-trail/1",
        before.size,
        before.root,
    )
    report = verify_trail(lines, actions.configured_key().vkey())
    assert report.valid, report.faults
    assert {check.name: check.passed for check in report.checks}["signature"] is True
    # The export is an entry, after what it covers.
    assert (newest().what, newest().seq) == ("trail.exported", before.size)
    lines[3] = lines[3].replace("Test", "Tess", 1)
    assert not verify_trail(lines).valid


def test_a_trail_not_yet_anchored_leaves_all_the_same(cast, anchoring):
    lines = list(actions.export_whole_trail(by=cast.rex))
    assert json.loads(lines[0])["anchor"] is None
    assert verify_trail(lines).first_bad is None


def test_the_office_takes_the_installations_trail_and_nobody_else(cast, anchoring):
    lines = list(actions.export_whole_trail(by=cast.rex, trail_id=INSTALLATION))
    assert len(lines) > 10
    assert verify_trail(lines).first_bad is None
    alba = auditor_of(cast, "Alder Synthesis", "alba")
    with pytest.raises(NotFound):
        actions.export_whole_trail(by=alba, trail_id=cast.rex.organisation_id)
    with pytest.raises(NotPermitted):
        actions.export_whole_trail(by=cast.ada)


@pytest.mark.requirement("R34")
def test_an_event_takes_its_proof_along(cast, anchoring):
    stories.issued(cast)
    event = AuditEvent.objects.filter(what="rating.issued").latest("at", "seq")
    with pytest.raises(NotFound, match="not anchored yet"):
        actions.prove_event(by=cast.rex, event_id=event.pk)
    anchor = anchoring()
    page = cast.client("rex").get(f"/trail/{event.pk}/").content.decode()
    assert f"under checkpoint {anchor.position + 1}" in page
    sent = cast.client("rex").post(f"/trail/{event.pk}/proof/", {"kind": "event"})
    report = verify_proof(sent.content.decode(), actions.configured_key().vkey())
    assert report.valid, report.faults
    assert json.loads(sent.content)["content"] == event.content
    assert newest().what == "trail.proof_taken"
    tlog = cast.client("rex").post(f"/trail/{event.pk}/proof/", {"kind": "tlog"})
    assert tlog.content.startswith(b"c2sp.org/tlog-proof@v1")


@pytest.mark.requirement("R10")
def test_the_printout_says_what_for_whom_and_of_which_trail(cast, tmp_path, anchoring):
    stories.issued(cast)
    standing = queries.standing(cast.rex.organisation_id)
    sent = cast.client("rex").post("/trail/export/", {"format": "pdf", "record": "ratings.Rating"})
    assert sent.headers["Content-Type"] == "application/pdf"
    assert b"pdfaid:part>2<" in sent.content
    assert newest().what == "trail.printed"
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    file = tmp_path / "trail.pdf"
    file.write_bytes(sent.content)
    words = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, text=True, check=True
    ).stdout
    plain = " ".join(words.split())
    for expected in (
        "Rex Test",
        "about ratings.Rating",
        f"{standing.size} events",
        standing.root[:16],
        "UTC",
        "Page 1 of",
        "Changed since entry",
        "Review note",
        "Gates and coverage were checked.",
    ):
        assert expected in plain, expected


@pytest.mark.requirement("R10")
def test_what_is_printed_of_an_entry(cast):
    stories.issued(cast)
    own = queries.whole_trail(cast.rex)
    standing = queries.standing(own.id)
    moment = datetime(2027, 3, 1, 9, 5, tzinfo=UTC)
    pages = queries.printout(cast.rex, Wanted(what="rating.reviewed"), own, standing, moment)
    assert (pages.printed_by, pages.printed_at) == ("Rex Test", "1 Mar 2027, 09:05:00 UTC")
    assert (pages.filters, pages.anchor) == ("event rating.reviewed", "Not yet anchored.")
    assert (pages.size, pages.root) == (standing.size, standing.root)
    (entry,) = pages.entries
    assert entry.why == "Gates and coverage were checked."
    (record,) = entry.records
    assert (record.title, record.verb, record.since_entry) == ("Rating", "changed", True)
    assert ("State", "proposed", "reviewed") in record.fields
    assert ("Review note", "", "Gates and coverage were checked.") in record.fields


def test_more_than_anybody_reads_is_not_printed(cast, monkeypatch):
    monkeypatch.setattr("openqmm.apps.audit.actions.exporting.MOST_PRINTED", 2)
    with pytest.raises(InvalidInput, match="2 at most are printed"):
        actions.print_trail(by=cast.rex)
    assert cast.client("rex").post("/trail/export/", {"format": "pdf"}).status_code == 400


@pytest.mark.requirement("R07")
def test_the_page_verifies_the_trail_and_names_the_first_bad_entry(cast, anchoring):
    for n in range(3):
        add_organisation(
            by=cast.ada, name=f"Synthetic {n}", kind=OrganisationKind.PURCHASER, country="USA"
        )
    anchoring()
    rex = cast.client("rex")
    page = rex.post("/trail/check/").content.decode()
    assert "The trail holds" in page
    assert "gapless, each linked to the last" in page
    assert "under checkpoint 1" in page
    assert newest().what == "trail.checked"
    assert newest().sentence.endswith("it holds")
    bad = AuditEvent.objects.filter(trail_id=cast.rex.organisation_id, seq=1).get()
    _as_nobody_may(bad)
    page = rex.post("/trail/check/").content.decode()
    assert "The trail does not hold" in page
    assert f"event 1 ({bad.pk})" in page


def _as_nobody_may(event):
    """Rewrite a stored event as only somebody with the database's files could."""
    rows = list(queries.stored_events(event.trail_id, 10**6))
    assert rows[event.seq].seq == event.seq
    key = event.pk if connection.features.has_native_uuid_field else event.pk.hex
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            connection.connection.set_authorizer(None)
            cursor.execute("DROP TRIGGER trail_audit_auditevent_no_update")
        else:
            pytest.skip("the running role cannot")
        cursor.execute(
            "UPDATE audit_auditevent SET content = replace(content, 'Ada', 'Eve') WHERE id = %s",
            [key],
        )


def test_the_csv_names_events_their_number_and_what_changed_since(cast):
    story = stories.issued(cast)
    lines = list(actions.export_trail(by=cast.rex, wanted=Wanted(what="rating.proposed")))
    assert lines[0].strip().endswith("event_id,seq,changed_since_entry")
    event = AuditEvent.objects.get(what="rating.proposed")
    assert all(f"{event.pk},{event.seq},yes" in line for line in lines[1:])
    assert any(str(story.id) in line for line in lines[1:])


def test_a_time_is_in_utc_wherever_it_is_said(cast):
    assert queries.moment_text(datetime(2027, 3, 1, 9, 5, tzinfo=UTC)) == (
        "1 Mar 2027, 09:05:00 UTC"
    )
