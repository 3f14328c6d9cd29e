"""Lists that show one day: in which order they came, what is gone from them, what they cover."""

from __future__ import annotations

from datetime import date, timedelta

from openqmm.core.registry.covers import Cover

SNAPSHOT_KINDS = frozenset({"establishments", "shortages", "import_alerts", "ndc"})
"""Kinds whose source shows what stands on one day: what is absent from a newer list is gone. The
other kinds are files of events, which a later file need not tell again."""

# Sites register all the year round and actions are published every few weeks.
_JOINED_WITHIN = timedelta(days=31)
_FEWEST_TO_JUDGE = 100


def joined(before: Cover | None, now: Cover | None) -> Cover | None:
    """Return the days that records of an earlier file and of another one tell of together.

    Files with more than a month between them do not make one stretch: the later one stands, because
    absence of a record proves nothing in the hole between them.
    """
    if before is None or now is None:
        return now or before
    first, second = sorted((before, now), key=lambda cover: (cover.first_on, cover.last_on))
    if second.first_on - first.last_on > _JOINED_WITHIN:
        return second
    return Cover(first.first_on, max(first.last_on, second.last_on))


def latest_day(before: Cover | None, now: Cover | None) -> Cover | None:
    """Return the day of the latest of two lists."""
    known = [cover for cover in (before, now) if cover]
    return max(known, key=lambda cover: cover.last_on, default=None)


def shrinking_refusal(standing: int, told: int) -> str | None:
    """Return why a list is taken for a part of one, or None.

    Parameters
    ----------
    standing : records of the list before it.
    told : how many of them the new list still has.
    """
    if standing < _FEWEST_TO_JUDGE or 2 * told >= standing:
        return None
    return (
        f"It has {told:,} of the {standing:,} records of the list before it. A part of the list "
        "would mark all others as gone: load the whole list, or say that it has shrunk."
    )


def day_refusal(
    kind: str, told_on: date | None, covers_until: date | None, last_on: date | None, today: date
) -> str | None:
    """Return why the days said of a file cannot be true, or None.

    Parameters
    ----------
    kind : a key of `kinds.KINDS`.
    told_on : the day of which a list is said to be.
    covers_until : the day until which a file of events is said to be complete.
    last_on : the last day that its records tell of.
    """
    if kind in SNAPSHOT_KINDS:
        if covers_until:
            return "A list of one day is complete for that day: say of which day it is."
        if told_on and told_on > today:
            return f"The list was said to be of {told_on}; that day is still to come."
        return None
    if told_on:
        return "A file of events has no day of its own: say until which day it is complete."
    if covers_until is None or (last_on or covers_until) <= covers_until <= today:
        return None
    return (
        f"The file was said to cover the days until {covers_until}; it must be a day from "
        f"{last_on}, its last record, to today."
    )
