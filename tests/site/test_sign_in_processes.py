"""Several server processes at once: a code works once, and five attempts are five."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import pytest
from django.conf import settings
from django.db import connection

PEOPLE = dedent(
    """
    import django; django.setup()
    from datetime import date
    from openqmm.apps.accounts import actions
    from openqmm.apps.accounts.queries import actor_or_person
    from openqmm.core.workflow import SYSTEM, OrganisationKind, Role
    from openqmm.apps.accounts.models import User
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
    from openqmm.core.errors import NotPermitted
    from openqmm.web import clock
    import sys, time
    SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    def code(periods):
        counter = int(clock.now().timestamp()) // 30 + periods
        return format_hotp_value(hotp_value(SECRET, counter))
    """
)
BEGIN = PEOPLE + dedent(
    """
    org = actions.add_organisation(
        by=SYSTEM, name="Fir", kind=OrganisationKind.MANUFACTURER, country="USA"
    )
    person = actions.add_person(
        by=SYSTEM, email="sid@example.org", full_name="Sid Test", password="a sentence for sid"
    )
    actions.add_membership(
        by=SYSTEM, person=person, organisation=org,
        role=Role.AUTHORISED_SIGNATORY, from_on=date(2020, 1, 1),
    )
    actions.add_authenticator(person=person, secret=SECRET, code=code(-1))
    """
)
USE = PEOPLE + dedent(
    """
    person = User.objects.get()
    time.sleep(max(0, float(sys.argv[1]) - time.time()))
    print(int(actions.use_code(person, sys.argv[2])))
    """
)
GUESS = PEOPLE + dedent(
    """
    by = actor_or_person(User.objects.get())
    time.sleep(max(0, float(sys.argv[1]) - time.time()))
    said = []
    for _ in range(3):
        try:
            actions.prove_identity(by=by, password="guess", code="000000")
        except NotPermitted as refusal:
            said.append(str(refusal))
    print("|".join(said))
    """
)


@pytest.fixture
def processes(django_db_setup: None, tmp_path: Path):
    """Return a runner of programs, all on one copy of the empty database."""
    if connection.vendor != "sqlite":
        pytest.skip("the processes copy a file; PostgreSQL's keys hold the same promise")
    empty = settings.DATABASES["default"]["TEST"]["NAME"]
    with sqlite3.connect(empty) as source, sqlite3.connect(tmp_path / "openqmm.sqlite3") as copy:
        source.backup(copy)
    source.close()
    copy.close()
    environment = os.environ | {
        "OPENQMM_DATA": str(tmp_path),
        "OPENQMM_DEMO": "no",
        "DJANGO_SETTINGS_MODULE": "openqmm.site.settings",
    }

    def run(program: str, *arguments: str, times: int = 1) -> list[str]:
        running = [
            subprocess.Popen(
                [sys.executable, "-c", program, *arguments],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(times)
        ]
        answers = [one.communicate(timeout=120)[0].strip() for one in running]
        assert [one.returncode for one in running] == [0] * times
        return answers

    run(BEGIN)
    return run


@pytest.mark.requirement("R19")
@pytest.mark.requirement("R21")
def test_a_code_works_once_and_attempts_are_counted_together(processes) -> None:
    code = processes(PEOPLE + "print(code(1))")[0]
    used = processes(USE, str(time.time() + 12), code, times=4)
    assert sorted(used) == ["0", "0", "0", "1"]
    said = "|".join(processes(GUESS, str(time.time() + 12), times=4)).split("|")
    assert len(said) == 12
    assert sum("is not right" in one for one in said) == 5
    assert sum("Too many" in one for one in said) == 7
