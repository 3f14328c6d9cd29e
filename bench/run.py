"""Measures what the speed goals name, each as a whole process, and prints a table.

python bench/run.py                    # every measure, three runs each, median shown
python bench/run.py --facilities 1000  # a smaller round
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

OPENQMM = str(Path(sys.executable).with_name("openqmm"))


@dataclass(frozen=True)
class Measure:
    """One command and, where a goal names one, the command it is compared with."""

    name: str
    goal: str
    command: list[str]


@dataclass(frozen=True)
class Cost:
    """What a process took: wall and CPU seconds, peak resident memory in MB."""

    wall: float
    cpu: float
    peak_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--facilities", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    chosen = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="openqmm-bench-"))
    try:
        measures = prepare(folder, chosen.facilities)
        print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}, {chosen.runs} runs each")
        print(f"{'measure':<44}{'wall s':>9}{'CPU s':>9}{'peak MB':>9}  goal")
        for measure in measures:
            report(measure, [cost_of(measure.command) for _ in range(chosen.runs)])
    finally:
        shutil.rmtree(folder)


def prepare(folder: Path, facilities: int) -> list[Measure]:
    """Write the scores to rate and return what is measured."""
    writer = Path(__file__).with_name("rate_large.py")
    subprocess.run(
        [sys.executable, str(writer), str(folder), "--facilities", str(facilities)], check=True
    )
    scores = next(folder.glob("scores_*.csv"))
    small = Path(__file__).parent.parent / "tests" / "data" / "scores_small.csv"
    rate = [OPENQMM, "rate", "--protocol", "pilot-eleven-areas", "--out", str(folder / "out")]
    bare = [sys.executable, "-c", "pass"]
    return [
        Measure("python -c pass", "", bare),
        Measure("openqmm --help", "< 0.2 s, <= 5x python -c pass", [OPENQMM, "--help"]),
        Measure(f"rate {facilities:,} facilities", "< 20 s, < 2,000 MB", [*rate, str(scores)]),
        Measure("rate 4 facilities with PDFs", "<= 1.2 CPU-s a PDF", [*rate, "--pdf", str(small)]),
        Measure("protocol validate", "", [OPENQMM, "protocol", "validate"]),
    ]


def cost_of(command: list[str]) -> Cost:
    """Run a command to its end and return what it took, by the system's own accounts."""
    began = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    wall = time.perf_counter() - began
    return Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


def report(measure: Measure, costs: list[Cost]) -> None:
    """Print the medians of a measure's runs."""
    wall, cpu, peak = (
        statistics.median(getattr(cost, name) for cost in costs)
        for name in ("wall", "cpu", "peak_mb")
    )
    print(f"{measure.name:<44}{wall:>9.2f}{cpu:>9.2f}{peak:>9.0f}  {measure.goal}", flush=True)


if __name__ == "__main__":
    main()
