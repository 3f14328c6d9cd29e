"""Writes a synthetic exported trail and times its verification on one core.

python bench/verify_trail.py                  # 1,000,000 events, one change each
python bench/verify_trail.py --events 10000
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from openqmm.core.records import (
    NO_ENTRY,
    Act,
    Change,
    Frontier,
    StoredEvent,
    content_digest,
    entry,
    event_content,
    leaf_hash,
    trail_head_line,
    trail_lines,
)
from openqmm.core.verifier import verify_trail

TRAIL = "a1de0000-0000-4000-8000-000000000001"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--keep", type=Path, help="write the trail here and keep it")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="openqmm-bench-") as folder:
        path = chosen.keep or Path(folder) / "trail.jsonl"
        began = time.perf_counter()
        write(path, chosen.events)
        size = path.stat().st_size / 1e6
        print(f"{chosen.events:,} events, {size:,.0f} MB, written in {_since(began):.1f} s")
        began, cpu = time.perf_counter(), time.process_time()
        with path.open(encoding="utf-8", errors="surrogateescape", newline="\n") as lines:
            report = verify_trail(lines)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        spent = time.process_time() - cpu
        took = f"verified in {_since(began):.1f} s ({spent:.1f} s CPU), peak {peak:.0f} MB"
        print(f"{took}, valid: {report.valid}")


def write(path: Path, events: int) -> None:
    """Write a trail of `events` events; its first line is put in front at the end."""
    tree = Frontier()
    body = path.with_suffix(".body")
    with body.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(trail_lines(stored(events, tree)))
    with (
        path.open("w", encoding="utf-8", newline="\n") as file,
        body.open(encoding="utf-8") as rest,
    ):
        root = tree.root().hex()
        file.write(trail_head_line(TRAIL, "Synthetic", size=events, root=root, anchor=None))
        file.writelines(rest)
    body.unlink()


def stored(events: int, tree: Frontier) -> Iterator[StoredEvent]:
    """Yield events and add their leaves to `tree`."""
    chance = random.Random(20_270_301)
    prev = NO_ENTRY
    for seq in range(events):
        salt = chance.randbytes(32)
        record = str(UUID(int=chance.getrandbits(128)))
        row = f'{{"id": "{record}", "level": %d, "rationale": "Seen in the batch record of May."}}'
        changes = [Change("assessments_score", record, row % 2, row % 3)]
        content = event_content(act(seq, record), salt, changes)
        leaf = leaf_hash(entry(TRAIL, seq, prev, content_digest(salt, content)))
        tree.append(leaf)
        yield StoredEvent(seq, prev, leaf.hex(), salt.hex(), content, changes)
        prev = leaf.hex()


def act(seq: int, record: str) -> Act:
    """Return a plausible act."""
    return Act(
        event=str(UUID(int=seq)),
        at=f"2027-03-01T09:30:00.{seq % 1_000_000:06}Z",
        actor_id=TRAIL,
        actor_name="Synthetic Assessor",
        actor_role="assessor",
        actor_organisation=TRAIL,
        what="score.recorded",
        sentence="recorded a score",
        why="The batch records of the last three months were read.",
        subject_type="assessments.Score",
        subject_id=record,
    )


def _since(began: float) -> float:
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
