"""The child of `openqmm.vault.child`: bounds first, then one file, then one line of JSON."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from dataclasses import asdict
from typing import Any

from openqmm.core.records.files import look_over
from openqmm.core.records.looks import FileFault

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_MOST_ANSWERED = 64 << 10


def main() -> int:
    """Look the file on the standard input over, and answer."""
    asked = json.loads(os.environ["OPENQMM_EXAMINE"])
    _bind(asked["seconds"], asked["memory"])
    print(json.dumps(_answer(asked["name"])), flush=True)  # noqa: T201  (the answer)
    return 0


def _answer(name: str) -> dict[str, Any]:
    with os.fdopen(os.dup(sys.stdin.fileno()), "rb") as file:
        try:
            return asdict(look_over(file, name))
        except FileFault as fault:
            return {"fault": str(fault)}
        except (MemoryError, RecursionError):
            return {"fault": "The file costs more memory to look over than evidence does."}


def _bind(seconds: int, memory: int) -> None:
    """Give up what looking at a file does not need: time, memory, writing, network, children."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _MOST_ANSWERED),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
    ):
        resource.setrlimit(what, (most, most))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        # A network of its own has no way out. Where the kernel forbids it to this user, the
        # other bounds still hold.
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


if __name__ == "__main__":
    raise SystemExit(main())
