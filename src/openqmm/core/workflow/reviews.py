"""Reviewing the trail: which period is due, by when, and which events chance takes out of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

DAYS_TO_REVIEW = 31
"""Days after a quarter's end within which its trail is reviewed."""


@dataclass(frozen=True, slots=True)
class Period:
    """Days of the calendar, both inside."""

    from_on: date
    until_on: date

    @property
    def due_on(self) -> date:
        """The last day on which its review is in time."""
        return self.until_on + timedelta(days=DAYS_TO_REVIEW)


def quarter_before(day: date) -> Period:
    """Return the last quarter of the calendar that is over on `day`."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    until = first - timedelta(days=1)
    return Period(date(until.year, until.month - 2, 1), until)


def drawn(seed: str, ids: Iterable[str], size: int) -> list[str]:
    """Return `size` of the ids as the seed draws them, or all where there are fewer.

    The same seed draws the same, whatever the order of the ids: anybody can repeat the draw.
    """
    ranked = sorted(set(ids), key=lambda id_: (sha256(f"{seed}/{id_}".encode()).digest(), id_))
    return ranked[:size]


def period_refusal(from_on: date, until_on: date, today: date) -> str | None:
    """Return why a period cannot be reviewed, or None."""
    if until_on < from_on:
        return "The period ends before it begins."
    if until_on >= today:
        return "The period is not over yet; its last day must have passed."
    return None
