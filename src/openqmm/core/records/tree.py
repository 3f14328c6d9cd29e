"""The hash tree of RFC 9162, section 2.1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf's data."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    return sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree known by the roots of its perfect subtrees, largest first: enough to let it grow."""

    size: int = 0
    roots: tuple[bytes, ...] = ()

    @classmethod
    def from_hex(cls, size: int, roots: Sequence[str]) -> Frontier:
        """Return the frontier of a tree of `size` leaves from its stored roots."""
        return cls(size, tuple(bytes.fromhex(root) for root in roots))

    def to_hex(self) -> list[str]:
        """Return the roots as they are stored."""
        return [root.hex() for root in self.roots]

    def append(self, leaf: bytes) -> Frontier:
        """Return the frontier with one more leaf hash."""
        roots, merged, size = list(self.roots), leaf, self.size
        while size & 1:
            merged = node_hash(roots.pop(), merged)
            size >>= 1
        return Frontier(self.size + 1, (*roots, merged))
