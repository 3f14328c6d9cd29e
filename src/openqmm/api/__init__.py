"""The REST API's frame: who may call an operation, how refusals answer, what is assembled."""

from openqmm.api.access import SessionOrKey, allow
from openqmm.api.assembly import assemble

__all__ = ["SessionOrKey", "allow", "assemble"]
