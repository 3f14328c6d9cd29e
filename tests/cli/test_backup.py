"""Backups of a running installation, and the drill that proves them: requirement R46."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

PASSWORD = "correct horse battery staple"
ADDRESSES = ("OPENQMM_DATABASE", "OPENQMM_DATABASE_OWNER")
pytestmark = pytest.mark.requirement("R46")


class Installation:
    """An installation with its data folder, worked by its own command line."""

    def __init__(self, data: Path, **environment: str) -> None:
        self.data = data
        plain = {name: value for name, value in os.environ.items() if name not in ADDRESSES}
        self.environment = plain | {"OPENQMM_DATA": str(data)} | environment

    def run(self, *arguments: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run `openqmm`, for another data folder when one is named."""
        environment = self.environment | ({"OPENQMM_DATA": str(data)} if data else {})
        command = [sys.executable, "-m", "openqmm", *arguments]
        return subprocess.run(
            command, env=environment, check=False, capture_output=True, text=True, timeout=120
        )

    def begin(self) -> None:
        """Create the database, an office and its administrator, and anchor the trails."""
        self.done("migrate")
        self.add("ada@example.org")
        self.done("manage", "anchor_trails")

    def add(self, email: str) -> None:
        """Add an administrator."""
        who = ("--email", email, "--name", "Ada Test", "--office", "Office", "--country", "USA")
        self.done("createadmin", *who, "--password", PASSWORD)

    def done(self, *arguments: str, data: Path | None = None) -> str:
        """Run a command that must succeed, and return what it said."""
        result = self.run(*arguments, data=data)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def backup(self, target: Path) -> Path:
        """Make and prove a backup; return its folder."""
        said = self.done("backup", "--to", str(target))
        assert "The backup can be relied on." in said
        (made,) = target.iterdir()
        return made


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an installation with one backup in `backups`; copied by each test."""
    folder = tmp_path_factory.mktemp("installation")
    installation = Installation(folder / "data")
    installation.begin()
    (folder / "data" / "evidence" / "ab").mkdir(parents=True)
    (folder / "data" / "evidence" / "ab" / "cdef").write_bytes(b"synthetic evidence")
    installation.backup(folder / "backups")
    return folder


@pytest.fixture
def copied(first: Path, tmp_path: Path) -> tuple[Installation, Path]:
    """An installation of the test's own, and its backup."""
    shutil.copytree(first, tmp_path / "own")
    (made,) = (tmp_path / "own" / "backups").iterdir()
    return Installation(tmp_path / "own" / "data"), made


def test_a_backup_is_restored_elsewhere_and_proved(copied, tmp_path: Path) -> None:
    installation, made = copied
    new = tmp_path / "new"
    said = installation.done("restore", str(made), data=new)
    assert "The backup can be relied on." in said
    assert "loss: none known" in said
    assert (new / "evidence" / "ab" / "cdef").read_bytes() == b"synthetic evidence"
    verdict = json.loads(
        installation.done(
            "verify", str(new), "--checkpoints", str(installation.data / "checkpoints"), "--json"
        )
    )
    assert verdict["valid"]
    with closing(sqlite3.connect(new / "openqmm.sqlite3")) as database:
        last = database.execute("SELECT what FROM audit_auditevent ORDER BY at DESC").fetchone()
    assert last == ("installation.restored",)


def test_the_keys_go_elsewhere(copied, tmp_path: Path) -> None:
    installation, made = copied
    assert not [path for path in made.rglob("*") if "key" in path.name]
    installation.done(
        "backup", "--to", str(tmp_path / "b"), "--keys-to", str(tmp_path / "k"), "--no-drill"
    )
    assert {path.name for path in (tmp_path / "k").iterdir()} == {"secret-key", "checkpoint.pem"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "k").iterdir())
    (second,) = (tmp_path / "b").iterdir()
    assert not [path for path in second.rglob("*") if "key" in path.name]


@pytest.mark.parametrize("name", ["database.sqlite3", "evidence/ab/cdef"])
def test_a_changed_byte_of_a_backup_is_refused_and_named(copied, tmp_path: Path, name: str) -> None:
    installation, made = copied
    content = bytearray((made / name).read_bytes())
    content[len(content) // 2] ^= 1
    (made / name).write_bytes(content)
    result = installation.run("restore", str(made), data=tmp_path / "new")
    assert result.returncode == 1
    assert f"{name}: is not what the manifest says" in result.stderr
    assert not (tmp_path / "new" / "openqmm.sqlite3").exists()


def test_a_backup_rewritten_with_its_manifest_still_fails(copied, tmp_path: Path) -> None:
    """The digests fit again; the trail does not."""
    installation, made = copied
    with closing(sqlite3.connect(made / "database.sqlite3")) as database:
        database.execute("DROP TRIGGER trail_accounts_user_update")
        database.execute("UPDATE accounts_user SET full_name = 'Eve Test'")
        database.commit()
    manifest = json.loads((made / "manifest.json").read_text(encoding="utf-8"))
    from openqmm.cli.backup_manifest import sha256_of

    manifest["files"]["database.sqlite3"] = sha256_of(made / "database.sqlite3")
    (made / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    result = installation.run("restore", str(made), data=tmp_path / "new")
    assert result.returncode == 1
    assert "accounts_user" in result.stderr
    assert not (tmp_path / "new" / "openqmm.sqlite3").exists()


def test_a_backup_older_than_a_checkpoint_names_the_loss(copied, tmp_path: Path) -> None:
    installation, made = copied
    checkpoints = installation.data / "checkpoints"
    newer = checkpoints / "checkpoint-0000000002.txt"
    newer.write_text((checkpoints / "checkpoint-0000000001.txt").read_text(encoding="utf-8"))
    given = ("--checkpoints", str(checkpoints))
    refused = installation.run("restore", str(made), *given, data=tmp_path / "new")
    assert refused.returncode == 1
    assert "1 checkpoints were published after this backup" in refused.stderr
    assert not (tmp_path / "new" / "openqmm.sqlite3").exists()
    installation.done("restore", str(made), "--accept-loss", *given, data=tmp_path / "new")
    assert not newer.exists()
    assert list(checkpoints.glob("lost-after-*/checkpoint-0000000002.txt"))


def test_nothing_is_ever_restored_over_a_database(copied) -> None:
    installation, made = copied
    before = (installation.data / "openqmm.sqlite3").read_bytes()
    result = installation.run("restore", str(made))
    assert result.returncode == 1
    assert "restore into an empty folder" in result.stderr
    assert (installation.data / "openqmm.sqlite3").read_bytes() == before


@pytest.mark.parametrize("content", [None, "", "{}", '{"format": "other/1"}'])
def test_what_is_no_backup_is_refused_in_a_sentence(
    copied, tmp_path: Path, content: str | None
) -> None:
    installation, _ = copied
    folder = tmp_path / "strange"
    folder.mkdir()
    if content is not None:
        (folder / "manifest.json").write_text(content, encoding="utf-8")
    result = installation.run("restore", str(folder), data=tmp_path / "new")
    assert result.returncode == 1
    assert "name the folder of one backup" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_drill_leaves_nothing_behind(copied, tmp_path: Path) -> None:
    installation, made = copied
    said = installation.done("restore", str(made), "--drill", data=tmp_path / "new")
    assert "restored and proved in" in said
    assert not (tmp_path / "new" / "openqmm.sqlite3").exists()


@pytest.fixture
def on_postgresql(tmp_path: Path) -> Iterator[Installation]:
    """An installation on a PostgreSQL database of its own."""
    if not os.environ.get("OPENQMM_DATABASE_OWNER"):
        pytest.skip("no PostgreSQL server in this run")
    import psycopg
    from psycopg.conninfo import make_conninfo

    owner = os.environ["OPENQMM_DATABASE_OWNER"]
    name = f"backup_{os.getpid()}"
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    addresses = {word: os.environ[word].replace("/openqmm?", f"/{name}?") for word in ADDRESSES}
    assert make_conninfo(addresses["OPENQMM_DATABASE_OWNER"])
    yield Installation(tmp_path / "data", **addresses)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def test_postgresql_is_dumped_and_drilled(on_postgresql: Installation, tmp_path: Path) -> None:
    on_postgresql.begin()
    made = on_postgresql.backup(tmp_path / "backups")
    assert (made / "database.dump").is_file()
    refused = on_postgresql.run("restore", str(made))
    assert refused.returncode == 1
    assert "it holds tables already" in refused.stderr
