"""A thousand random tamperings with a stored trail, each by somebody who can write to the database
file past every guard: is it found, and is the place named?

Usage: python bench/records/tampering.py [TAMPERINGS [SEED]]. Kinds: a character flipped in any
column of the trail or of a record, two contents exchanged, rows removed, rows added, events
reordered, the newest events cut off, and a trail or the whole log written anew with fresh, fitting
hashes, signed again by nobody. "Located" means that a fault names the trail, event, record, anchor
or checkpoint that was touched.
"""

from __future__ import annotations

import json
import random
import secrets
import shutil
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from uuid import UUID, uuid4

sys.path.insert(0, str(Path(__file__).parents[2]))

from bench.records.portal import organisation, portal, remove, rename
from openqmm.cli import verify_sqlite
from openqmm.cli.verify_files import checkpoints_in
from openqmm.core import records
from openqmm.core.records import Frontier
from openqmm.core.verifier import verify_installation

ORGANISATIONS = 6
Database = sqlite3.Connection
Tampering = Callable[[Database, random.Random], set[str]]


def main(number: int, seed: int) -> int:
    """Tamper, verify, count and print; return 1 when anything passed or was not located."""
    folder = portal()
    key, checkpoints = _story(folder)
    chance = random.Random(seed)
    counts: dict[str, Counter[str]] = {name: Counter() for name in KINDS}
    began = time.monotonic()
    for turn in range(number):
        name = list(KINDS)[turn % len(KINDS)]
        copy = folder / "copy.sqlite3"
        shutil.copyfile(folder / "openqmm.sqlite3", copy)
        touched = _tampered(copy, KINDS[name], chance)
        with verify_sqlite.opened(copy) as source:
            report = verify_installation(source, checkpoints_in(checkpoints), key)
        counts[name]["tried"] += 1
        counts[name]["found"] += not report.valid
        located = any(place in fault for fault in report.faults for place in touched)
        counts[name]["located"] += located
        if not located:
            print(f"  {name} touched {sorted(touched)}: {report.faults[:2]}")
    print(f"{number:,} tamperings (seed {seed}), {time.monotonic() - began:.0f} s")
    for name, count in counts.items():
        print(f"  {name:<28}{count['tried']:>5} tried {count['found']:>5} found"
              f" {count['located']:>5} located")  # fmt: skip
    total = sum((count for count in counts.values()), Counter())
    print(f"  {'all':<28}{total['tried']:>5} tried {total['found']:>5} found"
          f" {total['located']:>5} located")  # fmt: skip
    remove(folder)
    return 0 if total["tried"] == total["found"] == total["located"] else 1


def _story(folder: Path) -> tuple[str, Path]:
    """Write a story with three anchors; return the public key and the checkpoints' folder."""
    from datetime import timedelta

    from django.db import connection

    from openqmm.apps.audit import actions
    from openqmm.web import clock

    rows = [organisation(f"Bench {number}") for number in range(ORGANISATIONS)]
    key, checkpoints = actions.configured_key(), actions.configured_folder()
    now = clock.now
    for turn in range(3):
        for place, row in enumerate(rows):
            for step in range(2 + place):
                rename(row, f"{turn}{step}{place}")
        clock.now = lambda turn=turn: now() + timedelta(minutes=5 * turn)
        actions.anchor_trails(key=key, folder=checkpoints)
    clock.now = now
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return key.vkey(), checkpoints.path


def _tampered(file: Path, tamper: Tampering, chance: random.Random) -> set[str]:
    with closing(sqlite3.connect(file)) as database:
        database.create_function("openqmm_event", 0, lambda: None)
        kept = database.execute("SELECT name, sql FROM sqlite_master WHERE type='trigger'")
        triggers = kept.fetchall()
        for name, _ in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        touched = None
        while touched is None:
            # A change that the table's own constraints refuse is no tampering; another is tried.
            try:
                touched = tamper(database, chance)
            except sqlite3.IntegrityError:
                database.rollback()
                for name, _ in triggers:
                    database.execute(f'DROP TRIGGER IF EXISTS "{name}"')
        for _, statement in triggers:
            database.execute(statement)
        database.commit()
        return touched


def _events(database: Database, trail: str | None = None) -> list[tuple]:
    where = "" if trail is None else f"WHERE trail_id = '{trail}'"
    return database.execute(
        f"SELECT id, trail_id, seq FROM audit_auditevent {where} ORDER BY trail_id, seq"
    ).fetchall()


def _long_trail(database: Database, chance: random.Random) -> tuple[str, list[tuple]]:
    rows = _events(database)
    trail = chance.choice([t for t, n in Counter(row[1] for row in rows).items() if n > 3])
    return trail, _events(database, trail)


def _places(trail: str) -> set[str]:
    return {str(UUID(trail))}


def flip(database: Database, chance: random.Random) -> set[str]:
    table = chance.choice(["audit_auditevent", "audit_auditchange", "accounts_organisation"])
    columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
    column = chance.choice([name for name in columns if name not in {"id", "event_id"}])
    rowid, value = chance.choice(
        database.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
    )
    changed = _flipped(value, chance)
    places = _touched(database, table, rowid)
    database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", [changed, rowid])
    return places | _touched(database, table, rowid)


def _flipped(value: object, chance: random.Random) -> object:
    if value is None or value == "":
        return "x"
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(4))
    text = str(value)
    place = chance.randrange(len(text))
    other = chance.choice([sign for sign in "0123456789abcdef" if sign != text[place]])
    return text[:place] + other + text[place + 1 :]


def _touched(database: Database, table: str, rowid: int) -> set[str]:
    column = {"audit_auditevent": "id, trail_id", "audit_auditchange": "event_id"}.get(table, "id")
    found = database.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", [rowid]).fetchone()
    return {str(UUID(value)) for value in found if _is_id(value)} | {str(v) for v in found}


def _is_id(value: object) -> bool:
    try:
        UUID(str(value))
    except ValueError:
        return False
    return True


def anchors(database: Database, chance: random.Random) -> set[str]:
    table = chance.choice(["audit_anchor", "audit_anchoredhead", "audit_trailhead"])
    columns = {
        "audit_anchor": ("root", "seed", "at", "position"),
        "audit_anchoredhead": ("root", "salt", "size", "slot", "trail_id"),
        "audit_trailhead": ("size", "leaf", "frontier"),
    }
    column = chance.choice(columns[table])
    rowid, value = chance.choice(
        database.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
    )
    database.execute(
        f"UPDATE {table} SET {column} = ? WHERE rowid = ?",
        [_flipped(value, chance), rowid],
    )
    return {"tick", "anchor", "trail", "head", "checkpoint"}


def swap(database: Database, chance: random.Random) -> set[str]:
    one, two = chance.sample(_events(database), 2)
    for column in ("content", "salt", "sentence", "why", "what", "subject_id", "at"):
        a, b = (
            database.execute(
                f"SELECT {column} FROM audit_auditevent WHERE id = ?",
                [row[0]],
            ).fetchone()[0]
            for row in (one, two)
        )
        for row, value in ((one, b), (two, a)):
            database.execute(
                f"UPDATE audit_auditevent SET {column} = ? WHERE id = ?",
                [value, row[0]],
            )
    return _places(one[1]) | _places(two[1])


def delete(database: Database, chance: random.Random) -> set[str]:
    table = chance.choice(["audit_auditevent", "audit_auditchange", "accounts_organisation"])
    rowid = chance.choice(database.execute(f"SELECT rowid FROM {table}").fetchall())[0]
    places = _touched(database, table, rowid)
    database.execute(f"DELETE FROM {table} WHERE rowid = ?", [rowid])
    return places


def insert(database: Database, chance: random.Random) -> set[str]:
    new = uuid4().hex
    if chance.random() < 0.5:
        database.execute(
            "INSERT INTO accounts_organisation (id, name, kind, country) "
            "VALUES (?, ?, 'purchaser', 'USA')",
            [new, f"Stranger {new}"],
        )
        return {new, str(UUID(new))}
    trail, rows = _long_trail(database, chance)
    names = [row[1] for row in database.execute("PRAGMA table_info(audit_auditevent)")]
    taken = ", ".join({"id": f"'{new}'", "seq": "seq + 1"}.get(name, name) for name in names)
    database.execute(
        f"INSERT INTO audit_auditevent ({', '.join(names)}) SELECT {taken} "
        "FROM audit_auditevent WHERE id = ?",
        [rows[-1][0]],
    )
    return _places(trail)


def reorder(database: Database, chance: random.Random) -> set[str]:
    trail, rows = _long_trail(database, chance)
    at = chance.randrange(len(rows) - 1)
    one, two = rows[at], rows[at + 1]
    for id_, seq in ((one[0], 10_000), (two[0], one[2]), (one[0], two[2])):
        database.execute("UPDATE audit_auditevent SET seq = ? WHERE id = ?", [seq, id_])
    return _places(trail)


def cut_tail(database: Database, chance: random.Random) -> set[str]:
    """Remove the newest events with their changes, and set rows and head back to fit."""
    trail, rows = _long_trail(database, chance)
    keep = chance.randrange(1, len(rows))
    for id_, _, _ in rows[keep:]:
        database.execute("DELETE FROM audit_auditchange WHERE event_id = ?", [id_])
        database.execute("DELETE FROM audit_auditevent WHERE id = ?", [id_])
    _records_follow(database, trail)
    _head_follows(database, trail)
    return _places(trail)


def rewrite(database: Database, chance: random.Random) -> set[str]:
    """Change an event of the past and everything that hangs on it, with fresh, fitting hashes."""
    trail, rows = _long_trail(database, chance)
    _write_anew(database, trail, rows, chance.randrange(1, len(rows)))
    return _places(trail)


def rewrite_all(database: Database, chance: random.Random) -> set[str]:
    """As `rewrite`, and every anchor too: only the checkpoints outside know better."""
    trail, rows = _long_trail(database, chance)
    _write_anew(database, trail, rows, chance.randrange(1, min(3, len(rows))))
    leaves = [
        bytes.fromhex(leaf)
        for (leaf,) in database.execute(
            "SELECT leaf FROM audit_auditevent WHERE trail_id = ? ORDER BY seq", [trail]
        )
    ]
    for tick, size in database.execute(
        "SELECT anchor_id, size FROM audit_anchoredhead WHERE trail_id = ?", [trail]
    ).fetchall():
        database.execute(
            "UPDATE audit_anchoredhead SET root = ? WHERE trail_id = ? AND anchor_id = ?",
            [records.tree_root(leaves[:size]).hex(), trail, tick],
        )
    _anchors_follow(database)
    return {"checkpoint"}


def _write_anew(database: Database, trail: str, rows: list[tuple], begin: int) -> None:
    prev = records.NO_ENTRY
    for place, (id_, _, seq) in enumerate(rows):
        salt, content, leaf = database.execute(
            "SELECT salt, content, leaf FROM audit_auditevent WHERE id = ?", [id_]
        ).fetchone()
        if place >= begin:
            salt = secrets.token_hex(32)
            told = json.loads(content)
            told["why"] = "as it should have been"
            changes = [
                records.Change(*row)
                for row in database.execute(
                    "SELECT table_name, record_id, before, after FROM audit_auditchange "
                    "WHERE event_id = ? ORDER BY id",
                    [id_],
                )
            ]
            told["changes"] = [
                {
                    "table": change.table,
                    "record": change.record,
                    "before": records.change_digest(bytes.fromhex(salt), change.before),
                    "after": records.change_digest(bytes.fromhex(salt), change.after),
                }
                for change in changes
            ]
            content = records.canonical_json(told).decode()
            digest = records.content_digest(bytes.fromhex(salt), content)
            entry = records.entry(str(UUID(trail)), seq, prev, digest)
            leaf = records.leaf_hash(entry).hex()
            database.execute(
                "UPDATE audit_auditevent SET why = ?, salt = ?, content = ?, prev = ?, leaf = ? "
                "WHERE id = ?",
                [told["why"], salt, content, prev, leaf, id_],
            )
        prev = leaf
    _head_follows(database, trail)


def _head_follows(database: Database, trail: str) -> None:
    frontier = Frontier()
    leaf = records.NO_ENTRY
    for (leaf,) in database.execute(
        "SELECT leaf FROM audit_auditevent WHERE trail_id = ? ORDER BY seq", [trail]
    ):
        frontier.append(bytes.fromhex(leaf))
    database.execute(
        "UPDATE audit_trailhead SET size = ?, leaf = ?, frontier = ? WHERE trail_id = ?",
        [frontier.size, leaf, json.dumps(frontier.to_hex()), trail],
    )


def _records_follow(database: Database, trail: str) -> None:
    row = database.execute(
        "SELECT after FROM audit_auditchange WHERE record_id = ? ORDER BY id DESC LIMIT 1", [trail]
    ).fetchone()
    if row:
        database.execute(
            "UPDATE accounts_organisation SET country = ? WHERE id = ?",
            [json.loads(row[0])["country"], trail],
        )


def _anchors_follow(database: Database) -> None:
    for tick, at, seed, capacity in database.execute(
        "SELECT tick, at, seed, capacity FROM audit_anchor"
    ).fetchall():
        placed = {
            slot: records.Head(str(UUID(trail)), size, root, bytes.fromhex(salt))
            for trail, slot, size, root, salt in database.execute(
                "SELECT trail_id, slot, size, root, salt FROM audit_anchoredhead "
                "WHERE anchor_id = ?",
                [tick],
            )
        }
        anchor = records.anchor_again(tick, at, bytes.fromhex(seed), placed, capacity)
        database.execute("UPDATE audit_anchor SET root = ? WHERE tick = ?", [anchor.root, tick])


KINDS: dict[str, Tampering] = {
    "a character flipped": flip,
    "an anchor or head altered": anchors,
    "two contents exchanged": swap,
    "a row removed": delete,
    "a row added": insert,
    "events reordered": reorder,
    "the newest events cut off": cut_tail,
    "a trail written anew": rewrite,
    "everything written anew": rewrite_all,
}


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(given[0] if given else 1000, given[1] if len(given) > 1 else 7))
