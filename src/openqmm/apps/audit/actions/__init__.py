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

__all__ = [
    "TICK_SECONDS",
    "CheckpointFolder",
    "OpenEvent",
    "TrailContradicted",
    "anchor_trails",
    "configured_folder",
    "configured_key",
    "event",
    "export_trail",
    "publish_checkpoint",
]
