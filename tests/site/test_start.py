"""A start is refused where the database's own guards could be switched off."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
import pytest
from django.db import connection

from openqmm.site import serving
from tests.journeys.databases import at_a_copy, empty

pytestmark = [
    pytest.mark.requirement("R06"),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has no roles"),
]


@pytest.fixture
def migrated(prepared: Path, tmp_path: Path, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), at_a_copy(tmp_path, empty(prepared)):
        yield


def _check() -> None:
    serving.call("check", databases=["default"])


def test_the_role_that_owns_nothing_starts(migrated: None) -> None:
    _check()


def test_the_owner_does_not(migrated: None) -> None:
    with (
        connection.as_owner(),
        pytest.raises(
            click.ClickException,
            match=r"OPENQMM_DATABASE: the role owns \d+ tables; connect as a role that owns none\.",
        ),
    ):
        _check()


@pytest.mark.skipif(
    "OPENQMM_DATABASE_SUPERUSER" not in os.environ, reason="no superuser's address is known"
)
def test_a_superuser_does_not(migrated: None, monkeypatch: pytest.MonkeyPatch) -> None:
    address = urlsplit(os.environ["OPENQMM_DATABASE_SUPERUSER"])
    said = {"USER": address.username, "PASSWORD": address.password or ""}
    monkeypatch.setitem(connection.settings_dict, "OWNER", said)
    with (
        connection.as_owner(),
        pytest.raises(
            click.ClickException, match="the role can switch the database's own guards off"
        ),
    ):
        _check()


def test_a_policy_that_was_switched_off_stops_the_start(migrated: None) -> None:
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE ratings_rating DISABLE ROW LEVEL SECURITY")
    with pytest.raises(click.ClickException, match="row security on ratings_rating"):
        _check()
