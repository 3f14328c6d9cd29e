"""The files a trail leaves the platform in: the exported trail, an event's proof, a consistency
proof. Each is canonical JSON, so that one changed byte can be found.

References
----------
docs/reference/audit-trail.md, "Files".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from openqmm.core.records.anchors import Anchor, Head
from openqmm.core.records.canonical import plain_json
from openqmm.core.records.entries import Change

TRAIL_FORMAT = "openqmm-trail/1"
PROOF_FORMAT = "openqmm-proof/1"
CONSISTENCY_FORMAT = "openqmm-consistency/1"


@dataclass(frozen=True, slots=True)
class AnchorProof:
    """A trail's head as it was anchored, and all that leads from it to a signed checkpoint."""

    tick: int
    at: str
    size: int
    root: str
    salt: str
    slot: int
    path: list[str]
    tlog_proof: str


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the database keeps it; digests and salt in hexadecimal."""

    seq: int
    prev: str
    leaf: str
    salt: str
    content: str
    changes: Sequence[Change]


def anchor_proof(anchor: Anchor, head: Head, tlog_proof: str) -> AnchorProof:
    """Return the proof that `head` stands in `anchor`, whose entry `tlog_proof` proves."""
    path = [node.hex() for node in anchor.path(head.trail)]
    slot = anchor.slots[head.trail]
    salt = head.salt.hex()
    return AnchorProof(anchor.tick, anchor.at, head.size, head.root, salt, slot, path, tlog_proof)


def trail_head_line(
    trail: str, name: str, *, size: int, root: str, anchor: AnchorProof | None
) -> str:
    """Return the first line of an exported trail."""
    return _line(
        {
            "format": TRAIL_FORMAT,
            "trail": trail,
            "name": name,
            "size": size,
            "root": root,
            "anchor": anchor and asdict(anchor),
        }
    )


def trail_lines(events: Iterable[StoredEvent]) -> Iterator[str]:
    """Yield the lines of the events, in their order."""
    for event in events:
        yield _line(asdict(event))


def event_proof(trail: str, event: StoredEvent, path: Iterable[bytes], anchor: AnchorProof) -> str:
    """Return the proof of one event; `path` leads from its entry to the anchored root."""
    return _line(
        {
            "format": PROOF_FORMAT,
            "trail": trail,
            "seq": event.seq,
            "prev": event.prev,
            "salt": event.salt,
            "content": event.content,
            "index": event.seq,
            "path": [node.hex() for node in path],
            "anchor": asdict(anchor),
        }
    )


def consistency_proof(
    trail: str, first: tuple[int, str], second: tuple[int, str], path: Iterable[bytes]
) -> str:
    """Return the proof that a trail only grew between two heads, each a size and a root."""
    return _line(
        {
            "format": CONSISTENCY_FORMAT,
            "trail": trail,
            "first": {"size": first[0], "root": first[1]},
            "second": {"size": second[0], "root": second[1]},
            "path": [node.hex() for node in path],
        }
    )


def _line(document: dict[str, object]) -> str:
    return plain_json(document) + "\n"
