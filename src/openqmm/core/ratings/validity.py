"""How long a rating holds."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def valid_until(issued_on: date, months: int) -> date:
    """Return the last day of a rating issued on a day and valid for a number of months.

    The same day of the month that many months later; the month's last day where it has no such
    day (31 August plus 6 months is 28 or 29 February).
    """
    years, month = divmod(issued_on.month - 1 + months, 12)
    year, month = issued_on.year + years, month + 1
    return date(year, month, min(issued_on.day, monthrange(year, month)[1]))
