"""What the platform writes, the verifier that shares nothing with it finds whole, and a row
changed past the platform by its name."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from openqmm.apps.accounts.models import Organisation, User
from openqmm.apps.audit.actions import CheckpointFolder, anchor_trails
from openqmm.cli import verify_sqlite
from openqmm.cli.verify_files import checkpoints_in
from openqmm.core.records.notes import SigningKey
from openqmm.core.verifier import Report, verify_installation
from tests.arranging import arranged
from tests.people import Cast

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="copies the database under test as SQLite can"
)
KEY = SigningKey.from_seed("openqmm.example/trail", bytes(range(32)))


@contextmanager
def copied(path: Path) -> Iterator[sqlite3.Connection]:
    """Hand out a copy of the database under test, its triggers dropped and put back after."""
    path.write_bytes(connection.connection.serialize())
    copy = sqlite3.connect(path)
    kept = copy.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in kept:
        copy.execute(f'DROP TRIGGER "{name}"')
    yield copy
    for _, statement in kept:
        copy.execute(statement)
    copy.commit()
    copy.close()


def verified(path: Path, folder: Path) -> Report:
    with verify_sqlite.opened(path) as source:
        return verify_installation(source, checkpoints_in(folder), KEY.vkey())


@pytest.fixture
def folder(cast: Cast, tmp_path: Path) -> Path:
    """A story with every kind of change, anchored; the folder of its checkpoint."""
    folder = tmp_path / "checkpoints"
    with arranged() as opened:
        opened.update(User.objects.get(pk=cast.ada.person_id), full_name="Ada Älder “the second”\n")
        gone = Organisation(name="Gone", kind="purchaser", country="USA")
        opened.delete(opened.create(gone))
    anchor_trails(key=KEY, folder=CheckpointFolder(folder))
    return folder


@pytest.mark.requirement("R07")
@pytest.mark.requirement("R10")
def test_a_database_verifies_as_the_platform_wrote_it(tmp_path: Path, folder: Path) -> None:
    with copied(tmp_path / "copy.sqlite3"):
        pass
    report = verified(tmp_path / "copy.sqlite3", folder)
    assert report.valid, report.faults
    assert all(check.passed for check in report.checks), report.checks


@pytest.mark.requirement("R07")
@pytest.mark.requirement("R08")
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE accounts_user SET password = 'x' WHERE rowid = 1", "differs from the trail in"),
        ("DELETE FROM accounts_membership WHERE rowid = 1", "is missing from its table"),
        ("UPDATE audit_auditevent SET why = 'x' WHERE rowid = 1", "column why"),
        ("DELETE FROM audit_anchor", "only 0 stand here"),
        ("DELETE FROM audit_auditevent WHERE seq > 0", "were cut off"),
    ],
)
def test_what_was_changed_past_the_platform_is_named(
    tmp_path: Path, folder: Path, statement: str, said: str
) -> None:
    with copied(tmp_path / "copy.sqlite3") as database:
        assert database.execute(statement).rowcount > 0
    report = verified(tmp_path / "copy.sqlite3", folder)
    assert not report.valid
    assert said in "\n".join(report.faults)
