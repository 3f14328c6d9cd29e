"""Evidence of the portal's stories; every file is made here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings

from openqmm.apps.evidence import actions
from openqmm.apps.evidence.actions import EvidenceEntry
from openqmm.apps.evidence.models import EvidenceFile
from openqmm.core.workflow import Actor
from tests.evidence_files import pdf

SOP = pdf(3)


def evidence(
    by: Actor,
    facility_id: Any,
    content: bytes = SOP,
    name: str = "sop.pdf",
    confidentiality: str = "confidential",
) -> EvidenceFile:
    """A file that a manufacturer keeps as evidence of its facility."""
    return actions.add_evidence(
        by=by,
        facility_id=facility_id,
        entry=EvidenceEntry(name, confidentiality),
        content=[content],
    )


def place_of(row: EvidenceFile) -> Path:
    """Where the bytes of a file lie."""
    folder = Path(settings.EVIDENCE_FOLDER)
    return folder / str(row.organisation_id) / row.sha256[:2] / row.sha256[2:]


def damage(row: EvidenceFile, bit: int = 0) -> None:
    """Flip one bit of a kept file, behind the platform's back."""
    place = place_of(row)
    content = bytearray(place.read_bytes())
    content[len(content) // 2] ^= 1 << bit
    place.chmod(0o600)
    place.write_bytes(content)
