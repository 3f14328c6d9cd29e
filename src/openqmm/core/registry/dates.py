"""Dates as the public files write them; what leaves a doubt is not read."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

_EARLIEST_YEAR = 1900
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?$")
_AMERICAN_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?: .*)?$")
_COMPACT_DATE = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})$")
_SHORT_DATE = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{2})$")


@lru_cache(maxsize=20_000)
def read_date(text: str) -> date | None:
    """Return a date written YYYY-MM-DD (a time may follow) or MM/DD/YYYY; None for anything else.

    The public files are American: 03/04/2025 is the fourth of March. Years of two digits are not
    read, nor years before 1900.
    """
    iso, american = _ISO_DATE.match(text), _AMERICAN_DATE.match(text)
    if iso:
        year, month, day = map(int, iso.groups())
    elif american:
        month, day, year = map(int, american.groups())
    else:
        return None
    return _day(year, month, day)


def read_compact_date(text: str) -> date | None:
    """Return a date written YYYYMMDD, as openFDA and the NDC directory do, or as `read_date`."""
    compact = _COMPACT_DATE.match(text)
    return _day(*map(int, compact.groups())) if compact else read_date(text)


def read_shortage_date(text: str) -> date | None:
    """Return a date written M/D/YY, as some shortage downloads do, or as `read_date` reads it.

    The two digits are of this century: the list of shortages began in 2012.
    """
    short = _SHORT_DATE.match(text)
    if short is None:
        return read_date(text)
    month, day, year = map(int, short.groups())
    return _day(2000 + year, month, day)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year >= _EARLIEST_YEAR else None
    except ValueError:
        return None
