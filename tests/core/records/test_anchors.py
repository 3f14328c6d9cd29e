"""Every head gets a slot nobody can guess, and a proof that says nothing of the others."""

from __future__ import annotations

import json

import pytest

from openqmm.core.records import Head, anchor_again, anchor_heads, canonical_json
from openqmm.core.records.anchors import capacity_for
from openqmm.core.verifier.anchors import head_leaf, padding_leaf, tick_leaf
from openqmm.core.verifier.tree import root_by_path
from tests.core.verifier.ledgers import drawn, uuid

AT = "2027-03-01T09:30:00.123456Z"
SEED = drawn("seed")


def heads(count: int) -> list[Head]:
    return [Head(uuid(n), n, drawn("root", n).hex(), drawn("salt", n)) for n in range(count)]


def test_every_head_is_proven_under_the_root() -> None:
    anchor = anchor_heads(heads(300), tick=7, at=AT, seed=SEED)
    assert anchor.capacity == 512
    for head in heads(300)[::29]:
        leaf = head_leaf(head.trail, 7, head.size, head.root, head.salt.hex())
        root = root_by_path(leaf, anchor.slots[head.trail], 512, anchor.path(head.trail))
        assert root.hex() == anchor.root
    assert anchor.leaf() == tick_leaf(7, AT, anchor.root)
    assert anchor.entry() == canonical_json(json.loads(anchor.entry()))
    assert head.entry(7) == canonical_json(json.loads(head.entry(7)))


def test_order_of_heads_does_not_matter_and_the_seed_does() -> None:
    anchor = anchor_heads(heads(9), tick=7, at=AT, seed=SEED)
    assert anchor_heads(reversed(heads(9)), tick=7, at=AT, seed=SEED) == anchor
    other = anchor_heads(heads(9), tick=7, at=AT, seed=drawn("another"))
    assert other.slots != anchor.slots
    assert sorted(anchor.slots.values()) != list(range(9))


def test_the_other_slots_hold_what_the_seed_gives() -> None:
    anchor = anchor_heads(heads(3), tick=7, at=AT, seed=SEED)
    free = set(range(256)) - set(anchor.slots.values())
    assert all(anchor.leaves[slot] == padding_leaf(SEED, slot) for slot in free)
    assert len(set(anchor.leaves)) == 256


def test_slots_are_spread_evenly() -> None:
    """Each slot is as likely as another: 256 bins, 4 per bin expected, chi-square within 5 sd."""
    counts = [0] * 256
    for n in range(1024):
        anchor_slots = anchor_heads(heads(1), tick=n, at=AT, seed=drawn(n)).slots
        counts[anchor_slots[uuid(0)]] += 1
    chi2 = sum((count - 4) ** 2 / 4 for count in counts)
    assert abs(chi2 - 255) < 5 * (2 * 255) ** 0.5


def test_an_anchor_is_made_again_from_its_rows() -> None:
    anchor = anchor_heads(heads(5), tick=7, at=AT, seed=SEED)
    placed = {anchor.slots[head.trail]: head for head in heads(5)}
    assert anchor_again(7, AT, SEED, placed, anchor.capacity) == anchor


@pytest.mark.parametrize(("count", "capacity"), [(0, 256), (255, 256), (256, 512), (511, 512)])
def test_one_slot_is_always_free(count: int, capacity: int) -> None:
    assert capacity_for(count) == capacity


def test_what_would_link_or_forge_heads_is_refused() -> None:
    twice = [*heads(2), heads(1)[0]]
    with pytest.raises(ValueError, match="given twice"):
        anchor_heads(twice, tick=7, at=AT, seed=SEED)
    with pytest.raises(ValueError, match="32 bytes"):
        anchor_heads(heads(2), tick=7, at=AT, seed=b"short")
