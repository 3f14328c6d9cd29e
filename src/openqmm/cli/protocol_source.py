"""A protocol named on the command line: the id of a shipped one, or a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openqmm.core.protocols import Protocol


def load_protocol(name: str) -> Protocol:
    """Return the protocol of this id or in this file (NotFound, InvalidProtocol)."""
    from openqmm.core.protocols import read_protocol, read_yaml, shipped_bank, shipped_protocol

    path = Path(name)
    if path.suffix in {".yaml", ".yml"}:
        return read_protocol(read_yaml(path.read_bytes(), path.name), shipped_bank())
    return shipped_protocol(name)
