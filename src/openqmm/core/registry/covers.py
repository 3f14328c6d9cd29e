"""First and last day that the records of a kind tell of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Cover:
    """The days from which and until which records tell; both days included.

    Of a list that shows one day only, both are that day.
    """

    first_on: date
    last_on: date


def span(days: Iterable[date | None]) -> Cover | None:
    """Return the cover of records by their days; None when none of them has a day."""
    known = [day for day in days if day]
    return Cover(min(known), max(known)) if known else None


def snapshot(days: Iterable[date | None], told_on: date | None) -> Cover | None:
    """Return the cover of a list that shows one day: the day it was made.

    Parameters
    ----------
    days : days in its records of which none can lie after the list was made.
    told_on : the day that the file, or who gave it, says; it stands unless a record is younger.
    """
    known = [day for day in (told_on, *days) if day]
    return Cover(max(known), max(known)) if known else None
