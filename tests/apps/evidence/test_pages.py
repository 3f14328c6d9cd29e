"""The pages of evidence: for its owner, for the team of a running assessment, for nobody else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.evidence import actions
from openqmm.apps.evidence.models import EvidenceFile
from openqmm.apps.facilities.models import Facility
from tests.apps.assessments import stories
from tests.apps.evidence.stories import SOP, damage, evidence
from tests.apps.facilities.stories import ALDER_FEI, facility_of
from tests.evidence_files import HONEST, docx
from tests.people import Cast

pytestmark = pytest.mark.django_db
WHY = "The approved version came later."


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Path:
    settings.EVIDENCE_FOLDER = tmp_path / "evidence"
    incoming = settings.EVIDENCE_FOLDER / "incoming"
    incoming.mkdir(parents=True)
    settings.FILE_UPLOAD_TEMP_DIR = incoming
    return incoming


@pytest.fixture
def facility(cast: Cast) -> Facility:
    return facility_of(cast.quin, ALDER_FEI, "Alder Unit 1")


def _send(
    cast: Cast, facility: Facility, content: bytes, name: str = "sop.pdf", who: str = "quin"
) -> HttpResponse:
    file = SimpleUploadedFile(name, content, "application/x-anything")
    data = {"file": file, "confidentiality": "confidential", "period_from": "2026-01-01"}
    return cast.client(who).post(reverse("evidence:add", args=[facility.pk]), data)


def _text(response: HttpResponse) -> str:
    return response.content.decode()


def test_a_file_is_sent_and_shown(cast: Cast, facility: Facility, own_folder: Path) -> None:
    quin = cast.client("quin")
    list_url = reverse("evidence:files", args=[facility.pk])
    assert "No evidence yet" in _text(quin.get(list_url))
    answer = _send(cast, facility, SOP, "Übersicht <1>.pdf")
    row = EvidenceFile.objects.get()
    assert answer.url == reverse("evidence:detail", args=[row.pk])
    assert row.media_type == "application/pdf"
    page = _text(quin.get(answer.url))
    assert row.sha256 in page
    assert "Übersicht &lt;1&gt;.pdf" in page
    assert "Not scanned: no scanner was set up" in page
    assert "Übersicht" in _text(quin.get(list_url))
    assert not list(own_folder.iterdir())


def test_a_download_is_saved_and_runs_nothing(cast: Cast, facility: Facility) -> None:
    row = evidence(cast.quin, facility.pk, HONEST["notes.txt"], "Übersicht 'x'.txt")
    answer = cast.client("sid").get(reverse("evidence:download", args=[row.pk]))
    assert b"".join(answer.streaming_content) == HONEST["notes.txt"]
    headers = answer.headers
    assert headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%C3%9Cbersicht%20%27x%27.txt"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]
    assert headers["Content-Length"] == str(row.size)
    assert AuditEvent.objects.get(what="evidence.read").actor_id == cast.sid.person_id


@pytest.mark.requirement("R40")
def test_a_damaged_file_is_not_sent(cast: Cast, facility: Facility) -> None:
    row = evidence(cast.quin, facility.pk)
    damage(row)
    answer = cast.client("quin").get(reverse("evidence:download", args=[row.pk]))
    assert answer.status_code == 409
    assert "no longer as it was sent" in _text(answer)
    assert AuditEvent.objects.filter(what="evidence.damaged").count() == 1


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("macro.docx", docx({"word/vbaProject.bin": b"x"}), "holds macros"),
        ("sop.exe", SOP, "not taken"),
        ("empty.pdf", b"", "The file is empty"),
    ],
)
def test_a_refused_file_is_said_beside_the_field(
    cast: Cast, facility: Facility, name: str, content: bytes, words: str, own_folder: Path
) -> None:
    answer = _send(cast, facility, content, name)
    assert answer.status_code == 400
    assert words in _text(answer)
    assert 'value="2026-01-01"' in _text(answer)
    assert not EvidenceFile.objects.exists()
    assert not list(own_folder.iterdir())


@pytest.mark.parametrize("most", [1_000, 100])
def test_a_file_that_is_too_large_is_cut_off_while_it_comes(
    cast: Cast, facility: Facility, settings: Any, own_folder: Path, most: int
) -> None:
    settings.LARGEST_UPLOAD_BYTES = most
    answer = _send(cast, facility, b"a" * 200_000, "large.txt")
    assert answer.status_code == 413
    assert "which is the most taken" in _text(answer)
    assert "This field is required" not in _text(answer)
    assert 'value="2026-01-01"' in _text(answer)
    assert not EvidenceFile.objects.exists()
    assert not list(own_folder.iterdir())


def test_somebody_not_signed_in_sends_nothing(
    cast: Cast, facility: Facility, own_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[int] = []
    monkeypatch.setattr(
        "django.core.files.uploadhandler.TemporaryFileUploadHandler.receive_data_chunk",
        lambda self, raw, start: written.append(len(raw)),
    )
    answer = _send(cast, facility, SOP, who=None)  # type: ignore[arg-type]
    assert "/accounts/login/" in answer.url
    assert not written


def test_a_file_is_replaced_and_withdrawn(cast: Cast, facility: Facility) -> None:
    row = evidence(cast.quin, facility.pk)
    sid = cast.client("sid")
    url = reverse("evidence:replace", args=[row.pk])
    assert "Why it is replaced" in _text(sid.get(url))
    data = {"confidentiality": "internal", "reason": WHY}
    answer = sid.post(url, data | {"file": SimpleUploadedFile("sop.pdf", SOP)})
    newer = EvidenceFile.objects.get(version=2)
    assert answer.url == reverse("evidence:detail", args=[newer.pk])
    assert "A newer version is here" in _text(sid.get(reverse("evidence:detail", args=[row.pk])))
    again = sid.post(url, data | {"file": SimpleUploadedFile("sop.pdf", SOP)})
    assert again.status_code == 400
    assert "newer version" in _text(again)
    withdraw = reverse("evidence:withdraw", args=[newer.pk])
    short = sid.post(withdraw, {"reason": "no"})
    assert short.status_code == 400
    assert "Say why" in _text(short)
    sid.post(withdraw, {"reason": WHY})
    page = _text(sid.get(reverse("evidence:detail", args=[newer.pk])))
    assert f": {WHY}" in page
    assert reverse("evidence:withdraw", args=[newer.pk]) not in page


def test_the_team_of_a_running_assessment_reads(cast: Cast) -> None:
    story = stories.scoring(cast)
    facility_id = story.assessment.application.facility_id
    row = evidence(cast.quin, facility_id)
    inside = evidence(cast.quin, facility_id, HONEST["yields.csv"], "inside.csv", "internal")
    url = reverse("assessments:evidence", args=[story.id])
    for name in ("lea", "asa", "odo"):
        page = _text(cast.client(name).get(url))
        assert "sop.pdf" in page
        assert "inside.csv" not in page
    detail = reverse("assessments:detail", args=[story.id])
    assert url in _text(cast.client("asa").get(detail))
    assert url not in _text(cast.client("ada").get(detail))
    file_url = reverse("assessments:evidence_file", args=[story.id, row.pk])
    answer = cast.client("asa").get(file_url)
    assert b"".join(answer.streaming_content) == SOP
    event = AuditEvent.objects.get(what="evidence.read")
    assert event.actor_id == cast.asa.person_id
    assert event.trail_id == cast.quin.organisation_id
    hidden = reverse("assessments:evidence_file", args=[story.id, inside.pk])
    assert cast.client("lea").get(hidden).status_code == 404
    assert cast.client("zoe").get(url).status_code == 404
    assert cast.client("ada").get(url).status_code == 403
    assert cast.client("bria").get(url).status_code == 403
    damage(row)
    assert cast.client("lea").get(file_url).status_code == 409


def test_the_team_declares_first_and_the_assessment_runs(cast: Cast) -> None:
    story = stories.staffed(cast)
    url = reverse("assessments:evidence", args=[story.id])
    assert cast.client("lea").get(url).status_code == 403
    story = stories.declared(cast, name="Alder Two", fei="3009999911")
    url = reverse("assessments:evidence", args=[story.id])
    planned = cast.client("lea").get(url)
    assert planned.status_code == 409
    assert "from the orientation" in _text(planned)
    story.advance(cast.lea, "hold_orientation")
    assert cast.client("lea").get(url).status_code == 200
    story.advance(cast.ada, "suspend", "The site is closed.")
    assert cast.client("lea").get(url).status_code == 409


def test_files_of_another_facility_are_not_in_the_assessment(cast: Cast) -> None:
    story = stories.scoring(cast)
    other = facility_of(cast.quin, "3009999921", "Alder Unit 9")
    row = evidence(cast.quin, other.pk)
    url = reverse("assessments:evidence_file", args=[story.id, row.pk])
    assert cast.client("lea").get(url).status_code == 404
    assert actions.open_own(by=cast.quin, evidence_id=row.pk).file.close() is None
