"""Keeping evidence, reading it, and checking that it is whole."""

from openqmm.apps.evidence.actions.checking import (
    EvidenceReport,
    check_evidence,
    sweep_uploads,
)
from openqmm.apps.evidence.actions.keeping import (
    EvidenceEntry,
    add_evidence,
    add_rendition,
    add_version,
    withdraw_evidence,
)
from openqmm.apps.evidence.actions.reading import OpenedFile, open_for_assessor, open_own

__all__ = [
    "EvidenceEntry",
    "EvidenceReport",
    "OpenedFile",
    "add_evidence",
    "add_rendition",
    "add_version",
    "check_evidence",
    "open_for_assessor",
    "open_own",
    "sweep_uploads",
    "withdraw_evidence",
]
