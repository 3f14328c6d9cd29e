"""Looking a file over in a process of its own, with bounds it cannot lift, killed when it is late.

Parsers of Office documents, PDFs and pictures meet bytes written to hurt them. Whatever happens in
the child, the server goes on: the answer comes back as a line of JSON, and no answer is a refusal.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from typing import Any, BinaryIO

from openqmm.core.records import FileFacts, FileFault

WALL_SECONDS = 20.0
MEMORY_BYTES = 256 << 20
_MOST_ANSWERED = 64 << 10

_COSTLY = (
    "The file costs more time or memory to look over than evidence does. Save it again, smaller or "
    "in parts."
)


def examine(
    file: BinaryIO,
    name: str,
    *,
    wall_seconds: float = WALL_SECONDS,
    memory_bytes: int = MEMORY_BYTES,
) -> FileFacts:
    """Return what a file says of itself, found out in a child process.

    Parameters
    ----------
    file : an open file of this machine (the child reads the same one).
    name : as it will be kept.

    Raises
    ------
    FileFault
        The file is refused, or the child did not come back with an answer.
    """
    answer = _ask(file, name, wall_seconds, memory_bytes)
    fault = answer.get("fault")
    if fault:
        raise FileFault(str(fault))
    return FileFacts(**{key: answer.get(key) for key in ("pages", "width", "height")})


def _ask(file: BinaryIO, name: str, wall_seconds: float, memory_bytes: int) -> dict[str, Any]:
    # The answer goes to a file and not a pipe: its size is bounded by the child's own limit.
    with tempfile.TemporaryFile() as answered:
        running = subprocess.Popen(
            [sys.executable, "-m", "openqmm.vault.examining"],
            stdin=file,
            stdout=answered,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=_environment(name, wall_seconds, memory_bytes),
            start_new_session=True,
            close_fds=True,
        )
        try:
            running.wait(wall_seconds)
        except subprocess.TimeoutExpired:
            raise FileFault(_COSTLY) from None
        finally:
            # In any case: nothing of the child may outlive the question.
            _kill(running)
        answered.seek(0)
        return _read(answered.read(_MOST_ANSWERED), running.returncode)


def _environment(name: str, wall_seconds: float, memory_bytes: int) -> dict[str, str]:
    """Return all that the child is told: no secret of the server's is among it."""
    return {
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        "PYTHONDONTWRITEBYTECODE": "1",
        "OPENQMM_EXAMINE": json.dumps(
            {"name": name, "seconds": int(wall_seconds) + 1, "memory": memory_bytes}
        ),
    }


def _kill(running: subprocess.Popen[bytes]) -> None:
    if running.poll() is None:
        running.kill()
        running.wait()


def _read(line: bytes, code: int | None) -> dict[str, Any]:
    try:
        answer = json.loads(line)
    except ValueError:
        raise FileFault(_COSTLY) from None
    if code != 0 or not isinstance(answer, dict):
        raise FileFault(_COSTLY)
    return answer
