"""What a backup says of itself, and whether its files are still what it says."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from openqmm.core.errors import InvalidInput, Problem

FORMAT = "openqmm-backup/1"
MANIFEST = "manifest.json"
SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASE = {SQLITE: "database.sqlite3", POSTGRESQL: "database.dump"}


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup's own account: when, of what, how many rows a table, and each file's SHA-256."""

    made_at: str
    software_version: str
    engine: str
    tables: dict[str, int]
    files: dict[str, str]
    installation_size: int

    @property
    def database(self) -> str:
        """The name of the file that holds the database."""
        return DATABASE[self.engine]

    def write(self, folder: Path) -> None:
        """Write it into the backup's folder."""
        document = {"format": FORMAT, **asdict(self)}
        text = json.dumps(document, indent=2, sort_keys=True)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_manifest(folder: Path) -> Manifest:
    """Return what a backup says of itself, every digest checked.

    Raises
    ------
    InvalidInput
        It is no backup; or names each file that is missing, altered, or not in its account.
    """
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if document.pop("format") != FORMAT or document["engine"] not in DATABASE:
            raise ValueError
        manifest = Manifest(**document)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        fault = f"it has no {MANIFEST} of the format {FORMAT}; name the folder of one backup."
        raise InvalidInput(str(folder), [Problem(fault)]) from None
    there = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    problems = [
        Problem(f"is not what the manifest says ({fault}).", source=name)
        for name, digest in manifest.files.items()
        if (fault := _fault(folder / name, digest))
    ]
    problems += [
        Problem("is not in the manifest.", source=name)
        for name in sorted(there - {MANIFEST, *manifest.files})
    ]
    if problems:
        raise InvalidInput(str(folder), problems)
    return manifest


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fault(path: Path, digest: str) -> str:
    if not path.is_file():
        return "it is missing"
    return "" if sha256_of(path) == digest else "its content has changed"
