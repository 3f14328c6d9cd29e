"""Every read of the signatures app."""

from openqmm.apps.signatures.queries.changes import Source
from openqmm.apps.signatures.queries.papers import Paper
from openqmm.apps.signatures.queries.views import (
    DOES_NOT_HOLD,
    HOLDS,
    SUPERSEDED,
    SignatureView,
    facts_of,
    signature_views,
)

__all__ = [
    "DOES_NOT_HOLD",
    "HOLDS",
    "SUPERSEDED",
    "Paper",
    "SignatureView",
    "Source",
    "facts_of",
    "signature_views",
]
