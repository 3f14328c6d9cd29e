"""Evidence: kept as sent, replaced beside, withdrawn with a reason, hashed on every read."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.evidence import actions, policies, queries
from openqmm.apps.evidence.actions import EvidenceEntry
from openqmm.apps.evidence.models import EvidenceFile
from openqmm.apps.facilities.models import Facility
from openqmm.core.errors import (
    FileRefused,
    FileUnreadable,
    NotFound,
    NotPermitted,
    TransitionRefused,
)
from openqmm.vault import Scanner, ScannerUnavailable
from tests.apps.evidence.stories import SOP, damage, evidence, place_of
from tests.apps.facilities.stories import ALDER_FEI, BIRCH_FEI, facility_of
from tests.evidence_files import HONEST, png
from tests.people import Cast

pytestmark = pytest.mark.django_db
WHY = "The approved version came later."


@pytest.fixture(autouse=True)
def own_folder(settings: object, tmp_path: Path) -> None:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"


@pytest.fixture
def facility(cast: Cast) -> Facility:
    return facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")


def _read(opened: actions.OpenedFile) -> bytes:
    with opened.file:
        return opened.file.read()


@pytest.mark.requirement("R40")
@pytest.mark.parametrize("name", HONEST)
def test_original_bytes_are_kept_and_come_back(cast: Cast, facility: Facility, name: str) -> None:
    row = evidence(cast.quin, facility.pk, HONEST[name], name)
    assert row.sha256 == hashlib.sha256(HONEST[name]).hexdigest()
    assert row.size == len(HONEST[name])
    assert place_of(row).read_bytes() == HONEST[name]
    assert _read(actions.open_own(by=cast.sid, evidence_id=row.pk)) == HONEST[name]
    events = AuditEvent.objects.filter(subject_id=str(row.pk)).order_by("seq")
    assert [event.what for event in events] == ["evidence.added", "evidence.read"]
    assert {event.trail_id for event in events} == {cast.quin.organisation_id}
    assert row.sha256 in events[0].sentence


@pytest.mark.requirement("R40")
@pytest.mark.parametrize("bit", [0, 3, 7])
def test_a_flipped_bit_is_refused_and_noted(
    cast: Cast, facility: Facility, bit: int, caplog: pytest.LogCaptureFixture
) -> None:
    row = evidence(cast.quin, facility.pk)
    damage(row, bit)
    with caplog.at_level(logging.CRITICAL), pytest.raises(FileUnreadable, match="no longer as it"):
        actions.open_own(by=cast.sid, evidence_id=row.pk)
    assert str(row.pk) in caplog.text
    event = AuditEvent.objects.get(what="evidence.damaged")
    assert (event.trail_id, event.subject_id) == (row.organisation_id, str(row.pk))
    assert not AuditEvent.objects.filter(what="evidence.read").exists()


def test_a_missing_file_is_refused_and_noted(cast: Cast, facility: Facility) -> None:
    row = evidence(cast.quin, facility.pk)
    place_of(row).unlink()
    with pytest.raises(FileUnreadable):
        actions.open_own(by=cast.quin, evidence_id=row.pk)
    assert "missing" in AuditEvent.objects.get(what="evidence.damaged").sentence


def test_a_rival_learns_nothing(cast: Cast, facility: Facility) -> None:
    row = evidence(cast.quin, facility.pk)
    theirs = facility_of(cast.bria, BIRCH_FEI, "Birch Works")
    same = evidence(cast.bria, theirs.pk)
    assert same.sha256 == row.sha256
    assert place_of(same) != place_of(row)
    for refused in (
        lambda: queries.page(cast.bria, row.pk),
        lambda: queries.files(cast.bria, facility.pk),
        lambda: actions.open_own(by=cast.bria, evidence_id=row.pk),
        lambda: actions.withdraw_evidence(by=cast.bria, evidence_id=row.pk, reason=WHY),
        lambda: evidence(cast.bria, facility.pk),
        lambda: actions.add_version(
            by=cast.bria,
            evidence_id=row.pk,
            entry=EvidenceEntry("a.pdf", "public"),
            content=[SOP],
            reason=WHY,
        ),
        lambda: actions.open_for_assessor(by=cast.lea, facility_id=theirs.pk, evidence_id=row.pk),
    ):
        with pytest.raises(NotFound):
            refused()
    assert [line.id for line in queries.files(cast.bria, theirs.pk)] == [same.pk]


@pytest.mark.parametrize("name", ["ada", "bea", "odo", "rex", "lea", "cora", "pia"])
def test_nobody_else_keeps_evidence(cast: Cast, facility: Facility, name: str) -> None:
    with pytest.raises(NotPermitted):
        evidence(cast.actors[name], facility.pk)
    assert not EvidenceFile.objects.exists()


def test_a_refused_file_leaves_an_event_and_nothing_else(cast: Cast, facility: Facility) -> None:
    with pytest.raises(FileRefused, match="by its content it is a PNG"):
        evidence(cast.quin, facility.pk, png(), "../plan.pdf")
    assert not EvidenceFile.objects.exists()
    event = AuditEvent.objects.get(what="evidence.refused")
    assert (event.subject_id, event.trail_id) == (
        str(facility.pk),
        cast.quin.organisation_id,
    )
    assert "plan.pdf" in event.sentence
    assert "../" not in event.sentence
    assert not list(place_folder().rglob("*.part"))


def place_folder() -> Path:
    from django.conf import settings

    return Path(settings.EVIDENCE_FOLDER)


def test_a_record_that_cannot_be_written_leaves_no_file_served(
    cast: Cast, facility: Facility, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("openqmm.vault.FolderStore.keep", full)
    with pytest.raises(OSError, match="No space"):
        evidence(cast.quin, facility.pk)
    assert not EvidenceFile.objects.exists()
    assert not AuditEvent.objects.filter(what="evidence.added").exists()
    assert not list(place_folder().rglob("*.part"))


def test_a_new_version_stands_beside_the_one_before(cast: Cast, facility: Facility) -> None:
    first = evidence(cast.quin, facility.pk)
    entry = EvidenceEntry("sop 2.pdf", "internal", date(2026, 1, 1), date(2026, 6, 30))
    second = actions.add_version(
        by=cast.sid, evidence_id=first.pk, entry=entry, content=[HONEST["sop.pdf"]], reason=WHY
    )
    assert (second.version, second.series, second.replaces_id) == (2, first.series, first.pk)
    assert [line.id for line in queries.files(cast.quin, facility.pk)] == [second.pk]
    page = queries.page(cast.quin, first.pk)
    assert [line.version for line in page.versions] == [2, 1]
    assert not page.newest
    assert _read(actions.open_own(by=cast.quin, evidence_id=first.pk)) == SOP
    with pytest.raises(TransitionRefused, match="newer version"):
        actions.add_version(
            by=cast.quin, evidence_id=first.pk, entry=entry, content=[SOP], reason=WHY
        )
    assert AuditEvent.objects.get(what="evidence.replaced").why == WHY


def test_two_versions_at_once_leave_one(
    cast: Cast, facility: Facility, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = evidence(cast.quin, facility.pk)
    entry = EvidenceEntry("sop.pdf", "internal")

    def send() -> EvidenceFile:
        return actions.add_version(
            by=cast.quin, evidence_id=first.pk, entry=entry, content=[SOP], reason=WHY
        )

    send()
    # As if both had looked before either wrote.
    monkeypatch.setattr(queries, "has_newer", lambda row: False)
    with pytest.raises(TransitionRefused, match="newer version"):
        send()
    assert EvidenceFile.objects.filter(series=first.series).count() == 2


@pytest.mark.parametrize("reason", ["", "   ", "wrong"])
def test_a_change_needs_a_reason(cast: Cast, facility: Facility, reason: str) -> None:
    row = evidence(cast.quin, facility.pk)
    with pytest.raises(TransitionRefused, match="reason"):
        actions.withdraw_evidence(by=cast.quin, evidence_id=row.pk, reason=reason)
    with pytest.raises(TransitionRefused, match="reason"):
        actions.add_version(
            by=cast.quin,
            evidence_id=row.pk,
            entry=EvidenceEntry("a.pdf", "public"),
            content=[SOP],
            reason=reason,
        )


def test_a_withdrawn_file_stays_and_assessors_no_longer_see_it(
    cast: Cast, facility: Facility
) -> None:
    row = evidence(cast.quin, facility.pk)
    assert [line.id for line in queries.files_for_assessors(facility.pk)] == [row.pk]
    withdrawn = actions.withdraw_evidence(by=cast.sid, evidence_id=row.pk, reason=WHY)
    assert withdrawn.withdrawn_because == WHY
    assert queries.files_for_assessors(facility.pk) == []
    assert _read(actions.open_own(by=cast.quin, evidence_id=row.pk)) == SOP
    with pytest.raises(TransitionRefused, match="withdrawn already"):
        actions.withdraw_evidence(by=cast.sid, evidence_id=row.pk, reason=WHY)


def test_what_is_internal_is_not_for_assessors(cast: Cast, facility: Facility) -> None:
    inside = evidence(cast.quin, facility.pk, confidentiality="internal")
    open_ = evidence(cast.quin, facility.pk, HONEST["yields.csv"], "yields.csv", "public")
    assert [line.id for line in queries.files_for_assessors(facility.pk)] == [open_.pk]
    with pytest.raises(NotFound):
        actions.open_for_assessor(by=cast.lea, facility_id=facility.pk, evidence_id=inside.pk)


@pytest.mark.requirement("R40")
def test_a_rendition_is_marked_as_derived(cast: Cast, facility: Facility) -> None:
    original = evidence(cast.quin, facility.pk)
    made = actions.add_rendition(
        by=cast.quin,
        evidence_id=original.pk,
        entry=EvidenceEntry("page.png", "confidential"),
        content=[png()],
    )
    page = queries.page(cast.quin, made.pk)
    assert page.derived_from is not None
    assert page.derived_from.id == original.pk
    assert [line.id for line in queries.files(cast.quin, facility.pk)] == [original.pk]
    assert [line.id for line in queries.page(cast.quin, original.pk).renditions] == [made.pk]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (EvidenceEntry("...", "public"), "no name"),
        (EvidenceEntry("a.pdf", "secret"), "Mark the file"),
        (EvidenceEntry("a.pdf", "public", date(2026, 2, 1), date(2026, 1, 1)), "ends before"),
    ],
)
def test_what_is_said_of_a_file_is_checked(
    cast: Cast, facility: Facility, entry: EvidenceEntry, words: str
) -> None:
    with pytest.raises(FileRefused, match=words):
        actions.add_evidence(by=cast.quin, facility_id=facility.pk, entry=entry, content=[SOP])


def test_a_stream_without_end_is_cut_off(cast: Cast, facility: Facility) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1 << 20
            yield b"a" * (1 << 20)

    with pytest.raises(FileRefused, match="more than 25 MB"):
        actions.add_evidence(
            by=cast.quin,
            facility_id=facility.pk,
            entry=EvidenceEntry("a.txt", "public"),
            content=endless(),
        )
    assert taken == 26 << 20


class _Scanner(Scanner):
    def __init__(self, answer: str | Exception | None) -> None:
        object.__setattr__(self, "answer", answer)

    def found_in(self, file: object) -> str | None:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_a_scanner_that_finds_nothing_is_on_record(
    cast: Cast, facility: Facility, settings: object
) -> None:
    assert evidence(cast.quin, facility.pk).scanned_at is None
    settings.VIRUS_SCANNER = _Scanner(None)
    assert evidence(cast.quin, facility.pk).scanned_at is not None


@pytest.mark.parametrize(
    ("answer", "words"),
    [("Eicar", "found Eicar"), (ScannerUnavailable("late"), "gave no answer")],
)
def test_a_scanner_that_finds_something_or_fails_closes_the_vault(
    cast: Cast, facility: Facility, settings: object, answer: object, words: str
) -> None:
    settings.VIRUS_SCANNER = _Scanner(answer)
    with pytest.raises(FileRefused, match=words):
        evidence(cast.quin, facility.pk)
    assert not EvidenceFile.objects.exists()
    assert AuditEvent.objects.filter(what="evidence.refused").count() == 1


@pytest.mark.requirement("R40")
def test_the_nightly_check_names_what_is_not_whole(cast: Cast, facility: Facility) -> None:
    whole, damaged, missing = (
        evidence(cast.quin, facility.pk, HONEST[name], name)
        for name in ("sop.pdf", "yields.csv", "line.png")
    )
    out = StringIO()
    call_command("check_evidence", stdout=out)
    assert out.getvalue().startswith("3 records checked: 0 missing, 0 damaged. 0 files")
    damage(damaged)
    place_of(missing).unlink()
    stray = place_of(whole).with_name("0" * 62)
    stray.write_bytes(b"stray")
    report = StringIO()
    with pytest.raises(CommandError, match="missing or damaged"):
        call_command("check_evidence", json=True, stdout=report)
    found = json.loads(report.getvalue())
    place = f"{facility.organisation_id}/"
    assert found["damaged"] == [place + damaged.sha256]
    assert found["missing"] == [place + missing.sha256]
    assert found["orphaned"] == [place + whole.sha256[:2] + "0" * 62]
    noted = AuditEvent.objects.filter(what="evidence.damaged")
    assert {event.subject_id for event in noted} == {str(damaged.pk), str(missing.pk)}
    assert {event.trail_id for event in noted} == {cast.quin.organisation_id}


def test_who_may_keep() -> None:
    from openqmm.core.workflow import Actor, Role

    may = {role for role in Role if policies.keeping_refusal(Actor(role, "A")) is None}
    assert may == {Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY}
