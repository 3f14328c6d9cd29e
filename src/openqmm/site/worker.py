"""What the platform does by itself, by the clock: one process, beside the ones that serve."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.management import call_command
from django.db import close_old_connections

from openqmm.apps.audit import actions as audit
from openqmm.core.errors import OpenQMMError

log = logging.getLogger("openqmm.worker")

DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every so many seconds, by the system and for nobody in particular."""

    name: str
    every_seconds: int
    run: Callable[[], object]


def _anchor() -> object:
    return audit.anchor_trails(key=audit.configured_key(), folder=audit.configured_folder())


def _command(name: str) -> Callable[[], object]:
    return lambda: call_command(name, verbosity=0)


JOBS = (
    Job("anchor the trails", audit.TICK_SECONDS, _anchor),
    Job("check the evidence files", DAY, _command("check_evidence")),
    Job("forget old sessions", DAY, _command("clearsessions")),
    Job("forget forms sent long ago", DAY, _command("sweep_forms")),
)


def work(stopped: threading.Event, *, jobs: tuple[Job, ...] = JOBS) -> None:
    """Do every job when its time has come, until `stopped` is set.

    A job that is refused or breaks is told to the log and tried again at its next time; it never
    keeps the others from theirs.
    """
    due = {job.name: 0.0 for job in jobs}
    while not stopped.is_set():
        for job in jobs:
            if time.monotonic() >= due[job.name] and not stopped.is_set():
                _do(job)
                due[job.name] = time.monotonic() + job.every_seconds
        stopped.wait(1)


def _do(job: Job) -> None:
    close_old_connections()
    try:
        job.run()
    except OpenQMMError as refusal:
        log.error("The job “%s” was refused: %s", job.name, refusal)
    except Exception:
        log.exception("The job “%s” broke.", job.name)
    finally:
        close_old_connections()
