"""The protocols and the question bank that come with OpenQMM."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from openqmm.core.errors import NotFound
from openqmm.core.protocols.crosswalk import Crosswalk, read_crosswalk
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


def shipped_crosswalks() -> tuple[tuple[str, str], ...]:
    """Return the pairs (from, to) of protocol ids between which a crosswalk is shipped."""
    names = (file.name.removesuffix(".yaml") for file in _yaml_files("crosswalks"))
    return tuple((source, target) for source, _, target in (n.partition("--") for n in names))


@cache
def shipped_crosswalk(source_id: str, target_id: str) -> Crosswalk:
    """Return the crosswalk of this distribution between two shipped protocols.

    Raises
    ------
    NotFound
        No crosswalk leads this way; the message lists those that are shipped.
    """
    for file in _yaml_files("crosswalks"):
        if file.name == f"{source_id}--{target_id}.yaml":
            protocols = shipped_protocol(source_id), shipped_protocol(target_id)
            return read_crosswalk(_located(file), *protocols)
    known = ", ".join(f"{source} to {target}" for source, target in shipped_crosswalks())
    message = f"There is no crosswalk from {source_id!r} to {target_id!r}."
    raise NotFound(f"{message} Known crosswalks: {known or 'none'}.")


def _yaml_files(folder: str) -> list[Traversable]:
    root = files("openqmm") / "data" / folder
    found = root.iterdir() if root.is_dir() else ()
    return sorted((f for f in found if f.name.endswith(".yaml")), key=lambda file: file.name)


def _located(file: Traversable) -> Located:
    return read_yaml(file.read_bytes(), file.name)
