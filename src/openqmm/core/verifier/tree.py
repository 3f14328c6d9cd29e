"""Merkle trees as a reader computes them (RFC 9162, sections 2.1.3 and 2.1.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256


class BadPath(Exception):
    """A path that does not fit the tree it is said to be of."""


def hash_leaf(entry: bytes) -> bytes:
    """Return an entry's leaf hash."""
    return sha256(b"\x00" + entry).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return a node's hash."""
    return sha256(b"\x01" + left + right).digest()


class GrowingTree:
    """A tree that leaves are added to; place `n` holds the root of a perfect subtree of 2**n."""

    def __init__(self) -> None:
        self.size = 0
        self._at_height: list[bytes | None] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf hash."""
        self.size += 1
        carried = leaf
        for height, full in enumerate(self._at_height):
            if full is None:
                self._at_height[height] = carried
                return
            carried = sha256(b"\x01" + full + carried).digest()
            self._at_height[height] = None
        self._at_height.append(carried)

    def subtrees(self) -> list[bytes]:
        """Return the roots of the perfect subtrees, largest first."""
        return [full for full in reversed(self._at_height) if full is not None]

    def root(self) -> bytes:
        """Return the root of the tree so far."""
        smallest_first = (full for full in self._at_height if full is not None)
        folded = next(smallest_first, None)
        if folded is None:
            return sha256(b"").digest()
        for full in smallest_first:
            folded = hash_children(full, folded)
        return folded


def root_over(leaves: Iterable[bytes]) -> bytes:
    """Return the root over leaf hashes."""
    tree = GrowingTree()
    for leaf in leaves:
        tree.add(leaf)
    return tree.root()


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """Return the root that a leaf's path leads to (RFC 9162, 2.1.3.2); BadPath if it cannot."""
    if not 0 <= index < size:
        raise BadPath
    node = leaf
    for on_the_left, beside in _climb(index, size - 1, path):
        node = hash_children(beside, node) if on_the_left else hash_children(node, beside)
    return node


def roots_by_consistency(
    first: int, second: int, first_root: bytes, path: Sequence[bytes]
) -> tuple[bytes, bytes]:
    """Return the roots of both trees that a proof leads to (RFC 9162, 2.1.4.2).

    They must be compared with the roots that were stated. BadPath where the proof fits no two
    trees of these sizes; `first` must be at least 1.
    """
    if not 1 <= first <= second:
        raise BadPath
    if first == second:
        if path:
            raise BadPath
        return first_root, first_root
    # A whole subtree as the old tree is not in the proof: its root is what was stated.
    nodes = [*([first_root] if first & (first - 1) == 0 else []), *path]
    if not nodes:
        raise BadPath
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = nodes[0]
    for on_the_left, beside in _climb(place, last, nodes[1:]):
        if on_the_left:
            old = hash_children(beside, old)
        new = hash_children(beside, new) if on_the_left else hash_children(new, beside)
    return old, new


def _climb(place: int, last: int, path: Iterable[bytes]) -> Iterator[tuple[bool, bytes]]:
    """Yield for each node of a path whether it is on the left, from a place up to the root."""
    for beside in path:
        if last == 0:
            raise BadPath
        on_the_left = bool(place & 1) or place == last
        while on_the_left and place and not place & 1:
            place, last = place >> 1, last >> 1
        place, last = place >> 1, last >> 1
        yield on_the_left, beside
    if last:
        raise BadPath
