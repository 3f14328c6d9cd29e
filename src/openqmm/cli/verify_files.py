"""Which kind of record lies before us, told by what is in it, and its text within bounds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from openqmm.core.errors import InvalidInput, Problem

TRAIL = "openqmm-trail/1"
PROOF = "openqmm-proof/1"
CONSISTENCY = "openqmm-consistency/1"
BUNDLE = "openqmm-bundle/1"
SIGNATURE = "openqmm-signature/1"
CHECKPOINT = "checkpoint"
SQLITE = "sqlite"
POSTGRESQL = "postgresql"

DATABASE = "openqmm.sqlite3"

_SQLITE_HEADER = b"SQLite format 3\x00"
_FORMAT = re.compile(r'"format"\s*:\s*"(openqmm-[a-z]+/\d+)"')
_LONGEST_LINE = 64 << 20
_LONGEST_FILE = 64 << 20


def kind_of(named: str) -> str:
    """Return the kind of what a path or an address names (InvalidInput if it is none)."""
    if is_address(named):
        return POSTGRESQL
    path = Path(named)
    if path.is_dir():
        if not (path / DATABASE).is_file():
            raise _refused(path, f"the folder holds no {DATABASE}.")
        return SQLITE
    with path.open("rb") as file:
        if file.read(len(_SQLITE_HEADER)) == _SQLITE_HEADER:
            return SQLITE
    return _kind_of_text(path)


def _kind_of_text(path: Path) -> str:
    first = next(lines_of(path), "")
    found = _FORMAT.search(first) or _FORMAT.search(text := text_of(path))
    if found is None and "\n\n— " in text:
        return CHECKPOINT
    if found is not None and found[1] in {TRAIL, PROOF, CONSISTENCY, BUNDLE, SIGNATURE}:
        return found[1]
    expected = (
        "a rating bundle, a signature, an exported trail, a proof, a checkpoint or a database"
    )
    was = f"its format is {found[1]}" if found else "it is of no kind known here"
    raise _refused(path, f"{was}; expected {expected}.")


def is_address(named: str) -> bool:
    """Whether this is the address of a PostgreSQL database."""
    return named.startswith(("postgresql://", "postgres://"))


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a file of any length; a line of a monstrous length is refused."""
    with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        while line := file.readline(_LONGEST_LINE):
            if len(line) == _LONGEST_LINE:
                raise _refused(path, "a line is longer than any record.")
            yield line


def text_of(path: Path) -> str:
    """Return the whole text of a small file; bytes that are not UTF-8 become surrogates."""
    with path.open("rb") as file:
        raw = file.read(_LONGEST_FILE + 1)
    if len(raw) > _LONGEST_FILE:
        raise _refused(path, "it is larger than any file of its kind.")
    return raw.decode("utf-8", "surrogateescape")


def checkpoints_in(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file in a folder of checkpoints."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            yield str(path.relative_to(folder)), text_of(path)


def _refused(path: Path, why: str) -> InvalidInput:
    return InvalidInput(path.name, [Problem(why)])
