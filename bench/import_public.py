"""Measures the import of public records, each file as a whole process, and prints a table.

python bench/import_public.py ../shared/data             # every file there that is of a known kind
python bench/import_public.py ../shared/data --runs 3    # medians of three runs
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

from run import OPENQMM, Measure, cost_of

from openqmm.core.registry.kinds import kind_of


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the public files are")
    parser.add_argument("--runs", type=int, default=1)
    chosen = parser.parse_args()
    print(f"{'file':<40}{'kind':<16}{'MB':>7}{'kind ms':>9}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}")
    for path in sorted(chosen.folder.iterdir()):
        began = time.process_time()
        kind = kind_of(path)
        told_ms = (time.process_time() - began) * 1000
        if kind:
            report(path, kind, told_ms, chosen.runs)


def report(path: Path, kind: str, told_ms: float, runs: int) -> None:
    """Print the medians of importing one file."""
    measure = Measure(path.name, "", [OPENQMM, "registry", "import", kind, str(path)])
    costs = [cost_of(measure.command) for _ in range(runs)]
    wall, cpu, peak = (
        statistics.median(getattr(cost, name) for cost in costs)
        for name in ("wall", "cpu", "peak_mb")
    )
    size = path.stat().st_size / 1e6
    print(
        f"{measure.name:<40}{kind:<16}{size:>7.1f}{told_ms:>9.0f}{wall:>9.2f}{cpu:>9.2f}{peak:>9.0f}"
    )


if __name__ == "__main__":
    main()
