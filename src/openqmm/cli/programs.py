"""The program that a command is told by id or by file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openqmm.core.programs import Program


def load_program(named: str) -> Program:
    """Return the shipped program of this id, or the one in this file (NotFound, InvalidProgram)."""
    from openqmm.core.programs import read_program, shipped_program

    path = Path(named)
    if path.suffix in {".yaml", ".yml"} and path.is_file():
        return read_program(path.read_bytes(), path.name)
    return shipped_program(named)
