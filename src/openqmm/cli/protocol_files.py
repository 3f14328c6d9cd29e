"""What a protocol command is pointed at: the id of a shipped protocol, or a file of any format."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from openqmm.core.errors import Problem
    from openqmm.core.protocols import Located, Protocol


Value = TypeVar("Value", str, tuple[str, ...])

_MOST_BYTES = 25 << 20


def existing(ctx: click.Context, param: click.Parameter, value: Value) -> Value:
    """Refuse, as wrong usage, a name that is neither a shipped protocol nor a file."""
    from openqmm.core.protocols import shipped_ids

    for name in (value,) if isinstance(value, str) else value:
        path = Path(name)
        if name not in shipped_ids() and (path.is_dir() or not path.exists()):
            near = get_close_matches(name, shipped_ids(), n=1)
            hint = f"did you mean {near[0]}?" if near else f"shipped: {', '.join(shipped_ids())}."
            message = f"{name!r} is neither a shipped protocol nor a file; {hint}"
            raise click.BadParameter(message, ctx, param)
    return value


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of one file found: what it is, in a sentence, or its faults."""

    source: str
    kind: str
    finding: str = ""
    digest: str | None = None
    problems: tuple[Problem, ...] = ()


def load_named(name: str) -> Protocol:
    """Return the protocol of this id or in this file, in whatever format (InvalidProtocol)."""
    from openqmm.core.protocols import shipped_ids, shipped_protocol

    return shipped_protocol(name) if name in shipped_ids() else load_file(Path(name))[1]


def load_file(path: Path) -> tuple[str, Protocol]:
    """Return the format and protocol of a file; questions it does not hold come from the bank."""
    from openqmm.core.protocols import read_protocol, shipped_bank
    from openqmm.core.protocols.exchange import read_exchanged

    kind, file = read_exchanged(_content(path), path.name)
    return kind, read_protocol(file, shipped_bank())


def _content(path: Path) -> bytes:
    """Return a file's bytes, of a monstrous one only enough for the reader to refuse it."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise click.FileError(str(path), error.strerror) from None


def check_named(name: str) -> Checked:
    """Check a shipped protocol or a file: a protocol, a file of the bank, or a crosswalk."""
    from openqmm.core.errors import InvalidInput, NotFound, Problem

    try:
        return _check(name)
    except InvalidInput as refusal:
        return Checked(name, "unknown", problems=refusal.problems)
    except NotFound as refusal:
        return Checked(name, "unknown", problems=(Problem(str(refusal), source=name),))


def _check(name: str) -> Checked:
    from openqmm.core.protocols import read_protocol, shipped_bank, shipped_ids, shipped_protocol
    from openqmm.core.protocols.exchange import read_exchanged

    if name in shipped_ids():
        return _protocol(name, "shipped", shipped_protocol(name))
    kind, file = read_exchanged(_content(Path(name)), Path(name).name)
    data = file.data if isinstance(file.data, dict) else {}
    if str(data.get("format")).startswith("openqmm-crosswalk"):
        return _crosswalk(name, file)
    if "area" in data and "areas" not in data:
        return _bank(name, file)
    return _protocol(name, kind, read_protocol(file, shipped_bank()))


def _protocol(name: str, kind: str, found: Protocol) -> Checked:
    said = f"protocol {found.id} {found.version}, {size_of(found)}"
    return Checked(name, kind, said, found.digest)


def size_of(found: Protocol) -> str:
    """Return how much a protocol asks: "11 areas, 88 questions"."""
    areas, questions = len(found.areas), sum(1 for _ in found.questions())
    return f"{areas} area{'s' * (areas > 1)}, {questions} question{'s' * (questions > 1)}"


def _bank(name: str, file: Located) -> Checked:
    from openqmm.core.protocols import read_bank

    bank = read_bank([file])
    return Checked(name, "bank", f"bank file with {len(bank.questions)} questions")


def _crosswalk(name: str, file: Located) -> Checked:
    from openqmm.core.protocols import shipped_protocol
    from openqmm.core.protocols.crosswalk import read_crosswalk
    from openqmm.core.protocols.located import value_at

    ends: list[Any] = [value_at(file.data, (end, "protocol")) for end in ("from", "to")]
    source, target = (shipped_protocol(str(end)) for end in ends)
    found = read_crosswalk(file, source, target)
    said = f"crosswalk from {source.id} to {target.id}, {len(found.shared)} questions shared"
    return Checked(name, "crosswalk", said)
