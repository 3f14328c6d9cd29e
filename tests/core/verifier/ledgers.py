"""A whole installation in memory, written by the writer's half: trails, anchors, records.

Everything comes from one seed, so that a failure can be looked at again.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from openqmm.core.records import (
    INSTALLATION,
    NO_ENTRY,
    Act,
    Anchor,
    AnchorProof,
    Change,
    Frontier,
    Head,
    StoredEvent,
    anchor_heads,
    anchor_proof,
    content_digest,
    entry,
    event_content,
    inclusion_path,
    leaf_hash,
    trail_head_line,
    trail_lines,
    tree_root,
)
from openqmm.core.records.canonical import plain_json
from openqmm.core.records.notes import SigningKey, tlog_proof

KEY = SigningKey.from_seed("openqmm.example/trail", bytes(range(32)))
VKEY = KEY.vkey()
ALDER = "a1de0000-0000-4000-8000-000000000001"
BIRCH = "b1c40000-0000-4000-8000-000000000002"
TABLE = "assessments_score"
_ids = itertools.count()


def drawn(*parts: object) -> bytes:
    """Return 32 bytes that look random and are the same every time."""
    return hashlib.sha256(repr(parts).encode()).digest()


def uuid(*parts: object) -> str:
    return str(UUID(bytes=drawn(*parts)[:16], version=4))


def at(second: int) -> str:
    day = datetime(2027, 3, 1, tzinfo=UTC) + timedelta(seconds=second)
    return f"{day:%Y-%m-%dT%H:%M:%S}.000001Z"


@dataclass
class Trail:
    """One trail as its database rows."""

    id: str
    events: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    frontier: Frontier = field(default_factory=Frontier)
    leaf: str = NO_ENTRY

    @property
    def leaves(self) -> list[bytes]:
        return [bytes.fromhex(event["leaf"]) for event in self.events]

    def append(self, act: Act, changes: Iterable[Change], salt: bytes) -> None:
        changes = list(changes)
        content = event_content(act, salt, changes)
        self.add_event(act, content, salt)
        self.changes += [
            {
                "id": next(_ids),
                "event_id": act.event,
                "table_name": change.table,
                "record_id": change.record,
                "before": change.before,
                "after": change.after,
            }
            for change in changes
        ]

    def add_event(self, act: Act, content: str, salt: bytes) -> None:
        seq, prev = len(self.events), self.leaf
        leaf = leaf_hash(entry(self.id, seq, prev, content_digest(salt, content)))
        self.frontier.append(leaf)
        self.leaf = leaf.hex()
        self.events.append(
            {
                "id": act.event,
                "trail_id": self.id,
                "seq": seq,
                "at": act.at,
                "actor_id": act.actor_id,
                "actor_name": act.actor_name,
                "actor_role": act.actor_role,
                "actor_organisation_id": act.actor_organisation,
                "what": act.what,
                "sentence": act.sentence,
                "why": act.why,
                "subject_type": act.subject_type,
                "subject_id": act.subject_id,
                "salt": salt.hex(),
                "content": content,
                "prev": prev,
                "leaf": self.leaf,
            }
        )

    def rewrite(self) -> None:
        """Do as an attacker who holds the database: give all events fresh hashes that fit."""
        events, self.events = self.events, []
        changes, self.changes = self.changes, []
        self.frontier, self.leaf = Frontier(), NO_ENTRY
        for event in events:
            act = Act(
                event["id"],
                event["at"],
                event["actor_id"],
                event["actor_name"],
                event["actor_role"],
                event["actor_organisation_id"],
                event["what"],
                event["sentence"],
                event["why"],
                event["subject_type"],
                event["subject_id"],
            )
            own = [
                Change(c["table_name"], c["record_id"], c["before"], c["after"])
                for c in changes
                if c["event_id"] == event["id"]
            ]
            self.append(act, own, bytes.fromhex(event["salt"]))

    def stored(self) -> Iterator[StoredEvent]:
        of_event: dict[str, list[Change]] = {}
        for c in self.changes:
            change = Change(c["table_name"], c["record_id"], c["before"], c["after"])
            of_event.setdefault(c["event_id"], []).append(change)
        for e in self.events:
            own = of_event.get(e["id"], [])
            yield StoredEvent(e["seq"], e["prev"], e["leaf"], e["salt"], e["content"], own)


class Ledger:
    """An installation; it is its own `Source`."""

    def __init__(self, spell: Callable[[dict[str, Any]], str] = plain_json) -> None:
        """`spell` writes a row as the engine's trigger would."""
        self.spell = spell
        self.trails = {id_: Trail(id_) for id_ in (INSTALLATION, ALDER, BIRCH)}
        self.rows: dict[str, dict[str, str]] = {TABLE: {}}
        self.anchored: list[tuple[Anchor, bytes, list[Head]]] = []
        self.checkpoints: list[tuple[str, str]] = []
        self.trigger_fault: str | None = None
        self.digest_only: frozenset[str] = frozenset()
        self.extra_changes: list[dict[str, Any]] = []

    # Writing.

    def score(self, trail: str, record: str, level: int, *, note: str = "") -> None:
        """Record or change a score, as an event of a trail."""
        before = self.rows[TABLE].get(record)
        after = self.spell({"id": record, "level": level, "note": note})
        self._event(trail, "score.recorded", record, before, after)
        self.rows[TABLE][record] = after

    def remove(self, trail: str, record: str) -> None:
        self._event(trail, "score.removed", record, self.rows[TABLE].pop(record), None)

    def _event(
        self, trail: str, what: str, record: str, before: str | None, after: str | None
    ) -> None:
        number = len(self.trails[trail].events)
        act = Act(
            event=uuid(trail, number),
            at=at(number),
            actor_id=uuid("person", trail),
            actor_name="Aña “Ada” Alder\n\x01",
            actor_role="assessor",
            actor_organisation=None if trail == INSTALLATION else trail,
            what=what,
            sentence="recorded a score",
            why="seen on site \\ 中",
            subject_type="assessments.Score",
            subject_id=record,
        )
        changes = [Change(TABLE, record, before, after)]
        self.trails[trail].append(act, changes, drawn("salt", trail, number))

    def anchor(self) -> None:
        """Anchor all heads and put a checkpoint aside."""
        tick = 5_000_000 + len(self.anchored)
        heads = [
            Head(t.id, t.frontier.size, t.frontier.root().hex(), drawn("head", t.id, tick))
            for t in self.trails.values()
        ]
        seed = drawn("seed", tick)
        self.anchored.append(
            (anchor_heads(heads, tick=tick, at=at(tick % 86_400), seed=seed), seed, heads)
        )
        self.checkpoints.append((f"{len(self.anchored)}.txt", self.checkpoint()))

    @property
    def ticks(self) -> list[bytes]:
        return [anchor.leaf() for anchor, _, _ in self.anchored]

    def checkpoint(self) -> str:
        return KEY.sign_checkpoint(len(self.anchored), tree_root(self.ticks))

    def anchor_proof(self, trail: str, position: int = -1) -> AnchorProof:
        anchor, _, heads = self.anchored[position]
        index = self.anchored.index(self.anchored[position])
        head = next(head for head in heads if head.trail == trail)
        proof = tlog_proof(index, inclusion_path(self.ticks, index), self.checkpoint())
        return anchor_proof(anchor, head, proof)

    def export(self, trail: str) -> list[str]:
        """Return an exported trail's lines."""
        one = self.trails[trail]
        root = one.frontier.root().hex()
        anchor = self.anchor_proof(trail) if self.anchored else None
        size = one.frontier.size
        first = trail_head_line(trail, "Alder Pharma", size=size, root=root, anchor=anchor)
        return [first, *trail_lines(one.stored())]

    # Being read, as the verifier's `Source`.

    def events(self) -> Iterator[dict[str, Any]]:
        for _, trail in sorted(self.trails.items()):
            yield from trail.events

    def changes(self) -> Iterator[dict[str, Any]]:
        for _, trail in sorted(self.trails.items()):
            yield from trail.changes
        yield from self.extra_changes

    def anchors(self) -> Iterator[dict[str, Any]]:
        for position, (anchor, seed, _) in enumerate(self.anchored):
            yield {
                "tick": anchor.tick,
                "position": position,
                "at": anchor.at,
                "seed": seed.hex(),
                "capacity": anchor.capacity,
                "root": anchor.root,
            }

    def anchored_heads(self) -> Iterator[dict[str, Any]]:
        for anchor, _, heads in self.anchored:
            for head in heads:
                yield {
                    "anchor_id": anchor.tick,
                    "trail_id": head.trail,
                    "slot": anchor.slots[head.trail],
                    "size": head.size,
                    "root": head.root,
                    "salt": head.salt.hex(),
                }

    def heads(self) -> Iterator[dict[str, Any]]:
        for trail in self.trails.values():
            yield {
                "trail_id": trail.id,
                "size": trail.frontier.size,
                "leaf": trail.leaf,
                "frontier": trail.frontier.to_hex(),
            }

    def tables(self) -> list[str]:
        return list(self.rows)

    def record_changes(self, table: str) -> Iterator[dict[str, Any]]:
        mine = [c for c in self.changes() if c["table_name"] == table]
        yield from sorted(mine, key=lambda change: (change["record_id"], change["id"]))

    def current_rows(self, table: str) -> Iterator[tuple[str, str]]:
        yield from self.rows.get(table, {}).items()

    def withheld(self, table: str) -> frozenset[str]:
        return self.digest_only

    def triggers_fault(self) -> str | None:
        return self.trigger_fault


def ledger(events: int = 12, spell: Callable[[dict[str, Any]], str] = plain_json) -> Ledger:
    """Return an installation with that many events on Alder's trail, and a few elsewhere."""
    made = Ledger(spell)
    for number in range(events):
        made.score(ALDER, uuid("record", number % max(1, events // 2)), 1 + number % 4)
        if number % 4 == 0:
            made.score(BIRCH, uuid("birch", number), 3)
        if number % 5 == 0:
            made.anchor()
    made.score(INSTALLATION, uuid("protocol"), 1)
    made.remove(ALDER, uuid("record", 0))
    made.anchor()
    return made


def restated(trail: Trail, number: int, **changes: str) -> None:
    """Rewrite facts of one event in its column and its content alike."""
    event = trail.events[number]
    content = json.loads(event["content"])
    for name, value in changes.items():
        content[name] = event[name] = value
    event["content"] = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
