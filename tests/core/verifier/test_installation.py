"""A live database verifies as written; whatever is bent in it is found and named."""

from __future__ import annotations

import json
import pickle
import random
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest

from openqmm.core.records import Frontier, anchor_heads, leaf_hash
from openqmm.core.verifier import Report, verify_installation
from tests.core.verifier.ledgers import (
    ALDER,
    BIRCH,
    INSTALLATION,
    KEY,
    TABLE,
    VKEY,
    Ledger,
    ledger,
    restated,
    uuid,
)

WHOLE = pickle.dumps([(made := ledger(30)).trails, made.rows, made.anchored, made.checkpoints])
EVENTS = 31


def fresh() -> Ledger:
    made = Ledger()
    made.trails, made.rows, made.anchored, made.checkpoints = pickle.loads(WHOLE)
    return made


def verified(made: Ledger, vkey: str | None = VKEY) -> Report:
    return verify_installation(made, fresh().checkpoints, vkey)


def passed(report: Report) -> dict[str, bool | None]:
    return {check.name: check.passed for check in report.checks}


def test_an_installation_verifies_as_written() -> None:
    report = verified(fresh())
    assert (report.kind, report.valid) == ("installation", True), report.faults
    assert set(passed(report).values()) == {True}


def test_what_could_not_be_checked_is_said() -> None:
    report = verify_installation(fresh(), [], None)
    assert report.valid
    assert passed(report)["checkpoints"] is None
    assert passed(verified(fresh(), None))["signature"] is None


def test_an_installation_before_its_first_event_verifies() -> None:
    assert verify_installation(Ledger(), [], VKEY).valid


def test_faulty_triggers_are_a_fault() -> None:
    made = fresh()
    made.trigger_fault = "the trigger of assessments_score was dropped"
    assert verified(made).first_bad == made.trigger_fault


def test_a_withheld_column_is_compared_by_its_digest() -> None:
    made = Ledger()
    made.digest_only = frozenset({"note"})
    record = uuid("secret")
    digest = f"sha256:{sha256(b'sealed').hexdigest()}"
    made.score(ALDER, record, 3, note=digest)
    made.rows[TABLE][record] = json.dumps({"note": "sealed", "level": 3, "id": record})
    assert verify_installation(made, [], None).valid
    made.rows[TABLE][record] = json.dumps({"note": "opened", "level": 3, "id": record})
    report = verify_installation(made, [], None)
    assert report.first_bad == f"{TABLE} {record} differs from the trail in note"
    # The digest itself is not the content it stands for.
    made.rows[TABLE][record] = json.dumps({"note": digest, "level": 3, "id": record})
    assert not verify_installation(made, [], None).valid


def test_a_row_may_be_spelt_otherwise_but_not_say_otherwise() -> None:
    made = fresh()
    record, text = next(iter(made.rows[TABLE].items()))
    made.rows[TABLE][record] = json.dumps(dict(reversed(json.loads(text).items())), indent=1)
    assert verified(made).valid
    made.rows[TABLE][record] = text.replace('"level":', '"level":"').replace(',"note', '","note')
    assert "differs from the trail in level" in str(verified(made).first_bad)


def test_a_column_that_came_later_is_a_difference_until_its_rows_are_written_again() -> None:
    made = Ledger()
    record = uuid("x")
    made.score(ALDER, record, 3)
    wider = made.rows[TABLE][record].replace("}", ',"new":null}')
    made.rows[TABLE][record] = wider
    assert "differs from the trail in new" in str(verify_installation(made, [], None).first_bad)
    made._event(INSTALLATION, "migrated", record, wider, wider)
    assert verify_installation(made, [], None).valid


# Tampering: bends the ledger, returns what must be named.
Tampering = Callable[[Ledger, random.Random], str]


def column(made: Ledger, chance: random.Random) -> str:
    number = chance.randrange(EVENTS)
    event = made.trails[ALDER].events[number]
    names = sorted(event.keys() - {"trail_id", "seq", "id"})
    name = chance.choice(names)
    event[name] = chance.choice([None, 3, f"{event[name]}x", "0" * 64])
    return f"event {number} ({event['id']})"


def content_and_column(made: Ledger, chance: random.Random) -> str:
    number = chance.randrange(EVENTS)
    restated(made.trails[ALDER], number, why="another reason")
    return f"trail {ALDER} event {number} ({made.trails[ALDER].events[number]['id']})"


def change_text(made: Ledger, chance: random.Random) -> str:
    change = chance.choice(made.trails[ALDER].changes)
    name = chance.choice(["before", "after", "table_name", "record_id", "event_id"])
    change[name] = f"{change[name]}x"
    return "event "


def change_removed(made: Ledger, chance: random.Random) -> str:
    changes = made.trails[ALDER].changes
    gone = changes.pop(chance.randrange(len(changes)))
    return f"({gone['event_id']}): its content tells of 1 changes, but 0 stand there"


def change_without_event(made: Ledger, chance: random.Random) -> str:
    stray = {**chance.choice(made.trails[BIRCH].changes), "event_id": uuid("stray")}
    made.extra_changes.append(stray)
    return f"changes of event {uuid('stray')}"


def event_removed(made: Ledger, chance: random.Random) -> str:
    number = chance.randrange(EVENTS - 1)
    made.trails[ALDER].events.pop(number)
    return f"event {number} is missing before it"


def event_doubled(made: Ledger, chance: random.Random) -> str:
    number = chance.randrange(EVENTS)
    events = made.trails[ALDER].events
    events.insert(number, dict(events[number]))
    return f"event {number} "


def seqs_exchanged(made: Ledger, chance: random.Random) -> str:
    events = made.trails[ALDER].events
    a, b = sorted(chance.sample(range(EVENTS), 2))
    events[a]["seq"], events[b]["seq"] = b, a
    events[a], events[b] = events[b], events[a]
    return f"event {a} "


def tail_cut(made: Ledger, chance: random.Random) -> str:
    """With the newest rows, changes and the head made to fit; only the anchors remember."""
    keep = chance.randrange(EVENTS)
    cut(made.trails[ALDER], keep)
    return f"event {keep} and later were cut off"


def cut(trail: Any, keep: int) -> None:
    gone = {event["id"] for event in trail.events[keep:]}
    trail.events = trail.events[:keep]
    trail.changes = [change for change in trail.changes if change["event_id"] not in gone]
    trail.frontier = Frontier()
    for leaf in trail.leaves:
        trail.frontier.append(leaf)
    trail.leaf = trail.events[-1]["leaf"] if keep else "0" * 64


def trail_gone(made: Ledger, chance: random.Random) -> str:
    cut(made.trails[BIRCH], 0)
    if chance.random() < 0.5:
        made.trails.pop(BIRCH)
    return f"trail {BIRCH}"


def rewritten(made: Ledger, chance: random.Random) -> str:
    """An event changed and every hash after it made to fit, the head too."""
    trail = made.trails[ALDER]
    trail.events[chance.randrange(EVENTS)]["why"] = "another reason"
    trail.rewrite()
    return f"trail {ALDER}: its first "


def rewritten_with_anchors(made: Ledger, chance: random.Random) -> str:
    """The same, and every anchor made to fit: only the checkpoints outside remember."""
    trail = made.trails[ALDER]
    trail.events[chance.randrange(EVENTS)]["why"] = "another reason"
    trail.rewrite()
    anchored = []
    for anchor, seed, heads in made.anchored:
        forged = []
        for head in heads:
            tree = Frontier()
            for leaf in made.trails[head.trail].leaves[: head.size]:
                tree.append(leaf)
            forged.append(replace(head, root=tree.root().hex()))
        anchored.append(
            (anchor_heads(forged, tick=anchor.tick, at=anchor.at, seed=seed), seed, forged)
        )
    made.anchored = anchored
    return "has another root than the anchors here"


def anchors_cut(made: Ledger, chance: random.Random) -> str:
    keep = chance.randrange(len(made.anchored))
    made.anchored = made.anchored[:keep]
    return f"position {keep} and later were cut off"


def anchor_field(made: Ledger, chance: random.Random) -> str:
    number = chance.randrange(len(made.anchored))
    anchor, seed, heads = made.anchored[number]
    bent = {
        "root": {"root": leaf_hash(seed).hex()},
        "at": {"at": "2020-01-01T00:00:00.000000Z"},
        "tick": {"tick": anchor.tick + 1_000},
        "capacity": {"capacity": chance.choice([0, 128, 300, 512, 2**60])},
    }[chance.choice(["root", "at", "tick", "capacity"])]
    made.anchored[number] = (replace(anchor, **bent), seed, heads)
    return "tick" if "at" not in bent else "checkpoint"


def anchored_head(made: Ledger, chance: random.Random) -> str:
    number = chance.randrange(1, len(made.anchored))
    anchor, seed, heads = made.anchored[number]
    which = chance.randrange(len(heads))
    bent = chance.choice([{"size": heads[which].size + 1}, {"root": "0" * 64}, {"salt": seed}])
    heads = [*heads]
    heads[which] = replace(heads[which], **bent)
    if chance.random() < 0.3:
        heads.pop(which)
    made.anchored[number] = (anchor, seed, heads)
    return f"anchor of tick {anchor.tick}: "


def head_bent(made: Ledger, chance: random.Random) -> str:
    trail = made.trails[ALDER]
    if chance.random() < 0.5:
        trail.leaf = "0" * 64
    else:
        trail.frontier = made.trails[BIRCH].frontier
    return f"trail {ALDER}: its head"


def row_altered(made: Ledger, chance: random.Random) -> str:
    record = chance.choice(sorted(made.rows[TABLE]))
    made.rows[TABLE][record] = made.rows[TABLE][record].replace('"level":', '"level":1')
    return f"{TABLE} {record} differs from the trail in level"


def row_removed(made: Ledger, chance: random.Random) -> str:
    record = chance.choice(sorted(made.rows[TABLE]))
    del made.rows[TABLE][record]
    return f"{TABLE} {record} is missing from its table"


def row_smuggled_in(made: Ledger, chance: random.Random) -> str:
    record = uuid("smuggled", chance.random())
    table = chance.choice([TABLE, "ratings_rating"])
    made.rows.setdefault(table, {})[record] = '{"level":5}'
    return f"{table} {record} stands in its table, but the trail does not know it"


def row_restored(made: Ledger, chance: random.Random) -> str:
    made.rows[TABLE][uuid("record", 0)] = "{}"
    return "but the trail says it was deleted"


def row_set_back(made: Ledger, chance: random.Random) -> str:
    """An earlier state, with the changes exchanged so that it looks like the newest."""
    record = uuid("record", 1 + chance.randrange(14))
    own = [change for change in made.trails[ALDER].changes if change["record_id"] == record]
    made.rows[TABLE][record] = own[0]["after"]
    if chance.random() < 0.5:
        own[0]["after"], own[1]["after"] = own[1]["after"], own[0]["after"]
    return record


MANY: dict[Tampering, int] = {
    column: 60,
    content_and_column: 15,
    change_text: 30,
    change_removed: 15,
    change_without_event: 10,
    event_removed: 15,
    event_doubled: 15,
    seqs_exchanged: 15,
    tail_cut: 20,
    trail_gone: 6,
    rewritten: 15,
    rewritten_with_anchors: 15,
    anchors_cut: 6,
    anchor_field: 25,
    anchored_head: 25,
    head_bent: 8,
    row_altered: 15,
    row_removed: 10,
    row_smuggled_in: 10,
    row_restored: 1,
    row_set_back: 15,
}


@pytest.mark.requirement("R07")
@pytest.mark.requirement("R08")
@pytest.mark.parametrize("tampering", MANY, ids=lambda tampering: tampering.__name__)
def test_every_tampering_is_found_and_named(tampering: Tampering) -> None:
    for seed in range(MANY[tampering]):
        made = fresh()
        named = tampering(made, random.Random(f"{tampering.__name__} {seed}"))
        report = verified(made)
        assert not report.valid, (seed, named)
        assert named in "\n".join(report.faults), (seed, named, report.faults)


@pytest.mark.requirement("R08")
def test_a_tail_cut_from_everything_is_known_from_outside_alone() -> None:
    made = fresh()
    trail = made.trails[ALDER]
    sizes = [next(h.size for h in heads if h.trail == ALDER) for _, _, heads in made.anchored]
    cut(trail, sizes[-2])
    made.anchored.pop()
    assert verify_installation(made, made.checkpoints[:-1], VKEY).fault_count  # the rows remain
    report = verify_installation(made, made.checkpoints, VKEY)
    assert "only 6 stand here: position 6 and later were cut off" in "\n".join(report.faults)


def test_a_checkpoint_of_another_key_is_a_fault() -> None:
    made = fresh()
    other = type(KEY).from_seed(KEY.name, bytes(32)).vkey()
    report = verify_installation(made, made.checkpoints, other)
    assert passed(report)["signature"] is False
    assert report.fault_count == len(made.checkpoints)


@pytest.mark.parametrize("text", ["", "x", "\udcff", "a\n1\nb\n\n— a b\n", "x" * 200_000])
def test_a_file_that_is_no_checkpoint_is_named(text: str) -> None:
    report = verify_installation(fresh(), [("junk.txt", text)], VKEY)
    assert str(report.first_bad).startswith("checkpoint junk.txt ")
