"""A fault of a database is told in one place: under its check, in its words, and no other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import pytest

from openqmm.core.records import Head, anchor_again
from openqmm.core.verifier import Report, verify_installation
from tests.core.verifier.ledgers import (
    ALDER,
    BIRCH,
    KEY,
    TABLE,
    VKEY,
    Ledger,
    at,
    drawn,
    ledger,
    uuid,
)

EMPTY = sha256(b"").hexdigest()


def failed(report: Report) -> dict[str, str]:
    """Return the faults of every check that failed."""
    return {
        check.name: check.detail.partition("\n")[2]
        for check in report.checks
        if check.passed is False
    }


def verified(made: Ledger) -> Report:
    return verify_installation(made, made.checkpoints, VKEY)


def test_what_was_looked_at_is_said_in_numbers() -> None:
    report = verified(ledger(12))
    assert [(check.name, check.detail) for check in report.checks] == [
        ("triggers", "changes are captured, and refused outside an event"),
        ("anchors", "4 ticks"),
        ("checkpoints", "4 given, the newest of 4 ticks"),
        ("signature", "signed by openqmm.example/trail"),
        ("events", "17 events, gapless, each linked to the last"),
        ("contents", "every content, column, change and salt fits"),
        ("heads", "every trail's head is that of its events"),
        ("anchored", "every anchored head is that of its trail at that size"),
        ("records", "9 rows in 1 tables are as the trail left them"),
    ]


def test_what_was_not_given_is_not_said_to_hold() -> None:
    made = ledger(12)
    said = {c.name: (c.passed, c.detail) for c in verify_installation(made, [], None).checks}
    assert said["checkpoints"] == (
        None,
        "none were given: nothing outside the database vouches for it",
    )
    given = verify_installation(made, made.checkpoints[:1], None)
    said = {c.name: (c.passed, c.detail) for c in given.checks}
    assert said["checkpoints"] == (True, "1 given, the newest of 1 ticks")
    assert said["signature"] == (None, "not checked: no key was given")
    empty = verify_installation(Ledger(), [], VKEY)
    assert {c.name: c.detail for c in empty.checks}["events"].startswith("0 events")


def taken_out(made: Ledger) -> None:
    del made.trails[ALDER].events[3:5]
    gone = {event["id"] for event in made.trails[ALDER].events}
    made.trails[ALDER].changes = [c for c in made.trails[ALDER].changes if c["event_id"] in gone]


def one_taken_out(made: Ledger) -> None:
    made.trails[ALDER].events.pop(3)
    made.trails[ALDER].changes.pop(3)


def doubled(made: Ledger) -> None:
    events = made.trails[ALDER].events
    events.insert(4, {**events[3], "prev": events[3]["leaf"]})


@pytest.mark.requirement("R08")
@pytest.mark.parametrize(
    ("bend", "words"),
    [
        (taken_out, ["not linked to the event before it", "event 3 to 4 is missing before it"]),
        (one_taken_out, ["not linked to the event before it", "event 3 is missing before it"]),
        (doubled, ["it stands there twice"]),
    ],
)
def test_events_out_of_place_are_counted(bend: Callable[[Ledger], None], words: list[str]) -> None:
    made = ledger(12)
    bend(made)
    named = failed(verified(made))["events"].splitlines()
    assert len(named) == len(words)
    assert all(line.endswith(said) for line, said in zip(named, words, strict=True))


def test_an_event_that_cannot_be_read_is_one_fault_of_the_events() -> None:
    made = ledger(12)
    event = made.trails[ALDER].events[5]
    event["leaf"] = "x"
    named = failed(verified(made))["events"].splitlines()
    assert named[0] == f"trail {ALDER} event 5 ({event['id']}): leaf is malformed"
    assert [line.partition("): ")[2] for line in named[1:]] == [
        "it is not linked to the event before it"
    ]


def test_events_without_a_head_are_a_fault_and_a_trail_without_either_is_none() -> None:
    made = ledger(12)
    made.heads = lambda: iter([])  # type: ignore[method-assign]
    assert failed(verified(made))["heads"].splitlines() == [
        f"trail {id_} has {len(trail.events):,} events but no head"
        for id_, trail in sorted(made.trails.items())
    ]
    empty = Ledger()
    empty.heads = lambda: iter([])  # type: ignore[method-assign]
    empty.anchor()
    assert verified(empty).valid


def test_a_trail_that_does_not_exist_has_no_head() -> None:
    made = Ledger()
    made.heads = lambda: iter(  # type: ignore[method-assign]
        [{"trail_id": ALDER, "size": 0, "leaf": "", "frontier": None}]
    )
    assert verified(made).valid
    made.heads = lambda: iter(  # type: ignore[method-assign]
        [{"trail_id": ALDER, "size": 1, "leaf": "", "frontier": None}]
    )
    assert list(failed(verified(made))) == ["heads"]


# The anchors.


def anchored(made: Ledger, tick: int, heads: dict[int, Head]) -> None:
    """Anchor given heads in given slots, as somebody might who writes to the database."""
    seed = drawn("seed", tick)
    anchor = anchor_again(tick, at(tick), seed, heads, 256)
    made.anchored.append((anchor, seed, list(heads.values())))


def head(number: int, size: int = 0) -> Head:
    return Head(uuid("trail", number), size, EMPTY, drawn("salt", number))


def test_a_head_that_gets_shorter_is_a_fault_of_the_anchors() -> None:
    made = Ledger()
    made.score(ALDER, uuid("x"), 3)
    one = Head(ALDER, 1, made.trails[ALDER].frontier.root().hex(), drawn("one"))
    anchored(made, 7, {0: one})
    anchored(made, 8, {0: Head(ALDER, 0, EMPTY, drawn("none"))})
    assert failed(verified(made)) == {
        "anchors": f"anchor of tick 8: trail {ALDER} is anchored with 0 events, after 1 before"
    }


def test_a_head_that_goes_missing_is_a_fault_of_the_anchors() -> None:
    made = Ledger()
    anchored(made, 7, {0: head(0), 1: head(1)})
    anchored(made, 8, {1: head(1)})
    assert failed(verified(made)) == {
        "anchors": f"anchor of tick 8: the head of trail {uuid('trail', 0)} is missing"
    }


@pytest.mark.parametrize(("tick", "words"), [(7, "it follows tick 7"), (6, "it follows tick 7")])
def test_ticks_go_forward(tick: int, words: str) -> None:
    made = Ledger()
    anchored(made, 7, {})
    anchored(made, tick, {})
    assert failed(verified(made)) == {"anchors": f"anchor of tick {tick}: {words}"}


@pytest.mark.parametrize("capacity", [0, 128, 255, 300, 2**25, 2**53])
def test_a_number_of_slots_is_a_power_of_two_in_bounds(capacity: int) -> None:
    made = Ledger()
    anchored(made, 7, {})
    anchor, seed, heads = made.anchored[0]
    made.anchored[0] = (replace(anchor, capacity=capacity), seed, heads)
    assert failed(verified(made)) == {
        "anchors": f"anchor of tick 7: {capacity} is no number of slots"
    }


def test_a_slot_stays_free() -> None:
    made = Ledger()
    anchored(made, 7, {slot: head(slot) for slot in range(255)})
    assert verified(made).valid
    made = Ledger()
    anchored(made, 7, {slot: head(slot) for slot in range(256)})
    words = "two heads share a slot or a trail, or no slot is free"
    assert failed(verified(made)) == {"anchors": f"anchor of tick 7: {words}"}


@pytest.mark.parametrize("shared", ["slot", "trail_id"])
def test_a_slot_has_one_head_and_a_trail_one_slot(shared: str) -> None:
    made = Ledger()
    anchored(made, 7, {0: head(0), 1: head(1)})
    first, second = made.anchored_heads()
    made.anchored_heads = lambda: iter(  # type: ignore[method-assign]
        [first, second | {shared: first[shared]}]
    )
    words = "two heads share a slot or a trail, or no slot is free"
    assert failed(verified(made)) == {"anchors": f"anchor of tick 7: {words}"}


def test_heads_of_no_anchor_are_named() -> None:
    made = Ledger()
    anchored(made, 7, {})
    stray = {"anchor_id": 9, "trail_id": ALDER, "slot": 1, "size": 0, "root": EMPTY, "salt": EMPTY}
    made.anchored_heads = lambda: iter([stray])  # type: ignore[method-assign]
    assert failed(verified(made)) == {"anchors": "heads of tick 9 belong to no anchor"}


def test_a_checkpoint_that_cannot_be_read_is_a_fault_of_the_checkpoints() -> None:
    report = verify_installation(Ledger(), [("a.txt", "x")], VKEY)
    assert failed(report) == {"checkpoints": "checkpoint a.txt is not a signed checkpoint"}


@pytest.mark.requirement("R08")
def test_the_newest_checkpoint_that_holds_says_from_where_on_it_was_rewritten() -> None:
    made = ledger(12)
    anchor, seed, heads = made.anchored[2]
    made.anchored[2] = (replace(anchor, at=at(0)), seed, heads)
    words = "has another root than the anchors here: one after position 1 was rewritten"
    assert failed(verify_installation(made, made.checkpoints, VKEY)) == {
        "checkpoints": f"checkpoint 3.txt of 3 ticks {words}\ncheckpoint 4.txt of 4 ticks {words}"
    }


def test_the_first_tick_rewritten_leaves_none_that_holds() -> None:
    made = ledger(12)
    anchor, seed, heads = made.anchored[0]
    made.anchored[0] = (replace(anchor, at=at(0)), seed, heads)
    report = verify_installation(made, made.checkpoints, VKEY)
    words = "has another root than the anchors here: one after position -1 was rewritten"
    assert failed(report)["checkpoints"].splitlines()[0].endswith(words)


def test_of_several_keys_the_first_is_named_and_one_is_enough() -> None:
    other = type(KEY).from_seed("other.example/trail", bytes(32)).vkey()
    made = ledger(2)
    for keys, named in ((f"{other} {VKEY}", "other"), (f"{VKEY} {other}", "openqmm")):
        report = verify_installation(made, made.checkpoints, keys)
        said = {check.name: check.detail for check in report.checks}
        assert said["signature"] == f"signed by {named}.example/trail"


def test_checks_are_told_in_their_order_whatever_fails_first() -> None:
    made = ledger(12)
    names = [check.name for check in verified(made).checks]
    made.trails[ALDER].events[5]["what"] = "another"
    report = verified(made)
    assert list(failed(report)) == ["contents"]
    assert [check.name for check in report.checks] == names
    made = ledger(12)
    made.trigger_fault = "the trigger of x was dropped"
    assert failed(verified(made)) == {"triggers": "the trigger of x was dropped"}


# The records.


def test_a_table_that_only_the_trail_knows_is_looked_at() -> None:
    made = ledger(12)
    made.rows.clear()
    assert failed(verified(made)).keys() == {"records"}
    assert f"{TABLE} {uuid('record', 1)} is missing from its table" in str(verified(made).faults)


def test_a_change_that_begins_elsewhere_is_a_fault_of_the_records() -> None:
    made = Ledger()
    record = uuid("x")
    made.score(ALDER, record, 3)
    made.rows[TABLE][record] = "no row"
    made.score(ALDER, record, 4)
    words = f"{TABLE} {record} change 2 does not begin where the last ended"
    assert failed(verified(made)) == {"records": words}


@pytest.mark.parametrize("spelt", ["x", "[]", "[" * 100_000])
def test_a_row_that_is_no_object_is_named(spelt: str) -> None:
    made = Ledger()
    record = uuid("x")
    made.score(ALDER, record, 3)
    made.rows[TABLE][record] = spelt
    words = f"{TABLE} {record} the row or its newest change is not a JSON object"
    assert failed(verified(made)) == {"records": words}


@pytest.mark.parametrize(
    ("value", "text"), [("\ud800", "\ud800"), (["ä", None], '["ä",null]'), (True, "true")]
)
def test_whatever_is_withheld_has_its_digest(value: object, text: str) -> None:
    made = Ledger()
    made.digest_only = frozenset({"note"})
    record = uuid("secret")
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    made.score(ALDER, record, 3, note=f"sha256:{digest}")
    made.rows[TABLE][record] = json.dumps({"id": record, "level": 3, "note": value})
    assert verified(made).valid
    made.rows[TABLE][record] = json.dumps({"id": record, "level": 3, "note": f"{value}x"})
    assert failed(verified(made)) == {"records": f"{TABLE} {record} differs from the trail in note"}


def test_text_without_a_form_in_bytes_fits_no_content() -> None:
    made = ledger(2)
    change = made.trails[BIRCH].changes[0]
    change["after"] = "\ud800"
    words = (
        f"{TABLE} {change['record_id']}: the text of “after” is not the one its content tells of"
    )
    assert words in failed(verified(made))["contents"]
