"""The keys of an installation, kept apart from its backups."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def copy_keys(data: Path, target: Path) -> int:
    """Copy the secret key and the signing keys to a folder for their owner alone; return how
    many files that was."""
    target.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = [data / "secret-key", *sorted((data / "keys").glob("*"))]
    copied = 0
    for path in found:
        if path.is_file():
            copy = target / path.name
            shutil.copyfile(path, copy)
            os.chmod(copy, 0o600)  # noqa: PTH101
            copied += 1
    return copied
