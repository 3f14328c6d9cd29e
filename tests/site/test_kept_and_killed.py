"""What stays: events whatever the platform's own jobs do, and writes whoever is killed."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.db import connection

from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.site.worker import JOBS
from openqmm.web import clock
from tests.apps.programs.stories import alder_draft, open_round
from tests.people import Cast

KILLS = Path(__file__).parents[2] / "bench" / "records" / "kills.py"


@pytest.mark.django_db
@pytest.mark.requirement("R09")
def test_no_job_of_the_platform_removes_an_event_however_old(cast: Cast) -> None:
    alder_draft(cast, open_round(cast))
    events = set(AuditEvent.objects.values_list("pk", flat=True))
    changes = AuditChange.objects.count()
    assert events
    much_later = clock.now() + timedelta(days=50 * 365)
    with mock.patch.object(clock, "now", return_value=much_later):
        for job in JOBS[1:]:
            job.run()
    assert events <= set(AuditEvent.objects.values_list("pk", flat=True))
    assert AuditChange.objects.count() >= changes


@pytest.mark.requirement("R47")
@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the measurement makes its own SQLite file"
)
def test_no_acknowledged_write_is_lost_when_writers_are_killed() -> None:
    done = subprocess.run(
        [sys.executable, str(KILLS), "5"], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "acknowledged writes, 0 lost" in done.stdout
    assert "0 changes without their event, 0 events without their change" in done.stdout
