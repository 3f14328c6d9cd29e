"""The nightly check that every file of evidence is there and whole."""

from __future__ import annotations

from dataclasses import dataclass, field

from openqmm.apps.evidence import queries
from openqmm.apps.evidence.actions.reading import note_damage
from openqmm.apps.evidence.actions.receiving import store
from openqmm.apps.evidence.models import EvidenceFile
from openqmm.core.workflow import SYSTEM
from openqmm.vault import FileDamaged, FileMissing
from openqmm.web import tenancy

ABANDONED_SECONDS = 6 * 60 * 60
"""After this nobody is still sending the file."""


@dataclass(slots=True)
class EvidenceReport:
    """What the check found; files are named by owner and digest, never by name."""

    checked: int = 0
    missing: list[str] = field(default_factory=list)
    damaged: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)
    swept: int = 0

    @property
    def whole(self) -> bool:
        """Whether every record has its bytes."""
        return not (self.missing or self.damaged)


def sweep_uploads() -> int:
    """Remove what interrupted uploads left behind; return how many files. Changes no record."""
    return store().sweep(ABANDONED_SECONDS)


def check_evidence() -> EvidenceReport:
    """Hash every kept file again, and remove what interrupted uploads left; done by the system.

    Event `evidence.damaged` on the owner's trail for each record whose bytes are missing or wrong.
    Files without a record are counted and stay.
    """
    kept = store()
    report = EvidenceReport(swept=sweep_uploads())
    # Listed first: a file that is being added now has its record by the time it is compared.
    there = set(kept.kept())
    known: set[tuple[object, str]] = set()
    with tenancy.scope(SYSTEM):
        rows = list(queries.every_file())
    for row in rows:
        known.add((row.organisation_id, row.sha256))
        report.checked += 1
        place = f"{row.organisation_id}/{row.sha256}"
        try:
            kept.verified(row.organisation_id, row.sha256).close()
        except FileMissing as found:
            report.missing.append(place)
            _note_damage(row, found)
        except FileDamaged as found:
            report.damaged.append(place)
            _note_damage(row, found)
    report.orphaned = sorted(f"{owner}/{digest}" for owner, digest in there - known)
    return report


@tenancy.scope(SYSTEM)
def _note_damage(row: EvidenceFile, found: Exception) -> None:
    note_damage(SYSTEM, row, found)
