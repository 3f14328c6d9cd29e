"""What a test sets up behind the actions' back, still inside an event: the database refuses it
anywhere else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from openqmm.apps.accounts.models import User
from openqmm.apps.audit.actions import OpenEvent, event
from openqmm.core.workflow import SYSTEM


@contextmanager
def arranged() -> Iterator[OpenEvent]:
    """Open an event in which a test may write whatever its story needs."""
    with event(by=SYSTEM, what="test.arranged", on=User(), sentence="arranged a test") as opened:
        yield opened


BESIDES = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "SELECT set_config")
"""How the statements begin that only tell the database who reads and which event is open."""
