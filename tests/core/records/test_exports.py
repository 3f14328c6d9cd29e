"""The files a trail leaves in, byte for byte as docs/reference/audit-trail.md describes them."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from openqmm.core.records import Change, Head, anchor_heads
from openqmm.core.records.exports import (
    AnchorProof,
    StoredEvent,
    anchor_proof,
    consistency_proof,
    event_proof,
    trail_head_line,
    trail_lines,
)
from tests.core.verifier.ledgers import ALDER, drawn, uuid

ANCHOR = AnchorProof(7, "2027-03-01T09:30:00.123456Z", 3, "ab", "cd", 5, ["ef"], "a proof\n")
ANCHOR_TEXT = (
    '{"at":"2027-03-01T09:30:00.123456Z","path":["ef"],"root":"ab","salt":"cd","size":3,"slot":5,'
    '"tick":7,"tlog_proof":"a proof\\n"}'
)
EVENT = StoredEvent(4, "p", "l", "s", '{"why":""}', [Change("table", "record", None, "{}")])


@pytest.mark.parametrize(("anchor", "text"), [(None, "null"), (ANCHOR, ANCHOR_TEXT)])
def test_the_first_line_of_an_exported_trail(anchor: AnchorProof | None, text: str) -> None:
    line = trail_head_line(ALDER, "Alder", size=5, root="ab", anchor=anchor)
    assert line == (
        f'{{"anchor":{text},"format":"openqmm-trail/1","name":"Alder","root":"ab","size":5,'
        f'"trail":"{ALDER}"}}\n'
    )


def test_a_line_of_an_event() -> None:
    assert list(trail_lines([EVENT, EVENT])) == 2 * [
        '{"changes":[{"after":"{}","before":null,"record":"record","table":"table"}],'
        '"content":"{\\"why\\":\\"\\"}","leaf":"l","prev":"p","salt":"s","seq":4}\n'
    ]


def test_a_proof_of_an_event() -> None:
    assert event_proof(ALDER, EVENT, [b"\x01", b"\x02"], ANCHOR) == (
        f'{{"anchor":{ANCHOR_TEXT},"content":"{{\\"why\\":\\"\\"}}","format":"openqmm-proof/1",'
        f'"index":4,"path":["01","02"],"prev":"p","salt":"s","seq":4,"trail":"{ALDER}"}}\n'
    )


def test_a_proof_of_consistency() -> None:
    assert consistency_proof(ALDER, (2, "ab"), (5, "cd"), [b"\x01"]) == (
        '{"first":{"root":"ab","size":2},"format":"openqmm-consistency/1","path":["01"],'
        f'"second":{{"root":"cd","size":5}},"trail":"{ALDER}"}}\n'
    )


def test_a_proof_of_an_anchor_tells_of_its_own_head_alone() -> None:
    heads = [Head(uuid(n), n, drawn("root", n).hex(), drawn("salt", n)) for n in range(3)]
    anchor = anchor_heads(heads, tick=7, at=ANCHOR.at, seed=drawn("seed"))
    proof = asdict(anchor_proof(anchor, heads[1], "a proof\n"))
    assert proof == {
        "tick": 7,
        "at": ANCHOR.at,
        "size": 1,
        "root": heads[1].root,
        "salt": heads[1].salt.hex(),
        "slot": anchor.slots[uuid(1)],
        "path": [node.hex() for node in anchor.path(uuid(1))],
        "tlog_proof": "a proof\n",
    }
    assert not {heads[0].root, heads[2].root} & set(json.dumps(proof).split('"'))
