"""kill -9 in the middle of concurrent writes, many times: what was acknowledged is there, and no
change stands without its event, nor an event without its change.

Usage: python bench/records/kills.py [KILLS]. Writers are forked from one loaded process; each
acknowledges a write over a pipe after its transaction has committed.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.records.portal import engine, organisation, portal, remove

WRITERS = 4


def main(kills: int) -> int:
    """Kill, count, and print; return 1 when anything was lost or does not fit."""
    folder = portal()
    from django.db import connection

    from openqmm.core.workflow import SYSTEM
    from openqmm.web import tenancy

    rows = [organisation(f"Bench {number}") for number in range(WRITERS)]
    said = engine()
    acknowledged: dict[int, int] = {}
    began, chance, counter = time.monotonic(), random.Random(20261125), 0
    for _ in range(kills):
        connection.close()
        counter += 1_000_000
        acknowledged |= _one_life(rows, counter, chance.uniform(0.05, 0.3))
    with tenancy.scope(SYSTEM):
        lost = _lost(rows, acknowledged)
        alone, empty = _unmatched()
    print(f"{said}: {kills:,} kills of {WRITERS} concurrent writers")
    print(f"  {len(acknowledged):,} acknowledged writes, {lost:,} lost")
    print(f"  {alone:,} changes without their event, {empty:,} events without their change")
    print(f"  {time.monotonic() - began:.0f} s")
    remove(folder)
    return 1 if lost or alone or empty else 0


def _one_life(rows: list[Any], first: int, seconds: float) -> dict[int, int]:
    """Let the writers write for a while, kill them, and return what they acknowledged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _write_until_killed(rows, first, writing)
    os.close(writing)
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    with os.fdopen(reading, "rb") as pipe:
        lines = pipe.read().split(b"\n")
    os.waitpid(child, 0)
    # The last piece may be cut; a write is acknowledged by its whole line.
    return {int(line.split()[0]): int(line.split()[1]) for line in lines[:-1] if line}


def _write_until_killed(rows: list[Any], first: int, pipe: int) -> None:
    from openqmm.apps.audit.actions import event
    from openqmm.core.workflow import SYSTEM

    def write(place: int) -> None:
        number = first + place
        while True:
            with event(
                by=SYSTEM,
                what="bench.written",
                on=rows[place],
                sentence="wrote",
                why=str(number),
                organisation_id=rows[place].pk,
            ) as opened:
                opened.update(rows[place], name=f"Bench {place} {number}")
            # One write() of less than PIPE_BUF bytes is whole or not at all.
            os.write(pipe, f"{number} {place}\n".encode())
            number += WRITERS

    threads = [threading.Thread(target=write, args=(place,)) for place in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(1)


def _lost(rows: list[Any], acknowledged: dict[int, int]) -> int:
    """Return how many acknowledged writes are not on the trail, or whose row went back."""
    from openqmm.apps.accounts.models import Organisation
    from openqmm.apps.audit.models import AuditEvent

    stored = {
        int(why)
        for why in AuditEvent.objects.filter(what="bench.written").values_list("why", flat=True)
    }
    lost = len(set(acknowledged) - stored)
    for place, row in enumerate(rows):
        newest = max((n for n, where in acknowledged.items() if where == place), default=0)
        name = Organisation.objects.get(pk=row.pk).name
        lost += int(name.split()[-1]) < newest if newest else 0
    return lost


def _unmatched() -> tuple[int, int]:
    from django.db.models import Count, Exists, OuterRef

    from openqmm.apps.audit.models import AuditChange, AuditEvent

    there = AuditEvent.objects.filter(pk=OuterRef("event_id"))
    alone = AuditChange.objects.filter(~Exists(there)).count()
    written = AuditEvent.objects.filter(what="bench.written").annotate(n=Count("changes"))
    return alone, written.exclude(n=1).count()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000))
