"""Days as a calendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A whole day in a calendar; `key` tells it apart from every other and stays the same."""

    key: str
    on: date
    what: str
    about: str


def calendar_ics(title: str, days: Iterable[CalendarDay], made_at: datetime) -> bytes:
    """Return days as an iCalendar file that calendars import, each as a whole day."""
    calendar = Calendar()
    calendar.add("prodid", "-//OpenQMM//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for day in days:
        event = Event()
        event.add("uid", f"{day.key}@openqmm")
        event.add("dtstamp", made_at)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", f"{day.what}: {day.about}")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())
