"""Everything that writes the trail."""

from openqmm.apps.audit.actions.anchoring import (
    TICK_SECONDS,
    TrailContradicted,
    anchor_trails,
    publish_checkpoint,
)
from openqmm.apps.audit.actions.checking import check_trail
from openqmm.apps.audit.actions.checkpoints import (
    CheckpointFolder,
    configured_folder,
    configured_key,
)
from openqmm.apps.audit.actions.events import OpenEvent, event
from openqmm.apps.audit.actions.exporting import export_trail, export_whole_trail, print_trail
from openqmm.apps.audit.actions.noting import note_denied, note_start
from openqmm.apps.audit.actions.once import Sending, Sent, once, sweep
from openqmm.apps.audit.actions.proving import prove_event, prove_tick
from openqmm.apps.audit.actions.reviewing import close_review, note_event, open_review
from openqmm.apps.audit.actions.versions import require_version, stale

__all__ = [
    "TICK_SECONDS",
    "CheckpointFolder",
    "OpenEvent",
    "Sending",
    "Sent",
    "TrailContradicted",
    "anchor_trails",
    "check_trail",
    "close_review",
    "configured_folder",
    "configured_key",
    "event",
    "export_trail",
    "export_whole_trail",
    "note_denied",
    "note_event",
    "note_start",
    "once",
    "open_review",
    "print_trail",
    "prove_event",
    "prove_tick",
    "publish_checkpoint",
    "require_version",
    "stale",
    "sweep",
]
