"""Merkle trees as the trail writes them: roots, and the paths that prove a place in one.

Leaves are handed over as their hashes, 32 bytes each. The order of a path is from the leaf's
neighbour up to the root's child. Whoever checks a path uses `openqmm.core.verifier`, which shares
no code with this module.

References
----------
RFC 9162, section 2.1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Self

_sha256 = hashlib.sha256

EMPTY_ROOT = _sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash an entry has as a leaf."""
    return _sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    return _sha256(b"\x01" + left + right).digest()


class Frontier:
    """The roots of a tree's perfect subtrees: enough to add leaves and to know the root.

    It holds as many roots as its size has binary ones, so a tree of a million leaves costs at most
    twenty. `append` changes it.

    Parameters
    ----------
    size : number of leaves.
    roots : the subtrees' roots, largest first.

    Raises
    ------
    ValueError
        The number of roots is not the one this size has.
    """

    __slots__ = ("_roots", "_size")

    def __init__(self, size: int = 0, roots: Sequence[bytes] = ()) -> None:
        if size < 0 or size.bit_count() != len(roots) or any(len(root) != 32 for root in roots):
            raise ValueError(f"A tree of {size} leaves has not these {len(roots)} subtrees.")
        self._size = size
        self._roots = list(roots)

    @classmethod
    def from_hex(cls, size: int, roots: Sequence[str]) -> Self:
        """Return the frontier that `to_hex` wrote down."""
        return cls(size, [bytes.fromhex(root) for root in roots])

    def to_hex(self) -> list[str]:
        """Return the roots, largest first, as text."""
        return [root.hex() for root in self._roots]

    @property
    def size(self) -> int:
        """Number of leaves."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Add a leaf's hash at the end."""
        node, full = leaf, self._size
        while full & 1:
            node = node_hash(self._roots.pop(), node)
            full >>= 1
        self._roots.append(node)
        self._size += 1

    def root(self) -> bytes:
        """Return the root of the tree as it stands."""
        if not self._roots:
            return EMPTY_ROOT
        node = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            node = node_hash(left, node)
        return node


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; about a second for a million."""
    if not leaves:
        return EMPTY_ROOT
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0]


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the path from the leaf at `index` to the root, in one pass over the tree.

    Raises
    ------
    ValueError
        There is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise ValueError(f"A tree of {len(leaves)} leaves has no leaf {index}.")
    path, level = [], list(leaves)
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        index >>= 1
        level = _above(level)
    return path


def consistency_path(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """Return the proof that the tree over the `first` leaves is the beginning of this one.

    Raises
    ------
    ValueError
        `first` is not between 1 and the number of leaves.
    """
    if not 1 <= first <= len(leaves):
        raise ValueError(f"A tree of {len(leaves)} leaves did not grow from one of {first}.")
    if first == len(leaves):
        return []
    path: list[bytes] = []
    node, level = first - 1, list(leaves)
    while node & 1:
        node >>= 1
        level = _above(level)
    # The old root itself is left out where it is one whole subtree: the reader has it.
    if node:
        path.append(level[node])
    while len(level) > 1:
        beside = node ^ 1
        if beside < len(level):
            path.append(level[beside])
        node >>= 1
        level = _above(level)
    return path


def _above(level: list[bytes]) -> list[bytes]:
    sha256 = _sha256
    even = iter(level)
    pairs = zip(even, even, strict=False)
    nodes = [sha256(b"\x01" + left + right).digest() for left, right in pairs]
    if len(level) & 1:
        nodes.append(level[-1])
    return nodes
