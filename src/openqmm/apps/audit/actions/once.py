"""A form takes effect once, however often it is sent.

Whoever sends a form first holds its key; the same form sent again waits for the first and is then
answered as that was. The key is held by a row of its own, written before anything is looked at,
because the proof of who somebody is (and the count of wrong ones) stands outside every
transaction. The event of what the form does binds the key within its own transaction, so that what
was rolled back is not taken for done.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError

from openqmm.apps.audit.models import DoneOnce
from openqmm.core.errors import NotPermitted, OpenQMMError, TransitionRefused
from openqmm.core.workflow import SYSTEM
from openqmm.web import clock, tenancy

KEPT_DAYS = 7
"""How long an answer is kept to be given again."""

WAIT_SECONDS = 20.0
_LOOK_SECONDS = 0.05
_LEASE = timedelta(seconds=60)
"""A first sending that has neither ended nor done anything by then was cut off."""
_ANSWERED = timedelta(seconds=10)
"""One that did something is answered by then, or never."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form as it was sent: its one-time key, a digest of what it says, by whom and where to."""

    key: str
    content: str
    person_id: UUID
    route: str


@dataclass(slots=True)
class Sending:
    """A form that is being worked on, or was before: then `before` is the answer it was given."""

    id: UUID | None
    before: DoneOnce | None = None
    location: str = ""
    messages: list[Any] = field(default_factory=list)

    def took_effect(self, location: str, messages: list[Any]) -> None:
        """Keep where the answer leads and what it says, for the same form sent again."""
        self.location, self.messages = location, messages


_sending: ContextVar[Sending | None] = ContextVar("sending", default=None)


@contextmanager
def once(sent: Sent) -> Iterator[Sending]:
    """Hold the form's key while it is worked on; free it unless the form took effect.

    Yields at once for the first; for the same form again only when the first has been answered,
    with that answer in `before`. Refused (NotPermitted) for a key that was used by somebody else or
    elsewhere, (TransitionRefused) when the first takes too long. Writes no event.
    """
    sending = _held(sent)
    token = _sending.set(None if sending.before else sending)
    try:
        yield sending
    except OpenQMMError:
        _end(sending)
        raise
    except BaseException:
        # What was done before it broke stays done, and the form must not do it again.
        # In a transaction that is lost, the key is free by itself.
        with suppress(DatabaseError):
            DoneOnce.objects.filter(pk=sending.id, event_id=None).delete()
        raise
    else:
        _end(sending)
    finally:
        _sending.reset(token)


def bind(event_id: UUID) -> None:
    """Say within an event's transaction that the form being worked on led to it."""
    sending = _sending.get()
    if sending is not None:
        rows = DoneOnce.objects.filter(pk=sending.id).update(event_id=event_id)
        if rows != 1:
            raise TransitionRefused(
                "This took so long that the same form was sent again meanwhile. Look at the page "
                "anew to see what was done."
            )


@tenancy.scope(SYSTEM)
def sweep() -> int:
    """Forget the answers that are older than a week, and return how many. Writes no event: no
    record is touched."""
    old = clock.now() - timedelta(days=KEPT_DAYS)
    return DoneOnce.objects.filter(at__lt=old).delete()[0]


def _held(sent: Sent) -> Sending:
    """Return the sending that may go on, or the answer that it was given before."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        row = _claimed(sent)
        if isinstance(row, Sending):
            return row
        if row is not None and _is_answered(row):
            return Sending(None, before=row)
        if row is not None and not row.event_id and row.at < clock.now() - _LEASE:
            DoneOnce.objects.filter(pk=row.pk, event_id=None, location="").delete()
        elif row is not None:
            time.sleep(_LOOK_SECONDS)
    raise TransitionRefused(
        "This form was sent a moment ago and is still being worked on. Look at the page again "
        "before you send anything."
    )


def _is_answered(row: DoneOnce) -> bool:
    """Return whether a form was answered, or cut off after it was done: then where it led was not
    kept."""
    return bool(row.location) or (row.event_id is not None and row.at < clock.now() - _ANSWERED)


def _claimed(sent: Sent) -> Sending | DoneOnce | None:
    """Return the key as ours, the row of who has it, or None when that was freed just now."""
    used = DoneOnce.objects.filter(key=sent.key)
    if used.exclude(person_id=sent.person_id, route=sent.route).exists():
        raise NotPermitted(
            "This form was made for somebody else, or for another page. Open the page anew."
        )
    row = DoneOnce(
        key=sent.key,
        content=sent.content,
        person_id=sent.person_id,
        route=sent.route,
        at=clock.now(),
    )
    # Of several at once the database lets one in; the others find it here.
    DoneOnce.objects.bulk_create([row], ignore_conflicts=True)
    stored = used.filter(content=sent.content).first()
    return Sending(row.pk) if stored is not None and stored.pk == row.pk else stored


def _end(sending: Sending) -> None:
    if sending.before is not None:
        return
    row = DoneOnce.objects.filter(pk=sending.id)
    if sending.location:
        row.update(location=sending.location, messages=sending.messages)
    else:
        row.delete()
