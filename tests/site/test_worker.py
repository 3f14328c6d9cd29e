"""The platform's own jobs: each at its time, none in another's way."""

from __future__ import annotations

import threading

import pytest

from openqmm.core.errors import OpenQMMError
from openqmm.site.worker import JOBS, Job, work


def _run(*jobs: Job, until: threading.Event) -> None:
    thread = threading.Thread(target=work, args=(until,), kwargs={"jobs": jobs})
    thread.start()
    assert until.wait(10)
    thread.join(10)
    assert not thread.is_alive()


@pytest.mark.django_db
@pytest.mark.parametrize("fault", [RuntimeError("broken"), OpenQMMError("refused")])
def test_a_job_that_fails_keeps_no_other_from_its_time(fault: Exception, caplog) -> None:
    stopped = threading.Event()

    def fail() -> None:
        raise fault

    _run(Job("first", 60, fail), Job("second", 60, stopped.set), until=stopped)
    assert "first" in caplog.text


@pytest.mark.django_db
def test_a_job_waits_for_its_time() -> None:
    stopped, done = threading.Event(), []
    _run(
        Job("rare", 3600, lambda: done.append(1)),
        Job("often", 0, lambda: len(done) and stopped.set()),
        until=stopped,
    )
    assert done == [1]


def test_the_trails_are_anchored_every_five_minutes() -> None:
    assert {job.name: job.every_seconds for job in JOBS}["anchor the trails"] == 300
