"""The programs that come with OpenQMM."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from openqmm.core.errors import NotFound
from openqmm.core.programs.model import Program
from openqmm.core.programs.reading import read_program


def shipped_program_ids() -> tuple[str, ...]:
    """Return the ids of the programs in this distribution, in alphabetical order."""
    return tuple(sorted(file.name.removesuffix(".yaml") for file in _yaml_files()))


@cache
def shipped_program(program_id: str) -> Program:
    """Return a program of this distribution by its id (NotFound as `shipped_source`)."""
    return read_program(shipped_source(program_id).encode(), f"{program_id}.yaml")


def shipped_source(program_id: str) -> str:
    """Return the file of a program of this distribution.

    Raises
    ------
    NotFound
        No such program is shipped; the message lists those that are.
    """
    for file in _yaml_files():
        if file.name == f"{program_id}.yaml":
            return file.read_text("utf-8")
    known = ", ".join(shipped_program_ids())
    raise NotFound(f"There is no program {program_id!r}. Known programs: {known}.")


def _yaml_files() -> list[Traversable]:
    folder = files("openqmm") / "data" / "programs"
    return [file for file in folder.iterdir() if file.name.endswith(".yaml")]
