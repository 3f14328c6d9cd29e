"""The synthetic public files as they would stand on a day of the story."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.resources import files
from pathlib import Path

WRITTEN_ON = date(2026, 11, 22)
"""The day the files were written for; told later, the story moves their dates along."""

_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR_END = re.compile(r"12/31/\d{4}")

EVENTS = ("inspections", "citations", "compliance", "form483", "enforcement")
LISTS = ("shortages", "import_alerts")


@contextmanager
def establishments(on: date) -> Iterator[Path]:
    """Yield the registration file of a day: registrations run to the end of its year."""
    text = _YEAR_END.sub(f"12/31/{on.year}", _text("synthetic_drls_reg.txt"))
    with _file("drls_reg.txt", text) as path:
        yield path


@contextmanager
def telling(kind: str, today: date) -> Iterator[Path]:
    """Yield the file of another kind, its dates as far back as they were when it was written."""
    later = today - WRITTEN_ON

    def moved(found: re.Match[str]) -> str:
        return str(date.fromisoformat(found.group()) + later)

    name = f"{kind}.csv"
    with _file(name, _ISO.sub(moved, _text(f"synthetic_{name}"))) as path:
        yield path


def _text(name: str) -> str:
    return (files("openqmm") / "data" / "demo" / name).read_text(encoding="utf-8")


@contextmanager
def _file(name: str, text: str) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        yield path
