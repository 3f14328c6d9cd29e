"""What the trail costs: the same write with it and without, in alternation.

Usage: python bench/records/cost.py [ROUNDS]. "Without" is one UPDATE of the same row through the
ORM in its own transaction, on a table without guards.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.records.portal import engine, organisation, portal, remove, rename

BATCH = 50


def _timed(write: Callable[[int], None]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for number in range(BATCH):
        write(number)
    return (
        (time.perf_counter() - wall) * 1000 / BATCH,
        (time.process_time() - cpu) * 1000 / BATCH,
    )


def main(rounds: int) -> None:
    """Print both costs and their ratio."""
    folder = portal()
    from django.db import connection, transaction

    row = organisation()
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bare (id integer PRIMARY KEY, country varchar(3) NOT NULL)")
        cursor.execute("INSERT INTO bare VALUES (1, 'USA')")
        if connection.vendor == "postgresql":
            cursor.execute(
                "GRANT SELECT, UPDATE ON bare TO " + connection.settings_dict["RUN_ROLE"]
            )

    def without(number: int) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE bare SET country = %s WHERE id = 1", [f"{number % 1000:03}"])

    def with_trail(number: int) -> None:
        rename(row, f"{number % 1000:03}")

    measured: dict[str, list[tuple[float, float]]] = {"without": [], "with": []}
    for _ in range(rounds):
        measured["without"].append(_timed(without))
        measured["with"].append(_timed(with_trail))
    wall = {name: statistics.median(w for w, _ in pairs) for name, pairs in measured.items()}
    cpu = {name: statistics.median(c for _, c in pairs) for name, pairs in measured.items()}
    ratios = [w[0] / o[0] for w, o in zip(measured["with"], measured["without"], strict=True)]
    print(f"{engine()}: {rounds} rounds of {BATCH} writes each, in alternation")
    print(f"  without the trail  {wall['without']:.2f} ms wall, {cpu['without']:.2f} ms CPU")
    print(f"  with the trail     {wall['with']:.2f} ms wall, {cpu['with']:.2f} ms CPU")
    print(
        f"  ratio of wall time {statistics.median(ratios):.2f} (median of pairs, "
        f"{min(ratios):.2f} to {max(ratios):.2f})"
    )
    remove(folder)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
