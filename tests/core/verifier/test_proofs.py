"""Small proofs verify on their own, and any changed byte undoes them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.records import (
    Frontier,
    consistency_path,
    consistency_proof,
    event_proof,
    inclusion_path,
    tree_root,
)
from openqmm.core.records.canonical import plain_json
from openqmm.core.verifier import verify_checkpoint, verify_consistency, verify_proof
from tests.core.verifier.ledgers import ALDER, VKEY, ledger

LEDGER = ledger(40)
TRAIL = LEDGER.trails[ALDER]
EVENTS = list(TRAIL.stored())
CHECKPOINT = LEDGER.checkpoint()


def proof_of(seq: int) -> str:
    anchor = LEDGER.anchor_proof(ALDER)
    path = inclusion_path(TRAIL.leaves[: anchor.size], seq)
    return event_proof(ALDER, EVENTS[seq], path, anchor)


def consistency(first: int, second: int) -> str:
    leaves = TRAIL.leaves[:second]
    old = (first, tree_root(leaves[:first]).hex())
    path = consistency_path(leaves, first) if first else []
    return consistency_proof(ALDER, old, (second, tree_root(leaves).hex()), path)


PROOF, CONSISTENCY = proof_of(17), consistency(13, 40)


@pytest.mark.parametrize("seq", range(0, 41, 5))
def test_every_event_is_proven(seq: int) -> None:
    report = verify_proof(proof_of(seq), VKEY)
    assert report.valid, report.faults
    assert all(check.passed for check in report.checks)


def test_what_was_looked_at_is_said() -> None:
    anchor = json.loads(PROOF)["anchor"]
    facts = json.loads(EVENTS[17].content)
    assert [(check.name, check.detail) for check in verify_proof(PROOF, VKEY).checks] == [
        ("format", "openqmm-proof/1"),
        ("content", f"{facts['actor']['name']} recorded a score, {facts['at']}"),
        ("place", f"entry 17 of {anchor['size']} as anchored"),
        (
            "anchor",
            f"{anchor['size']} events at {anchor['at']}, under the checkpoint of "
            "openqmm.example/trail at 9 ticks",
        ),
        ("signature", "signed by openqmm.example/trail"),
    ]
    assert [(check.name, check.detail) for check in verify_consistency(CONSISTENCY).checks] == [
        ("format", "openqmm-consistency/1"),
        ("consistency", f"trail {ALDER} only grew from 13 to 40 events"),
    ]
    root = tree_root(LEDGER.ticks).hex()
    assert [(check.name, check.detail) for check in verify_checkpoint(CHECKPOINT, VKEY).checks] == [
        ("format", f"openqmm.example/trail, 9 ticks, root {root}"),
        ("signature", "signed by openqmm.example/trail"),
    ]


@pytest.mark.parametrize(
    ("change", "check", "words"),
    [
        ({"index": 16}, "place", "its index is 16, its seq another"),
        ({"path": []}, "place", "its path does not fit a trail of 41"),
        (
            {"path": ["0" * 64] * 6},
            "place",
            "the salt and content do not lead to the root that was anchored",
        ),
        ({"content": "{}"}, "content", "its content does not hold the facts of an event: "),
        ({"seq": "17"}, "format", "seq is malformed"),
    ],
)
def test_what_is_wrong_is_told_under_its_check(
    change: dict[str, object], check: str, words: str
) -> None:
    report = verify_proof(plain_json(json.loads(PROOF) | change), VKEY)
    (named,) = [one for one in report.checks if one.name == check]
    assert named.passed is False
    assert words in named.detail


def test_an_older_anchor_proves_an_older_event() -> None:
    anchor = LEDGER.anchor_proof(ALDER, 3)
    path = inclusion_path(TRAIL.leaves[: anchor.size], 4)
    assert verify_proof(event_proof(ALDER, EVENTS[4], path, anchor), VKEY).valid


def test_without_a_key_the_signature_is_not_said_to_hold() -> None:
    for report in (verify_proof(PROOF), verify_checkpoint(CHECKPOINT)):
        assert {check.name: check.passed for check in report.checks}["signature"] is None


@given(st.integers(0, len(PROOF.encode()) - 2), st.integers(0, 7))
def test_no_bit_of_a_proof_can_change(place: int, bit: int) -> None:
    assert not verify_proof(altered(PROOF, place, bit), VKEY).valid


@given(st.integers(0, len(CHECKPOINT.encode()) - 1), st.integers(0, 7))
def test_no_bit_of_a_checkpoint_can_change(place: int, bit: int) -> None:
    assert not verify_checkpoint(altered(CHECKPOINT, place, bit), VKEY).valid


@given(st.integers(0, len(CONSISTENCY.encode()) - 2), st.integers(0, 7))
def test_no_bit_of_a_consistency_proof_can_change(place: int, bit: int) -> None:
    """But in the trail's id: the two heads are bound to each other, not to a name."""
    text = altered(CONSISTENCY, place, bit)
    start = CONSISTENCY.index(ALDER)
    if not start <= place < start + len(ALDER):
        assert not verify_consistency(text).valid


def altered(text: str, place: int, bit: int) -> str:
    raw = bytearray(text.encode())
    raw[place] ^= 1 << bit
    return raw.decode("utf-8", "surrogateescape")


@pytest.mark.parametrize("first", [0, 1, 2, 13, 32, 39, 40])
def test_a_trail_that_only_grew_is_proven(first: int) -> None:
    report = verify_consistency(consistency(first, 40))
    assert report.valid, report.first_bad


def test_a_trail_that_was_rewritten_is_not() -> None:
    document = json.loads(CONSISTENCY)
    other = Frontier()
    for leaf in reversed(TRAIL.leaves[:13]):
        other.append(leaf)
    document["first"]["root"] = other.root().hex()
    report = verify_consistency(plain_json(document))
    assert "does not show that it only grew" in str(report.first_bad)


@pytest.mark.parametrize(
    "change",
    [
        {"first": {"size": 41, "root": "0" * 64}},
        {"path": []},
        {"path": ["0" * 64] * 65},
        {"path": ["z" * 64]},
        {"first": {"size": 0, "root": "0" * 64}},
        {"first": {"size": 2**60, "root": "0" * 64}},
    ],
)
def test_a_consistency_proof_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    assert not verify_consistency(plain_json(json.loads(CONSISTENCY) | change)).valid


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"path": ["0" * 64] * 7}, "its path has 7 levels; expected at least 8"),
        ({"slot": 256}, "its path does not fit its slot"),
        ({"path": ["0" * 64] * 8}, "does not lead to the root of the checkpoint"),
        ({"tlog_proof": ""}, "its log proof is not a log proof of version 1"),
        ({"tlog_proof": "c2sp.org/tlog-proof@v1\nindex 0\n\n"}, "is not a signed checkpoint"),
        ({"tlog_proof": "x" * 200_000}, "its log proof is longer than any log proof"),
        (
            {"tlog_proof": f"c2sp.org/tlog-proof@v1\nindex 9\n\n{CHECKPOINT}"},
            "its log proof does not fit the checkpoint's size",
        ),
        ({"size": 3}, "its path does not fit a trail of 3"),
        ({"tick": -1}, "the file: anchor is malformed"),
    ],
)
def test_an_anchor_that_cannot_be_is_refused(change: dict[str, object], words: str) -> None:
    document = json.loads(PROOF)
    document["anchor"] |= change
    report = verify_proof(plain_json(document), VKEY)
    assert not report.valid
    assert words in str(report.first_bad)


NONSENSE = [
    "",
    "\n\n",
    "{}",
    "[" * 100_000,
    "\udcff",
    "null",
    "x" * 200_000,
    "a\n1\nAA==\n\n— a b\n",
]


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_refused_in_a_sentence(text: str) -> None:
    for report in (
        verify_proof(text, VKEY),
        verify_consistency(text),
        verify_checkpoint(text, VKEY),
    ):
        assert not report.valid
        assert str(report.first_bad).startswith("the file")


def test_a_key_that_is_none_is_the_fault() -> None:
    assert "the key given" in str(verify_checkpoint(CHECKPOINT, "no key").first_bad)


def test_a_signature_of_an_unknown_key_changes_nothing() -> None:
    other = "— witness.example AAAAAAAAAAA="
    assert verify_checkpoint(f"{CHECKPOINT}{other}\n", VKEY).valid
