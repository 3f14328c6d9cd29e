"""The protocols and the question bank that come with OpenQMM."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from openqmm.core.errors import NotFound
from openqmm.core.protocols.located import Located, read_yaml
from openqmm.core.protocols.model import Protocol
from openqmm.core.protocols.reading import QuestionBank, read_bank, read_protocol


def shipped_ids() -> tuple[str, ...]:
    """Return the ids of the protocols in this distribution, in alphabetical order."""
    return tuple(sorted(file.name.removesuffix(".yaml") for file in _yaml_files("protocols")))


@cache
def shipped_bank() -> QuestionBank:
    """Return OpenQMM's own question bank."""
    return read_bank(_located(file) for file in _yaml_files("bank"))


@cache
def shipped_protocol(protocol_id: str) -> Protocol:
    """Return a protocol of this distribution by its id.

    Raises
    ------
    NotFound
        No such protocol is shipped; the message lists those that are.
    """
    for file in _yaml_files("protocols"):
        if file.name == f"{protocol_id}.yaml":
            return read_protocol(_located(file), shipped_bank())
    known = ", ".join(shipped_ids())
    raise NotFound(f"There is no protocol {protocol_id!r}. Known protocols: {known}.")


def _yaml_files(folder: str) -> list[Traversable]:
    found = (files("openqmm") / "data" / folder).iterdir()
    return sorted((f for f in found if f.name.endswith(".yaml")), key=lambda file: file.name)


def _located(file: Traversable) -> Located:
    return read_yaml(file.read_bytes(), file.name)
