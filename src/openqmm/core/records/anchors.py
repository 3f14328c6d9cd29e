"""Tying the heads of all trails into one tree, so that a proof tells nothing of the others.

References
----------
docs/reference/audit-trail.md, "Anchors and checkpoints".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from openqmm.core.records.tree import inclusion_path, leaf_hash, tree_root

FEWEST_SLOTS = 256


@dataclass(frozen=True, slots=True)
class Head:
    """A trail's head at one tick: its size and root, under 32 random bytes of its own."""

    trail: str
    size: int
    root: str
    salt: bytes

    def entry(self, tick: int) -> bytes:
        """Return the canonical bytes that stand in this head's slot at `tick`."""
        return (
            f'{{"root":"{self.root}","salt":"{self.salt.hex()}","size":{self.size},'
            f'"tick":{tick},"trail":"{self.trail}"}}'
        ).encode()


@dataclass(frozen=True, slots=True)
class Anchor:
    """All heads at one tick, each in its slot; `leaves` holds every slot's leaf hash."""

    tick: int
    at: str
    capacity: int
    slots: dict[str, int]
    leaves: tuple[bytes, ...]
    root: str

    def entry(self) -> bytes:
        """Return the canonical bytes of the tick's entry in the installation's tree."""
        return f'{{"at":"{self.at}","root":"{self.root}","tick":{self.tick}}}'.encode()

    def leaf(self) -> bytes:
        """Return the leaf hash of the tick's entry."""
        return leaf_hash(self.entry())

    def path(self, trail: str) -> list[bytes]:
        """Return the path from a trail's slot to the tick's root (KeyError for another trail)."""
        return inclusion_path(self.leaves, self.slots[trail])


def capacity_for(heads: int) -> int:
    """Return how many slots this many heads take: a power of two with at least one to spare."""
    return max(FEWEST_SLOTS, 1 << heads.bit_length())


def anchor_heads(heads: Iterable[Head], *, tick: int, at: str, seed: bytes) -> Anchor:
    """Return the anchor of `heads` at a tick.

    The same arguments give the same anchor, whatever the order of the heads.

    Parameters
    ----------
    heads : one for each trail; salts must be fresh at each tick, or two ticks can be linked.
    tick : Unix time divided by 300.
    at : UTC with six digits of microseconds and a Z.
    seed : 32 random bytes of this tick alone; who knows them knows which slots are empty.

    Raises
    ------
    ValueError
        A trail stands there twice, or the seed or a salt has not 32 bytes.
    """
    given = list(heads)
    by_trail = {head.trail: head for head in given}
    if len(by_trail) != len(given):
        raise ValueError("A trail has one head at a tick; some were given twice.")
    if any(len(chance) != 32 for chance in (seed, *(head.salt for head in given))):
        raise ValueError("The seed and every salt have 32 bytes.")
    trails = sorted(by_trail)
    capacity = capacity_for(len(trails))
    slots = dict(zip(trails, _shuffled(seed, capacity), strict=False))
    leaves = [padding_leaf(seed, slot) for slot in range(capacity)]
    for trail, slot in slots.items():
        leaves[slot] = leaf_hash(by_trail[trail].entry(tick))
    return Anchor(tick, at, capacity, slots, tuple(leaves), tree_root(leaves).hex())


def anchor_again(tick: int, at: str, seed: bytes, placed: dict[int, Head], capacity: int) -> Anchor:
    """Return an anchor of the past from its stored parts, for the paths of its heads.

    Parameters
    ----------
    placed : the heads by the slot they took.
    """
    leaves = [
        leaf_hash(placed[slot].entry(tick)) if slot in placed else padding_leaf(seed, slot)
        for slot in range(capacity)
    ]
    slots = {head.trail: slot for slot, head in placed.items()}
    return Anchor(tick, at, capacity, slots, tuple(leaves), tree_root(leaves).hex())


def padding_leaf(seed: bytes, slot: int) -> bytes:
    """Return the leaf of a slot without a head; nobody without the seed can tell it from one."""
    return leaf_hash(hashlib.sha256(seed + slot.to_bytes(4, "big")).digest())


def _shuffled(seed: bytes, capacity: int) -> list[int]:
    # Another prefix than the padding's, so that a slot's leaf says nothing of the order.
    def key(slot: int) -> bytes:
        return hashlib.sha256(b"slot" + seed + slot.to_bytes(4, "big")).digest()

    return sorted(range(capacity), key=key)
