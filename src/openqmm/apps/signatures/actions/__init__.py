"""The ceremony of signing, and the seal on files."""

from openqmm.apps.signatures.actions.ceremony import (
    Ceremony,
    Confirmed,
    Means,
    begin,
    confirm,
    sign,
)
from openqmm.apps.signatures.actions.offline import offline_copy
from openqmm.apps.signatures.actions.sealing import sealed_pdf

__all__ = [
    "Ceremony",
    "Confirmed",
    "Means",
    "begin",
    "confirm",
    "offline_copy",
    "sealed_pdf",
    "sign",
]
