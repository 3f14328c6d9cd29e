"""What a person must do next, as every app tells it to the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class NextStep:
    """One thing to do: a verb and where to do it; `about` names the record, `due` the last day."""

    label: str
    url: str
    about: str
    due: date | None = None
    late: bool = False
