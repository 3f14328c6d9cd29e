"""Everything that writes the trail."""

from openqmm.apps.audit.actions.anchoring import (
    TICK_SECONDS,
    TrailContradicted,
    anchor_trails,
    publish_checkpoint,
)
from openqmm.apps.audit.actions.checkpoints import (
    CheckpointFolder,
    configured_folder,
    configured_key,
)
from openqmm.apps.audit.actions.events import OpenEvent, event
from openqmm.apps.audit.actions.exporting import export_trail
from openqmm.apps.audit.actions.once import Sending, Sent, once, sweep
from openqmm.apps.audit.actions.signing import sign
from openqmm.apps.audit.actions.versions import require_version, stale

__all__ = [
    "TICK_SECONDS",
    "CheckpointFolder",
    "OpenEvent",
    "Sending",
    "Sent",
    "TrailContradicted",
    "anchor_trails",
    "configured_folder",
    "configured_key",
    "event",
    "export_trail",
    "once",
    "publish_checkpoint",
    "require_version",
    "sign",
    "stale",
    "sweep",
]
