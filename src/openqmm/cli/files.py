"""Writing files whole or not at all, under names that every system takes."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write `pieces` to `path`; a reader sees the old file or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(pieces)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def safe_name(text: str) -> str:
    """Return `text` as a file name: letters, digits, dot, dash and underscore of any script."""
    return re.sub(r"[^\w.-]+", "_", text).strip("._")[:80] or "facility"


def unique_names(names: Iterable[str]) -> list[str]:
    """Return the names with a number added where one would stand twice, whatever its case."""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        count = seen[name.lower()] = seen.get(name.lower(), 0) + 1
        result.append(name if count == 1 else f"{name}-{count}")
    return result
