"""Everything that writes the trail."""

from openqmm.apps.audit.actions.events import OpenEvent, event
from openqmm.apps.audit.actions.exporting import export_trail
from openqmm.apps.audit.actions.signing import sign

__all__ = ["OpenEvent", "event", "export_trail", "sign"]
