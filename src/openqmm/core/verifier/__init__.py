"""Checks the trail and shares nothing with what writes it: no module, no hash, no format.

Imports the standard library only, and `cryptography` once a key is given. An import contract keeps
it so. Nothing here raises for what a file holds: every fault is a sentence in a `Report`.
"""

from openqmm.core.verifier.installation import verify_installation
from openqmm.core.verifier.notes import read_keys
from openqmm.core.verifier.proofs import verify_checkpoint, verify_consistency, verify_proof
from openqmm.core.verifier.reading import Unreadable
from openqmm.core.verifier.report import Check, Report
from openqmm.core.verifier.signature import verify_signature
from openqmm.core.verifier.source import Row, Source
from openqmm.core.verifier.trails import verify_trail

__all__ = [
    "Check",
    "Report",
    "Row",
    "Source",
    "Unreadable",
    "read_keys",
    "verify_checkpoint",
    "verify_consistency",
    "verify_installation",
    "verify_proof",
    "verify_signature",
    "verify_trail",
]
