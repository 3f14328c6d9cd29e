"""The anchors of a live database: every tick's tree, and the tree over all ticks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from openqmm.core.verifier.anchors import (
    FEWEST_LEVELS,
    head_leaf,
    keys_of,
    padding_leaf,
    tick_leaf,
)
from openqmm.core.verifier.notes import Checkpoint, VerifierKey, read_checkpoint, signature_fault
from openqmm.core.verifier.reading import (
    Unreadable,
    is_count,
    is_digest,
    is_time,
    is_uuid,
    misfits,
)
from openqmm.core.verifier.report import Findings
from openqmm.core.verifier.source import Row, Source
from openqmm.core.verifier.tree import GrowingTree, root_over

_ANCHOR = {
    "tick": is_count,
    "position": is_count,
    "at": is_time,
    "seed": is_digest,
    "capacity": is_count,
    "root": is_digest,
}
_HEAD = {
    "anchor_id": is_count,
    "trail_id": is_uuid,
    "slot": is_count,
    "size": is_count,
    "root": is_digest,
    "salt": is_digest,
}
_MOST_SLOTS = 1 << 24


@dataclass(slots=True)
class Claims:
    """What the anchors say each trail's root was at which size, and at which tick it was said."""

    of_trail: dict[str, dict[int, dict[str, int]]] = field(default_factory=dict)
    newest: dict[str, int] = field(default_factory=dict)

    def add(self, head: Row) -> str | None:
        """Note a head; returns what contradicts an earlier one."""
        trail, size = head["trail_id"], head["size"]
        roots = self.of_trail.setdefault(trail, {}).setdefault(size, {})
        roots.setdefault(head["root"], head["anchor_id"])
        before = self.newest.get(trail, 0)
        self.newest[trail] = size
        if size < before:
            return f"trail {trail} is anchored with {size:,} events, after {before:,} before"
        return None


class AnchorReader:
    """Reads all anchors of a source and holds them against checkpoints from elsewhere."""

    def __init__(
        self,
        findings: Findings,
        source: Source,
        checkpoints: Iterable[tuple[str, str]],
        vkey: str | None,
    ) -> None:
        self.findings = findings
        self.source = source
        self.claims = Claims()
        self._tree = GrowingTree()
        self._tick = -1
        self._keys = keys_of(findings, vkey) if vkey is not None else None
        self._given = self._read(checkpoints)
        self._held = 0
        self._count = sum(map(len, self._given.values()))

    def read(self) -> Claims:
        """Check every tick and return what they claim of the trails."""
        self.findings.looked_at("anchors", "")
        heads = groupby(self.source.anchored_heads(), key=lambda head: head["anchor_id"])
        waiting = next(heads, None)
        self._compare()
        for anchor in self.source.anchors():
            placed: list[Row] = []
            if waiting is not None and waiting[0] == anchor["tick"]:
                placed = list(waiting[1])
                waiting = next(heads, None)
            self._anchor(anchor, placed)
        while waiting is not None:
            self.findings.fault("anchors", f"heads of tick {waiting[0]} belong to no anchor")
            waiting = next(heads, None)
        self.findings.looked_at("anchors", f"{self._tree.size:,} ticks")
        self._close()
        return self.claims

    def _anchor(self, anchor: Mapping[str, Any], heads: Sequence[Row]) -> None:
        where = f"anchor of tick {anchor['tick']}"
        fault = misfits(anchor, _ANCHOR)
        if fault is not None:
            self.findings.fault("anchors", f"{where}: {fault}")
            return
        for fault in self._faults(anchor, heads):
            self.findings.fault("anchors", f"{where}: {fault}")
        self._tick = anchor["tick"]
        self._tree.add(tick_leaf(anchor["tick"], anchor["at"], anchor["root"]))
        self._compare()

    def _faults(self, anchor: Mapping[str, Any], heads: Sequence[Row]) -> Iterator[str]:
        if anchor["position"] != self._tree.size:
            yield f"it is at position {anchor['position']}; expected {self._tree.size}"
        if anchor["tick"] <= self._tick:
            yield f"it follows tick {self._tick}"
        malformed = next(filter(None, (misfits(head, _HEAD) for head in heads)), None)
        if malformed is not None:
            yield f"a head: {malformed}"
            return
        yield from filter(None, map(self.claims.add, heads))
        gone = self.claims.newest.keys() - {head["trail_id"] for head in heads}
        yield from (f"the head of trail {trail} is missing" for trail in sorted(gone))
        yield from _tree_faults(anchor, heads)

    def _read(self, given: Iterable[tuple[str, str]]) -> dict[int, list[tuple[str, Checkpoint]]]:
        found: dict[int, list[tuple[str, Checkpoint]]] = {}
        for name, text in given:
            try:
                checkpoint = read_checkpoint(text)
            except Unreadable as unreadable:
                self.findings.fault("checkpoints", f"checkpoint {name} {unreadable}")
                continue
            found.setdefault(checkpoint.size, []).append((name, checkpoint))
            self._check_signature(name, checkpoint, self._keys)
        return found

    def _check_signature(
        self, name: str, checkpoint: Checkpoint, keys: list[VerifierKey] | None
    ) -> None:
        fault = signature_fault(checkpoint, keys) if keys else None
        if fault is not None:
            self.findings.fault("signature", f"checkpoint {name}: {fault}")

    def _compare(self) -> None:
        """Hold the tree as it now stands against the checkpoints of its size."""
        for name, checkpoint in self._given.pop(self._tree.size, ()):
            if checkpoint.root == self._tree.root():
                self._held = max(self._held, checkpoint.size)
                continue
            self.findings.fault(
                "checkpoints",
                f"checkpoint {name} of {checkpoint.size:,} ticks has another root than the anchors "
                f"here: one after position {self._held - 1} was rewritten",
            )

    def _close(self) -> None:
        for size, named in sorted(self._given.items()):
            for name, _ in named:
                self.findings.fault(
                    "checkpoints",
                    f"checkpoint {name} is of {size:,} ticks, only {self._tree.size:,} stand "
                    f"here: position {self._tree.size} and later were cut off",
                )
        if not self._count:
            self.findings.not_checked(
                "checkpoints", "none were given: nothing outside the database vouches for it"
            )
            return
        self.findings.looked_at(
            "checkpoints", f"{self._count:,} given, the newest of {self._held:,} ticks"
        )
        if self._keys is None:
            self.findings.not_checked("signature", "not checked: no key was given")
        elif self._keys:
            self.findings.looked_at("signature", f"signed by {self._keys[0].name}")


def _tree_faults(anchor: Mapping[str, Any], heads: Sequence[Row]) -> Iterator[str]:
    capacity = anchor["capacity"]
    if capacity.bit_count() != 1 or not 1 << FEWEST_LEVELS <= capacity <= _MOST_SLOTS:
        yield f"{capacity} is no number of slots"
        return
    placed = {head["slot"]: head for head in heads}
    trails = {head["trail_id"] for head in heads}
    if len(placed) != len(heads) or len(trails) != len(heads) or len(heads) >= capacity:
        yield "two heads share a slot or a trail, or no slot is free"
        return
    seed = bytes.fromhex(anchor["seed"])
    leaves = [
        _head_leaf(placed[slot]) if slot in placed else padding_leaf(seed, slot)
        for slot in range(capacity)
    ]
    if root_over(leaves).hex() != anchor["root"]:
        yield "its heads and its seed do not give its root"


def _head_leaf(head: Row) -> bytes:
    return head_leaf(head["trail_id"], head["anchor_id"], head["size"], head["root"], head["salt"])
