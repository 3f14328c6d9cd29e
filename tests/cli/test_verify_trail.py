"""Strangers verify what they were given: files, folders, databases. Faults end with exit code 1."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from openqmm.cli.main import main
from openqmm.core.records import (
    consistency_path,
    consistency_proof,
    event_proof,
    inclusion_path,
    tree_root,
)
from tests.cli.databases import ROW_TABLE, as_postgresql, as_sqlite, bend
from tests.core.verifier.ledgers import ALDER, VKEY, ledger

LEDGER = ledger(20)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["verify", *map(str, arguments)])


def answer(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture
def trail(tmp_path: Path) -> Path:
    path = tmp_path / "alder.jsonl"
    path.write_text("".join(LEDGER.export(ALDER)), encoding="utf-8", newline="\n")
    return path


@pytest.fixture
def checkpoints(tmp_path: Path) -> Path:
    folder = tmp_path / "checkpoints"
    for name, text in LEDGER.checkpoints:
        path = folder / "2027" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / ".hidden").write_text("not a checkpoint")
    return folder


@pytest.mark.requirement("R10")
@pytest.mark.requirement("R34")
def test_an_exported_trail(trail: Path) -> None:
    result = run(trail, "--key", VKEY)
    assert result.exit_code == 0
    assert result.output.endswith("The trail is whole and unaltered.\n")
    assert "holds  signature: signed by openqmm.example/trail" in result.output


def test_without_a_key_the_signature_is_not_said_to_hold(trail: Path) -> None:
    result = run(trail)
    assert result.exit_code == 0
    assert "not checked  signature" in result.output
    assert "whole and unaltered" not in result.output


def test_an_altered_trail_is_located(trail: Path) -> None:
    trail.write_text(trail.read_text().replace("2027-03-01T00:00:07", "2027-03-01T00:00:08"))
    result = run(trail, "--key", VKEY, "--json")
    assert result.exit_code == 1
    said = answer(result)
    assert set(said) == {"kind", "valid", "checks", "first_bad"}
    assert (said["kind"], said["valid"]) == ("trail", False)
    assert said["first_bad"].startswith(f"trail {ALDER} event 7 (")
    assert "Do not rely on it." in run(trail).output


def test_control_characters_of_a_file_do_not_reach_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_text('{"format":"openqmm-trail/1","\\u001b[2J":1}')
    assert "\x1b" not in run(path).output


@pytest.mark.parametrize("kind", ["event_proof", "consistency_proof", "checkpoint"])
def test_small_files_are_told_apart(tmp_path: Path, kind: str) -> None:
    one = LEDGER.trails[ALDER]
    leaves, events = one.leaves, list(one.stored())
    heads = [(size, tree_root(leaves[:size]).hex()) for size in (5, len(leaves))]
    text = {
        "event_proof": lambda: event_proof(
            ALDER, events[5], inclusion_path(leaves, 5), LEDGER.anchor_proof(ALDER)
        ),
        "consistency_proof": lambda: consistency_proof(
            ALDER, heads[0], heads[1], consistency_path(leaves, 5)
        ),
        "checkpoint": LEDGER.checkpoint,
    }[kind]()
    path, key = tmp_path / "file", tmp_path / "key"
    path.write_text(text, encoding="utf-8")
    key.write_text(VKEY + "\n")
    result = run(path, "--key", key, "--json")
    assert result.exit_code == 0, result.output
    assert (answer(result)["kind"], answer(result)["valid"]) == (kind, True)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00", b"\xff" * 9, b"{}", b"[" * 99_999, b"hello\n", b'{"format":"openqmm-x/1"}'],
)
def test_a_file_of_no_known_kind_is_refused_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    result = run(path)
    assert result.exit_code == 1
    assert "expected a rating bundle, a signature, an exported trail" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(
    "content",
    [
        b"SQLite format 3\x00",
        b"SQLite format 3\x00" + b"\xff" * 5000,
        b'{"format":"openqmm-trail/1"' + b"\xff",
        b'{"format":"openqmm-proof/1","x":' + b"[" * 99_999,
        b'{"format":"openqmm-consistency/1","x":' + b"9" * 9999,
        b'{"format":"openqmm-bundle/1","x":"\xff"}',
        b"a\n\n\xe2\x80\x94 b c\n",
    ],
)
def test_a_hostile_file_ends_in_a_sentence_never_in_a_trace(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    result = run(path, "--key", VKEY)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.output.strip()


@pytest.mark.parametrize(
    "arguments", [["nowhere"], ["{trail}", "--key", "x"], ["{trail}", "--checkpoints", "."]]
)
def test_wrong_usage_is_said(trail: Path, arguments: list[str]) -> None:
    result = run(*(argument.replace("{trail}", str(trail)) for argument in arguments))
    assert result.exit_code == 2


# Databases.


@pytest.fixture
def database(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    as_sqlite(folder / "openqmm.sqlite3", LEDGER)
    return folder / "openqmm.sqlite3"


@pytest.mark.requirement("R07")
@pytest.mark.requirement("R08")
def test_a_database_holds_against_its_checkpoints(database: Path, checkpoints: Path) -> None:
    result = run(database.parent, "--key", VKEY, "--checkpoints", checkpoints, "--json")
    assert result.exit_code == 0, result.output
    said = answer(result)
    assert said["kind"] == "installation"
    assert all(check["passed"] for check in said["checks"])
    assert (
        "Trails, anchors and records"
        in run(database, "--key", VKEY, "--checkpoints", checkpoints).output
    )


def test_a_database_without_checkpoints_says_what_that_means(database: Path) -> None:
    result = run(database)
    assert result.exit_code == 0
    assert "not checked  checkpoints" in result.output


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"UPDATE {ROW_TABLE} SET level = level + 1", f"{ROW_TABLE} "),
        (f"DELETE FROM {ROW_TABLE}", "is missing from its table"),
        ("UPDATE audit_auditevent SET actor_name = 'Else' WHERE seq = 3", "column actor_name"),
        ("UPDATE audit_auditevent SET content = X'FF' WHERE seq = 3", "event 3 "),
        ("UPDATE audit_auditevent SET content = CAST(X'FF' AS TEXT) WHERE seq = 3", "event 3 "),
        ("UPDATE audit_auditevent SET seq = 'x' WHERE seq = 3", "event x "),
        ("UPDATE audit_auditevent SET trail_id = NULL WHERE seq = 3", "None is no trail"),
        ("DELETE FROM audit_auditchange WHERE id % 2", "0 stand there"),
        ("DELETE FROM audit_auditevent WHERE seq > 3", "event 4 and later were cut off"),
        ("DELETE FROM audit_anchor WHERE position = 0", "position"),
        ("DELETE FROM audit_anchoredhead WHERE size > 3", "is missing"),
        ("UPDATE audit_trailhead SET frontier = 'x'", "its head tells of"),
        ("UPDATE audit_trailhead SET frontier = '{'", "its head tells of"),
        ("UPDATE audit_auditchange SET table_name = 'x\"; DROP TABLE audit_anchor' WHERE id=1", ""),
    ],
)
def test_a_bent_database_is_found(
    database: Path, checkpoints: Path, statement: str, said: str
) -> None:
    bend(database, statement)
    result = run(database, "--key", VKEY, "--checkpoints", checkpoints, "--json")
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit), result.exception
    assert said in result.stdout


def test_a_dropped_trigger_is_found(database: Path) -> None:
    connection = sqlite3.connect(database)
    connection.execute(f"DROP TRIGGER {ROW_TABLE}_DELETE")
    connection.commit()
    connection.close()
    result = run(database, "--json")
    assert answer(result)["first_bad"] == f"{ROW_TABLE} has no trigger on DELETE"


def test_a_database_of_another_kind_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE something (x)")
    connection.close()
    result = run(path)
    assert result.exit_code == 1
    assert "not a whole database with a trail of this version" in result.stderr
    assert "holds no openqmm.sqlite3" in run(tmp_path).stderr


def test_an_address_without_a_server_is_refused() -> None:
    pytest.importorskip("psycopg")
    result = run("postgresql://127.0.0.1:1/none?connect_timeout=2")
    assert result.exit_code == 1
    assert "cannot be read as a database" in result.stderr


@pytest.mark.skipif(
    "OPENQMM_TEST_POSTGRESQL" not in os.environ,
    reason="needs a PostgreSQL database for tests, its address in OPENQMM_TEST_POSTGRESQL",
)
def test_a_postgresql_database() -> None:
    import psycopg

    own = "options=-csearch_path%3Dopenqmm_verify"
    base = os.environ["OPENQMM_TEST_POSTGRESQL"]
    address = f"{base}{'&' if '?' in base else '?'}{own}"
    made = ledger(20, json.dumps)
    with psycopg.connect(address) as connection:
        connection.execute("DROP SCHEMA IF EXISTS openqmm_verify CASCADE")
        connection.execute("CREATE SCHEMA openqmm_verify")
        as_postgresql(connection.execute, made)
    result = run(address, "--json", "--key", VKEY)
    assert result.exit_code == 0, result.output
    assert {check["name"] for check in answer(result)["checks"] if not check["passed"]} == {
        "checkpoints"
    }
    with psycopg.connect(address) as connection:
        connection.execute(f"ALTER TABLE {ROW_TABLE} DISABLE TRIGGER ALL")
        connection.execute(f"UPDATE {ROW_TABLE} SET level = level + 1")
    faults = answer(run(address, "--json"))
    assert faults["first_bad"] == f"{ROW_TABLE} has no trigger on DELETE, INSERT, UPDATE"
    assert "differs from the trail in level" in str(faults["checks"])
    with psycopg.connect(address) as connection:
        connection.execute("DROP SCHEMA openqmm_verify CASCADE")
