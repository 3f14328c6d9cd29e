"""The gate of SQLite writers: a turn ends with its holder, whoever was copied meanwhile."""

from __future__ import annotations

import os
import threading
import warnings
from pathlib import Path

import pytest

from openqmm.site.databases.sqlite.gate import Gate


def entered(path: Path) -> bool:
    """Take and leave the turn in a thread of its own; False when it does not come soon."""
    done = threading.Event()

    def take() -> None:
        gate = Gate(str(path))
        gate.enter()
        gate.leave()
        done.set()

    threading.Thread(target=take, daemon=True).start()
    return done.wait(5)


@pytest.fixture
def copy_made_while_another_thread_writes(tmp_path: Path) -> tuple[int, int, Path]:
    """A copy of this process, made while a thread has the turn; it waits for a byte to try its own.

    Returns the end to write to, the end to read the answer from, and the database.
    """
    path = tmp_path / "portal.sqlite3"
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        gate = Gate(str(path))
        gate.enter()
        held.set()
        let_go.wait(10)
        gate.leave()

    holder = threading.Thread(target=hold)
    holder.start()
    assert held.wait(5)
    (ask_from, ask), (answer, answer_to) = os.pipe(), os.pipe()
    with warnings.catch_warnings():
        # A copy of a process with threads is what this is about.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.read(ask_from, 1)
        os.write(answer_to, b"y" if entered(path) else b"n")
        os._exit(0)
    let_go.set()
    holder.join(5)
    return ask, answer, path


def test_the_parent_writes_while_the_copy_lives(
    copy_made_while_another_thread_writes: tuple[int, int, Path],
) -> None:
    ask, answer, path = copy_made_while_another_thread_writes
    assert entered(path)
    os.write(ask, b"?")
    assert os.read(answer, 1) == b"y"
    assert entered(path)
