"""The time by the server's clock, which is the only time a record is given."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """Return the present moment in UTC."""
    return _told.get() or datetime.now(UTC)


def today() -> date:
    """Return the present date in UTC."""
    return now().date()


@contextmanager
def told(moment: datetime) -> Iterator[None]:
    """Let a demonstration tell a story that began months ago; refused anywhere else."""
    if not settings.DEMO:
        raise ImproperlyConfigured("The clock is told only in a demonstration.")
    token = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(token)
