"""Where writers of an SQLite database queue.

SQLite lets one write at a time and has the others sleep and try again, longer each time: under
eight writers the unlucky wait for seconds (bench/records/writers.py). A lock hands the turn over.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import defaultdict

from django.db import OperationalError

SECONDS = 30

_within_process: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)
# A copy of this process has none of its threads: a turn that one of them had would never end there.
os.register_at_fork(after_in_child=_within_process.clear)


class Gate:
    """One connection's turn to write to the database in `path`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._lock: threading.Lock | None = None
        self._file: int | None = None

    def enter(self) -> None:
        """Wait for the turn (OperationalError after half a minute)."""
        lock = _within_process[self._path]
        if not lock.acquire(timeout=SECONDS):
            raise OperationalError("database is locked")
        self._lock = lock
        # The system opens it again when the process holding it dies.
        self._file = os.open(f"{self._path}-gate", os.O_WRONLY | os.O_CREAT, 0o600)
        fcntl.flock(self._file, fcntl.LOCK_EX)

    def leave(self) -> None:
        """Hand the turn on; nothing when it was not taken."""
        if self._file is not None:
            # Closing alone would leave the turn to a copy of this process made meanwhile.
            fcntl.flock(self._file, fcntl.LOCK_UN)
            os.close(self._file)
            self._file = None
        if self._lock is not None:
            self._lock.release()
            self._lock = None
