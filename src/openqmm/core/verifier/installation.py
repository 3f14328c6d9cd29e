"""A live database: every trail, every anchor, every record, held against signed checkpoints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from openqmm.core.verifier.anchoring import AnchorReader, Claims
from openqmm.core.verifier.events import CHANGE, NO_ENTRY, event_faults
from openqmm.core.verifier.reading import is_count, is_digest, is_uuid, misfits
from openqmm.core.verifier.replay import check_records
from openqmm.core.verifier.report import Findings, Report
from openqmm.core.verifier.source import Row, Source
from openqmm.core.verifier.tree import GrowingTree

# Where each column's value stands in the content.
_COLUMNS = {
    "id": ("event",),
    "at": ("at",),
    "actor_id": ("actor", "id"),
    "actor_name": ("actor", "name"),
    "actor_role": ("actor", "role"),
    "actor_organisation_id": ("actor", "organisation"),
    "what": ("what",),
    "sentence": ("sentence",),
    "why": ("why",),
    "subject_type": ("subject", "type"),
    "subject_id": ("subject", "id"),
}
_HASHED = {
    "seq": is_count,
    "prev": is_digest,
    "leaf": is_digest,
    "salt": is_digest,
    "content": str,
}


def verify_installation(
    source: Source, checkpoints: Iterable[tuple[str, str]], vkey: str | None = None
) -> Report:
    """Return whether a database's trails, anchors and records are whole and unaltered.

    Parameters
    ----------
    source : the database.
    checkpoints : signed checkpoints kept elsewhere, each a name and its text. What they do not
        cover, who can write to the database can rewrite.
    vkey : the key of the installation's log; without it no signature is checked.
    """
    findings = Findings("installation")
    findings.looked_at("triggers", "changes are captured, and refused outside an event")
    fault = source.triggers_fault()
    if fault is not None:
        findings.fault("triggers", fault)
    claims = AnchorReader(findings, source, checkpoints, vkey).read()
    trails = _Trails(findings, source, claims)
    trails.read()
    check_records(findings, source, {*source.tables(), *trails.tables})
    return findings.report()


class _Trails:
    """Reads all events, with their changes beside them."""

    def __init__(self, findings: Findings, source: Source, claims: Claims) -> None:
        self.findings = findings
        self.source = source
        self.claims = claims.of_trail
        self.heads = {head["trail_id"]: head for head in source.heads()}
        self.tables: set[str] = set()
        self.events = 0

    def read(self) -> None:
        """Check every event, chain, head and anchored head."""
        for check in ("events", "contents", "heads", "anchored"):
            self.findings.looked_at(check, "")
        changes = groupby(self.source.changes(), key=lambda change: change["event_id"])
        beside = _Beside(changes)
        for trail, events in groupby(self.source.events(), key=lambda event: event["trail_id"]):
            self._trail(trail, events, beside)
        for event_id, stray in beside.rest():
            of = f"{stray['table_name']} {stray['record_id']}"
            self.findings.fault("events", f"changes of event {event_id} ({of}) belong to no event")
        self._untold()
        self.findings.looked_at(
            "events", f"{self.events:,} events, gapless, each linked to the last"
        )
        self.findings.looked_at("contents", "every content, column, change and salt fits")
        self.findings.looked_at("heads", "every trail's head is that of its events")
        self.findings.looked_at("anchored", "every anchored head is that of its trail at that size")

    def _trail(self, trail: Any, events: Iterator[Row], beside: _Beside) -> None:
        if not is_uuid(trail):
            self.findings.fault("events", f"{trail!r:.60} is no trail")
            return
        reading = _Trail(self.findings, trail, self.claims.pop(trail, {}))
        for event in events:
            changes = beside.of(event["id"])
            self.tables.update(
                change["table"] for change in changes if isinstance(change["table"], str)
            )
            reading.event(event, changes)
        self.events += reading.tree.size
        reading.close(self.heads.pop(trail, None))

    def _untold(self) -> None:
        """Find trails of which anchors or heads tell, but no event stands there."""
        for trail in sorted({*self.claims, *map(str, self.heads)}):
            reading = _Trail(self.findings, trail, self.claims.get(trail, {}))
            reading.close(self.heads.get(trail))


class _Beside:
    """The changes of one event after the other, in the order of the events."""

    def __init__(self, groups: Iterator[tuple[Any, Iterator[Row]]]) -> None:
        self._groups = groups
        self._next = self._advance()

    def of(self, event_id: Any) -> list[dict[str, Any]]:
        """Return the changes of the next event that has any, if it is this one."""
        if self._next is None or self._next[0] != event_id:
            return []
        changes = self._next[1]
        self._next = self._advance()
        return [
            {
                "table": change["table_name"],
                "record": change["record_id"],
                "before": change["before"],
                "after": change["after"],
            }
            for change in changes
        ]

    def rest(self) -> Iterator[tuple[Any, Row]]:
        """Yield what no event asked for: an event's id and the first of its changes."""
        while self._next is not None:
            yield self._next[0], self._next[1][0]
            self._next = self._advance()

    def _advance(self) -> tuple[Any, list[Row]] | None:
        found = next(self._groups, None)
        return None if found is None else (found[0], list(found[1]))


class _Trail:
    """One trail's chain and tree."""

    def __init__(self, findings: Findings, trail: str, claims: dict[int, dict[str, int]]) -> None:
        self.findings = findings
        self.trail = trail
        self.claims = claims
        self.tree = GrowingTree()
        self.prev = NO_ENTRY
        self.expected = 0
        self.fitting = 0
        self._rewritten = False
        self._compare()

    def event(self, event: Row, changes: list[dict[str, Any]]) -> None:
        """Check one event and add it to the tree."""
        where = f"trail {self.trail} event {event['seq']} ({event['id']})"
        hashed = {name: event[name] for name in _HASHED}
        fault = misfits(hashed, _HASHED)
        fault = fault or next(filter(None, (misfits(one, CHANGE) for one in changes)), None)
        if fault is not None:
            self.findings.fault("events", f"{where}: {fault}")
            self.expected += 1
            return
        self._place(where, hashed)
        faults, facts = event_faults(self.trail, {**hashed, "changes": changes})
        if facts is not None:
            faults += _column_faults(event, facts)
        for fault in faults:
            self.findings.fault("contents", f"{where}: {fault}")
        self.prev = hashed["leaf"]
        self.tree.add(bytes.fromhex(hashed["leaf"]))
        self._compare()

    def close(self, head: Row | None) -> None:
        """Check what only the whole trail can show: its head, and anchors beyond its end."""
        self._check_head(head)
        beyond = {size: roots for size, roots in self.claims.items() if size > self.tree.size}
        if beyond:
            size = max(beyond)
            tick = min(beyond[size].values())
            self.findings.fault(
                "anchored",
                f"trail {self.trail}: {size:,} events were anchored at tick {tick}, only "
                f"{self.tree.size:,} stand here: event {self.tree.size} and later were cut off",
            )

    def _place(self, where: str, event: Mapping[str, Any]) -> None:
        seq, linked = event["seq"], event["prev"] == self.prev
        if not linked:
            self.findings.fault("events", f"{where}: it is not linked to the event before it")
        if seq > self.expected:
            last = f" to {seq - 1}" if seq - 1 > self.expected else ""
            missing = f"event {self.expected}{last} is missing before it"
            self.findings.fault("events", f"{where}: {missing}")
        elif seq < self.expected:
            self.findings.fault("events", f"{where}: it stands there twice")
        self.expected = seq + 1

    def _compare(self) -> None:
        """Hold the trail as far as it was read against what was anchored at this size."""
        for root, tick in self.claims.get(self.tree.size, {}).items():
            if root == self.tree.root().hex():
                self.fitting = self.tree.size
            elif not self._rewritten:
                self._rewritten = True
                self.findings.fault(
                    "anchored",
                    f"trail {self.trail}: its first {self.tree.size:,} events do not give the root "
                    f"anchored at tick {tick}: event {self.fitting} or a later one was rewritten",
                )

    def _check_head(self, head: Row | None) -> None:
        size = self.tree.size
        if head is None:
            if size:
                self.findings.fault("heads", f"trail {self.trail} has {size:,} events but no head")
            return
        leaf = head["leaf"] if size or head["leaf"] else NO_ENTRY
        frontier = [full.hex() for full in self.tree.subtrees()]
        stated = (head["size"], leaf, list(head["frontier"] or ()))
        if stated != (size, self.prev, frontier):
            self.findings.fault(
                "heads",
                f"trail {self.trail}: its head tells of {head['size']} events and is not that of "
                f"the {size:,} that stand here",
            )


def _column_faults(event: Row, facts: dict[str, Any]) -> Iterator[str]:
    for column, (name, *inner) in _COLUMNS.items():
        said = facts[name][inner[0]] if inner else facts[name]
        if event[column] != said:
            yield f"column {column} is not what its content says"
