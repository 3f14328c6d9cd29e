"""Eight writers at once on one trail: no fork, no gap, no signature given twice.

Usage: python bench/records/writers.py [WRITES EACH].
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.records.portal import engine, organisation, portal, remove

WRITERS = 8


def main(each: int) -> int:
    """Write, count and print; return 1 when the trail is not one whole chain."""
    folder = portal()
    from django.db import connection

    from openqmm.core.workflow import SYSTEM
    from openqmm.web import tenancy

    row = organisation()
    said = engine()
    connection.close()
    began = time.monotonic()
    pipes = [_writer(row, each, number) for number in range(WRITERS)]
    waits: list[float] = []
    for pipe, child in pipes:
        with os.fdopen(pipe) as answers:
            waits += [float(line) for line in answers]
        os.waitpid(child, 0)
    seconds = time.monotonic() - began
    with tenancy.scope(SYSTEM):
        faults = _faults(row, each)
    waits.sort()
    print(f"{said}: {WRITERS} writers, {each} signed writes each, one trail")
    print(f"  {len(waits):,} acknowledged in {seconds:.1f} s, {len(waits) / seconds:.0f} a second")
    print(
        f"  wait {statistics.median(waits):.0f} ms median, "
        f"{waits[int(len(waits) * 0.99)]:.0f} ms at the 99th percentile"
    )
    print(f"  {faults}")
    remove(folder)
    return 0 if not any(faults.values()) else 1


def _writer(row: Any, each: int, number: int) -> tuple[int, int]:
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        return reading, child
    from openqmm.apps.audit.actions import event
    from openqmm.core.workflow import SYSTEM

    os.close(reading)
    for turn in range(each):
        began = time.perf_counter()
        with event(
            by=SYSTEM,
            what="bench.signed",
            on=row,
            sentence="signed",
            why=f"{number} {turn}",
            organisation_id=row.pk,
        ) as opened:
            opened.create(_signature(row, f"{number} {turn}"))
        os.write(writing, f"{(time.perf_counter() - began) * 1000:.3f}\n".encode())
    os._exit(0)


def _signature(row: Any, meaning: str) -> Any:
    from uuid import uuid4

    from openqmm.apps.audit.models import Signature
    from openqmm.web import clock

    needed = {
        "signer_id": uuid4(),
        "signer_name": "Bench",
        "signer_role": "authorised_signatory",
        "organisation_name": "Bench",
        "meaning": meaning,
        "signed_at": clock.now(),
        "record_type": row._meta.label,
        "record_id": str(row.pk),
        "digest": "0" * 64,
        "challenge": uuid4().hex,
    }
    return Signature(**needed)


def _faults(row: Any, each: int) -> dict[str, int]:
    from openqmm.apps.audit.models import AuditEvent, Signature, TrailHead

    events = list(AuditEvent.objects.filter(trail_id=row.pk).order_by("seq"))
    size = TrailHead.objects.get(trail_id=row.pk).size
    meanings = list(Signature.objects.values_list("meaning", flat=True))
    return {
        "gaps": size - len(events) + sum(e.seq != n for n, e in enumerate(events)),
        "forks": len(events) - len({event.prev for event in events}),
        "broken links": sum(b.prev != a.leaf for a, b in pairwise(events)),
        "lost": WRITERS * each - sum(e.what == "bench.signed" for e in events),
        "double signatures": len(meanings) - len(set(meanings)),
    }


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100))
