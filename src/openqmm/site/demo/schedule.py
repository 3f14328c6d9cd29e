"""Plays many stories side by side in the order of their days, as they would have happened."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from openqmm.web import clock

Story = Iterator[date]
"""A story yields the day of its next scene, then plays that scene when it is called again."""


class Schedule:
    """The stories still being told, the earliest scene first."""

    def __init__(self) -> None:
        self._waiting: list[tuple[date, int, Story]] = []
        self._count = 0

    def add(self, story: Story) -> None:
        """Take up a story; its scenes play among those of the others."""
        day = next(story, None)
        if day is not None:
            self._count += 1
            heapq.heappush(self._waiting, (day, self._count, story))

    def play(self) -> None:
        """Play every scene on its day, by the server's clock; none plays later than now."""
        moment = datetime.min.replace(tzinfo=UTC)
        while self._waiting:
            day, _, story = heapq.heappop(self._waiting)
            # A minute a scene keeps the trail's times in the order of its entries.
            morning = datetime.combine(day, time(8), UTC)
            moment = max(morning, moment + timedelta(minutes=1))
            with clock.told(min(moment, datetime.now(UTC))):
                self.add(story)
