"""What was loaded, and which days it speaks for."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef

from openqmm.apps.facilities.models import RecordSource
from openqmm.core.registry.coverage import Coverage, Gap
from openqmm.core.registry.covers import Cover


def latest_source(kind: str) -> RecordSource | None:
    """Return what was loaded last of a kind; its dates are those of all that is stored."""
    return RecordSource.objects.filter(kind=kind).order_by("loaded_at").last()


def latest_sources() -> dict[str, RecordSource]:
    """Return what was loaded last of every kind that is loaded."""
    later = RecordSource.objects.filter(kind=OuterRef("kind"), loaded_at__gt=OuterRef("loaded_at"))
    return {source.kind: source for source in RecordSource.objects.filter(~Exists(later))}


def latest_list(kind: str) -> RecordSource | None:
    """Return the newest list of a kind that shows one day, whenever it was loaded."""
    lists = RecordSource.objects.filter(kind=kind, told_on__isnull=False)
    return lists.order_by("told_on", "loaded_at").last()


def next_list_day(kind: str, after: date | None) -> date | None:
    """Return the day of the first list loaded that is newer than a day; of the newest for none."""
    lists = RecordSource.objects.filter(kind=kind, told_on__isnull=False).order_by("told_on")
    found = lists.filter(told_on__gt=after).first() if after else lists.last()
    return found.told_on if found else None


def cover_of(source: RecordSource | None) -> Cover | None:
    """Return the days a source, and all loaded before it, speak for."""
    if source is None or source.covers_from is None or source.covers_until is None:
        return None
    return Cover(source.covers_from, source.covers_until)


def coverage_of(source: RecordSource | None) -> Coverage | None:
    """Return the days inspections are loaded for, with their gaps."""
    cover = cover_of(source)
    if source is None or cover is None:
        return None
    gaps = tuple(
        Gap(name, date.fromisoformat(before), date.fromisoformat(after))
        for name, before, after in source.gaps
    )
    return Coverage(cover.first_on, cover.last_on, gaps)
