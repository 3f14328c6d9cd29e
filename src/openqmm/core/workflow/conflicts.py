"""When somebody's other work bars them: while it lasts, and for a time after it ended."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

BAR_MONTHS = 36
"""How long working for a manufacturer, or advising it, bars from its records afterwards."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `from_on` to `until_on`, both included; without an end while it lasts."""

    from_on: date
    until_on: date | None = None

    def holds(self, on: date) -> bool:
        """Tell whether the day lies in the period."""
        return self.from_on <= on and (self.until_on is None or on <= self.until_on)

    def overlaps(self, other: Period) -> bool:
        """Tell whether the two periods share a day."""
        begins_in_time = other.until_on is None or self.from_on <= other.until_on
        ends_late_enough = self.until_on is None or other.from_on <= self.until_on
        return begins_in_time and ends_late_enough


def is_barred(periods: Iterable[Period], on: date, months: int = BAR_MONTHS) -> bool:
    """Tell whether work in any of the periods bars somebody on a day.

    Parameters
    ----------
    periods : when they worked there; one that lies wholly in the future does not count yet.
    on : the day that is asked about.
    months : how many calendar months the bar outlasts the work, its last day included.

    Returns
    -------
    bool
        True from the first day of a period to the day `months` after its last.
    """
    return any(
        period.from_on <= on
        and (period.until_on is None or on <= months_after(period.until_on, months))
        for period in periods
    )


def earliest_last_day(on: date, months: int = BAR_MONTHS) -> date:
    """Return the earliest last day of work that still bars on a day, for a search in a database."""
    day = months_after(on, -months)
    # Where the earlier month is shorter, its last days all lead to a day before `on`.
    while months_after(day, months) < on:
        day += timedelta(days=1)
    return day


def months_after(day: date, months: int) -> date:
    """Return the same day of a later (or earlier) month; its last day where it is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
