"""How many small faults in the policies, the signing and the trail do the tests notice?

Usage: python bench/records/mutants.py [--seed N] [--sample N] [--out FILE]
       [--again FILE] [GROUP ...]

Of all faults that bench/records/changes.py can put into a group's modules, the seed draws a sample.
Each is put into a fork of one process that has the tests loaded, and only the tests that ran the
changed statement on unchanged code are run, the fast ones first. A fault in what runs at import is
put into a fresh process. `--again` runs the survivors of an earlier run alone. On PostgreSQL:
python scripts/with_postgresql.py python bench/records/mutants.py isolation.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.records import loaded
from bench.records.changes import Change, changes

ROOT = Path(__file__).resolve().parents[2]
CORE = "src/openqmm/core"
APPS = "src/openqmm/apps"
SIGN_IN = [
    f"tests/site/test_sign_in{part}.py" for part in ("", "_attempts", "_passwords", "_sessions")
]
# The modules that are changed, and the tests that are to notice.
GROUPS: dict[str, tuple[list[str], list[str]]] = {
    "workflow": (
        [
            f"{CORE}/workflow/{name}.py"
            for name in ("tables", "states", "conflicts", "reasons", "reviews", "scopes", "actors")
        ],
        ["tests/core/workflow", "tests/spec"],
    ),
    "records": (
        [
            f"{CORE}/records/{name}.py"
            for name in ("tree", "entries", "anchors", "notes", "exports", "canonical")
        ],
        ["tests/core/records"],
    ),
    "verifier": (
        [f"{CORE}/verifier/*.py"],
        ["tests/core/verifier", "tests/core/records"],
    ),
    "steps": ([f"{CORE}/programs/steps.py"], ["tests/core/programs"]),
    "audit": (
        [
            f"{APPS}/audit/policies.py",
            *(
                f"{APPS}/audit/actions/{name}.py"
                for name in ("events", "anchoring", "proving", "once", "versions", "reviewing")
            ),
        ],
        ["tests/apps/audit", "tests/site/test_once.py", "tests/site/test_noting.py", SIGN_IN[3]],
    ),
    "signatures": (
        [f"{APPS}/signatures/policies.py", f"{APPS}/signatures/actions/*.py"],
        ["tests/apps/signatures", "tests/reports/test_pdf_seal.py"],
    ),
    "accounts": ([f"{APPS}/accounts/policies/*.py"], ["tests/apps/accounts", *SIGN_IN]),
    "assessments": ([f"{APPS}/assessments/policies.py"], ["tests/apps/assessments"]),
    "policies": (
        [
            f"{APPS}/{name}/policies.py"
            for name in ("disclosure", "evidence", "facilities", "programs", "ratings")
        ],
        [
            f"tests/apps/{name}/test_policies.py"
            for name in ("disclosure", "evidence", "facilities", "programs", "ratings")
        ],
    ),
    "access": (
        ["src/openqmm/web/access.py"],
        [
            "tests/site/test_declared.py",
            "tests/site/test_once.py",
            "tests/web",
            "tests/apps/accounts/test_access.py",
            "tests/apps/disclosure",
            SIGN_IN[0],
        ],
    ),
    "isolation": (
        ["src/openqmm/web/tenancy.py"],
        [f"tests/site/test_isolation{part}.py" for part in ("", "_guards", "_writes")],
    ),
}


def main() -> int:
    """Change, test, count and print."""
    asked = _asked()
    os.chdir(ROOT)
    # No test draws by chance, and every fork finds the same database.
    folder = Path(tempfile.mkdtemp(prefix="openqmm-mutants-"))
    os.environ |= {"CI": "1", "OPENQMM_DATA": str(folder)}
    before = json.loads(Path(asked.again).read_text("utf-8")) if asked.again else None
    every: list[dict[str, Any]] = []
    loaded.preload()
    for name in asked.groups or GROUPS:
        drawn, population = _drawn(name, asked, before)
        if not drawn:
            continue
        began = time.monotonic()
        told = _group(name, drawn, folder)
        every += told
        _say(name, told, population, time.monotonic() - began)
        if asked.out:
            Path(asked.out).write_text(json.dumps(every, indent=1) + "\n", "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    return 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--sample", type=int, default=100, help="at most so many of a group")
    parser.add_argument("--out", help="a file to write what became of each into")
    parser.add_argument("--again", help="run only the survivors told in this file")
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    return parser.parse_args()


def _drawn(
    name: str, asked: argparse.Namespace, before: list[dict[str, Any]] | None
) -> tuple[list[tuple[str, Change]], int]:
    """Return the faults of a group to try, each with its file, and how many there are."""
    files = sorted({path for glob in GROUPS[name][0] for path in ROOT.glob(glob)})
    every = [
        (str(file.relative_to(ROOT)), change)
        for file in files
        for change in changes(file.read_text("utf-8"))
    ]
    if before is None:
        chance = random.Random(f"{asked.seed} {name}")
        chosen = sorted(chance.sample(range(len(every)), min(asked.sample, len(every))))
        return [every[number] for number in chosen], len(every)
    left = {(t["file"], t["site"], t["what"]) for t in before if t["end"] == "survived"}
    return [(f, c) for f, c in every if (f, c.site, c.what) in left], len(every)


def _group(name: str, drawn: list[tuple[str, Change]], folder: Path) -> list[dict[str, Any]]:
    """Return what became of each fault."""
    files = sorted({file for file, _ in drawn})
    result = folder / f"{name}.json"
    tests = GROUPS[name][1]
    code = loaded.apart(lambda: loaded.session(tests, files, drawn, result), 3600 * 4)
    if not result.exists():
        sys.exit(f"{name}: the tests could not be run on unchanged code (exit code {code}).")
    told: list[dict[str, Any]] = json.loads(result.read_text("utf-8"))
    for one, (file, change) in zip(told, drawn, strict=True):
        if one["end"] == "fresh":
            given = (file, change, one["tests"], one.pop("failing"))
            one["end"] = loaded.end(lambda g=given: loaded.fresh(*g))
    return told


def _say(name: str, told: list[dict[str, Any]], population: int, seconds: float) -> None:
    ends = Counter(one["end"] for one in told)
    killed = ends["killed"] + ends["timeout"]
    print(
        f"{name}: {population:,} faults, {len(told):,} tried, {killed:,} noticed"
        f" ({killed / len(told):.1%}; {ends['timeout']} by running on),"
        f" {ends['survived']:,} not noticed; {seconds:.0f} s"
    )
    for one in told:
        one["tests"] = len(one["tests"])
        if one["end"] == "survived":
            print(f"  {one['file']}:{one['line']} {one['what']} [{one['tests']} tests]")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
