"""A world whose chance and clock are told, so that two runs of one story give the same bytes."""

from __future__ import annotations

import hashlib
import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from unittest import mock

from openqmm.web import clock

# Ahead of the real time, by which a cache in the database forgets; the same for every run.
BEGINS = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)


class Told:
    """Chance and time as a story has them.

    Chance comes from a stream per act: what one party draws, or a process draws once, shifts
    nothing for the acts of another. Time moves only when the story says so.
    """

    def __init__(self) -> None:
        self.by = "office"
        self.moment = BEGINS
        self._drawn: dict[str, int] = {}

    def random_bytes(self, size: int) -> bytes:
        """Return the next bytes of the stream of the party that acts now."""
        found = b""
        while len(found) < size:
            at = self._drawn[self.by] = self._drawn.get(self.by, 0) + 1
            found += hashlib.sha256(f"{self.by} {at}".encode()).digest()
        return found[:size]

    def now(self) -> datetime:
        """Return the moment of the story."""
        return self.moment

    def seconds(self) -> float:
        """Return the same as the system's clock counts."""
        return self.moment.timestamp()

    def wait(self, **time: int) -> None:
        """Let time pass."""
        self.moment += timedelta(**time)

    @contextmanager
    def acting(self, act: str) -> Iterator[None]:
        """Let somebody act: what is drawn meanwhile comes from the act's own stream."""
        before, self.by = self.by, act
        try:
            yield
        finally:
            self.by = before


@contextmanager
def told() -> Iterator[Told]:
    """Tell chance and the platform's clock while the block runs."""
    story = Told()
    with (
        mock.patch.object(os, "urandom", story.random_bytes),
        # What `secrets` and SystemRandom draw from.
        mock.patch.object(random, "_urandom", story.random_bytes),
        mock.patch.object(clock, "now", story.now),
        mock.patch.object(time, "time", story.seconds),
    ):
        yield story


@contextmanager
def still() -> Iterator[None]:
    """Let the platform's clock stand while two answers are compared."""
    with mock.patch.object(clock, "now", return_value=clock.now()):
        yield
