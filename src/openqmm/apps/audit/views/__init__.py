"""The audit trail, for those who audit it."""

from openqmm.apps.audit.views.reviewing import close, note, review, reviews
from openqmm.apps.audit.views.single import event, proof, record
from openqmm.apps.audit.views.trail import check, export, trail

__all__ = [
    "check",
    "close",
    "event",
    "export",
    "note",
    "proof",
    "record",
    "review",
    "reviews",
    "trail",
]
