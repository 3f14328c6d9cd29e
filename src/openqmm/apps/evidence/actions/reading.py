"""Reading the bytes of evidence: hashed again every time, and every time on the owner's trail."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

from openqmm.apps.audit import actions as audit
from openqmm.apps.evidence import queries
from openqmm.apps.evidence.actions.receiving import store
from openqmm.apps.evidence.models import EvidenceFile
from openqmm.core.errors import FileUnreadable
from openqmm.core.workflow import Actor
from openqmm.vault import FileDamaged, FileMissing

_log = logging.getLogger("openqmm.evidence")


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file whose digest has just been found right, open at its start."""

    name: str
    media_type: str
    file: BinaryIO


def open_own(*, by: Actor, evidence_id: Any) -> OpenedFile:
    """Open a file of one's own organisation, withdrawn or not; event `evidence.read`.

    Its owner's quality lead and signatory may (NotFound). Refused (FileUnreadable), with event
    `evidence.damaged` and a line in the log, when the bytes are no longer those that were sent.
    """
    return _opened(by, queries.evidence(by, evidence_id))


def open_for_assessor(*, by: Actor, facility_id: UUID, evidence_id: Any) -> OpenedFile:
    """Open a file that the assessors of a facility may read; event `evidence.read` on its owner's
    trail. That the actor is one of them is the caller's to check. NotFound for a file that is
    internal, withdrawn, replaced, or of another facility; otherwise as `open_own`."""
    return _opened(by, queries.evidence_for_assessors(facility_id, evidence_id))


def note_damage(by: Actor, row: EvidenceFile, found: Exception) -> None:
    """Write event `evidence.damaged` on the owner's trail, and a line that alerts to the log."""
    state = "missing" if isinstance(found, FileMissing) else "damaged"
    _log.critical("Evidence %s is %s: %s", row.pk, state, found)
    with audit.event(
        by=by,
        what="evidence.damaged",
        on=row,
        sentence=f"found the evidence {row.name}, version {row.version}, {state}",
        why="Its bytes no longer have the SHA-256 under which they were kept.",
        organisation_id=row.organisation_id,
    ):
        pass


def _opened(by: Actor, row: EvidenceFile) -> OpenedFile:
    try:
        file = store().verified(row.organisation_id, row.sha256)
    except (FileMissing, FileDamaged) as found:
        note_damage(by, row, found)
        raise FileUnreadable(
            f"The file {row.name} is no longer as it was sent, so it is not shown. Those who keep "
            "this installation have been told; sending the same file again restores it."
        ) from None
    try:
        with audit.event(
            by=by,
            what="evidence.read",
            on=row,
            sentence=f"read the evidence {row.name}, version {row.version}",
            organisation_id=row.organisation_id,
        ):
            pass
    except BaseException:
        # No reading without its event.
        file.close()
        raise
    return OpenedFile(row.name, row.media_type, file)
