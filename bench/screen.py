"""Measures `openqmm screen` over every registered maker, with both pilots, as whole processes.

python bench/screen.py ../shared/data
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import tempfile
from pathlib import Path

from run import OPENQMM, cost_of

from openqmm.core.registry.establishments import read_establishments
from openqmm.core.registry.kinds import kind_of
from openqmm.core.registry.lookup import Registry

AS_OF = "2026-06-01"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="where the public files are")
    folder = parser.parse_args().folder
    with tempfile.TemporaryDirectory() as scratch:
        applications = Path(scratch) / "applications.csv"
        print(f"{write_applications(folder, applications):,} applications, as of {AS_OF}")
        for program in ("pilot-api", "pilot-fdf"):
            report(program, applications, folder)


def write_applications(folder: Path, target: Path) -> int:
    """Write every registered maker as an application; return how many."""
    files = [path for path in sorted(folder.iterdir()) if kind_of(path) == "establishments"]
    registry = Registry((r for path in files for r in read_establishments(path).records), ())
    found = [registry.facility_record(fei) for fei in sorted(registry.registered_feis)]
    makers = [record for record in found if record and record.activities]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["application_id", "facility_name", "fei", "country", "activities"])
        for n, record in enumerate(makers, start=1):
            made = ";".join(sorted(record.activities))
            writer.writerow([n, record.name, record.fei, record.country or "", made])
    return len(makers)


def report(program: str, applications: Path, folder: Path) -> None:
    """Print cost and counts of screening for one program."""
    command = [OPENQMM, "screen", str(applications), "--program", program]
    command += ["--records", str(folder), "--as-of", AS_OF, "--json"]
    cost = cost_of(command)
    print(f"{program}: {cost.wall:.1f} s wall, {cost.cpu:.1f} s CPU, {cost.peak_mb:.0f} MB")
    counts = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["counts"]
    for criterion, verdicts in counts.items():
        print(f"  {criterion}: {', '.join(f'{n:,} {name}' for name, n in verdicts.items())}")


if __name__ == "__main__":
    main()
