"""An exported trail, from its first line to its last, in constant memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from openqmm.core.verifier.anchors import anchor_shape_fault, check_anchor
from openqmm.core.verifier.events import CHANGE, NO_ENTRY, event_faults
from openqmm.core.verifier.reading import (
    Unreadable,
    canonical_object,
    is_count,
    is_digest,
    is_digest_or_null,
    is_text_or_null,
    is_uuid,
    misfits,
)
from openqmm.core.verifier.report import Findings, Report
from openqmm.core.verifier.tree import GrowingTree

FORMAT = "openqmm-trail/1"

_HEADER = {
    "format": lambda found: found == FORMAT,
    "trail": is_uuid,
    "name": str,
    "size": is_count,
    "root": is_digest,
    "anchor": lambda anchor: anchor is None or anchor_shape_fault(anchor) is None,
}
_EVENT = {
    "seq": is_count,
    "prev": is_digest,
    "leaf": is_digest,
    "salt": is_digest_or_null,
    "content": is_text_or_null,
    "changes": list,
}


def verify_trail(lines: Iterable[str], vkey: str | None = None) -> Report:
    """Return whether an exported trail is whole and unaltered, every fault in its place.

    Parameters
    ----------
    lines : the file's lines; bytes that are not UTF-8 decoded with `surrogateescape`.
    vkey : the key of the installation's log; without it no signature is checked, and the report
        says so.
    """
    findings = Findings("trail")
    numbered = iter(lines)
    header = _header(findings, next(numbered, ""))
    if header is not None:
        if header["anchor"] is not None:
            check_anchor(findings, header["trail"], header["anchor"], vkey)
        _Reader(findings, header).read(numbered)
    return findings.report()


def _header(findings: Findings, line: str) -> dict[str, Any] | None:
    try:
        header = canonical_object(line.removesuffix("\n"))
    except Unreadable as unreadable:
        findings.fault("format", f"line 1 of the exported trail {unreadable}")
        return None
    fault = misfits(header, _HEADER)
    if fault is not None:
        if not anchor_is_whole(header):
            fault = f"its anchor: {anchor_shape_fault(header['anchor'])}"
        findings.fault("format", f"line 1 of the exported trail: {fault}")
        return None
    findings.looked_at("format", f"{FORMAT}, trail {header['trail']}")
    return header


def anchor_is_whole(header: dict[str, Any]) -> bool:
    """Whether the header's anchor, if it has one, is of the right shape."""
    anchor = header.get("anchor")
    return anchor is None or anchor_shape_fault(anchor) is None


class _Reader:
    """Reads the events of one trail and keeps what the next one must fit."""

    def __init__(self, findings: Findings, header: dict[str, Any]) -> None:
        self.findings = findings
        self.header = header
        self.trail: str = header["trail"]
        self.anchor: dict[str, Any] | None = header["anchor"]
        self.tree = GrowingTree()
        self.expected = 0
        self.prev: str | None = NO_ENTRY
        self.lines = 0
        self.removed: list[int] = []
        self.removed_count = 0
        self.anchored_root = self.tree.root()

    def read(self, lines: Iterator[str]) -> None:
        """Check every line, then what only the whole can show."""
        anchored_size = self.anchor["size"] if self.anchor else 0
        for line in lines:
            self._line(line.removesuffix("\n"))
            self.lines += 1
            if self.tree.size == anchored_size:
                self.anchored_root = self.tree.root()
        self.findings.looked_at(
            "events", f"{self.lines:,} events, gapless, each linked to the last"
        )
        self._contents()
        self._root()
        self._anchor()

    def _line(self, line: str) -> None:
        try:
            event = canonical_object(line)
            fault = misfits(event, _EVENT) or _change_misfit(event["changes"])
            if fault is not None:
                raise Unreadable(f"is not an event: {fault}")
        except Unreadable as unreadable:
            where = f"trail {self.trail} event {self.expected}"
            self.findings.fault(
                "events", f"{where} (line {self.lines + 2} of the file) {unreadable}"
            )
            self.expected += 1
            self.prev = None
            return
        self._event(event)

    def _event(self, event: dict[str, Any]) -> None:
        inner, facts = self._inner(event)
        id_ = facts["event"] if facts else "its id cannot be read"
        where = f"trail {self.trail} event {event['seq']} ({id_})"
        for fault in self._place(event):
            self.findings.fault("events", f"{where}: {fault}")
        for fault in inner:
            self.findings.fault("contents", f"{where}: {fault}")
        self.prev = event["leaf"]
        # The leaf as stated: if it is not what the parts give, that is a fault already, and the
        # root can still tell whether this is the only one.
        self.tree.add(bytes.fromhex(event["leaf"]))

    def _inner(self, event: dict[str, Any]) -> tuple[list[str], dict[str, Any] | None]:
        absent = [event["salt"] is None, event["content"] is None, not event["changes"]]
        if all(absent):
            self.removed_count += 1
            if len(self.removed) < 20:
                self.removed.append(event["seq"])
            return [], None
        if any(absent[:2]):
            return ["its salt or its content was taken out"], None
        return event_faults(self.trail, event)

    def _place(self, event: dict[str, Any]) -> Iterator[str]:
        seq, expected = event["seq"], self.expected
        linked = self.prev is None or event["prev"] == self.prev
        if not linked:
            yield "it is not linked to the event that stands before it"
        if seq > expected and not linked:
            last = f" to {seq - 1}" if seq - 1 > expected else ""
            yield f"event {expected}{last} is missing before it"
            self.expected = seq
        elif seq != expected:
            yield f"it stands where event {expected} belongs"
        self.expected += 1

    def _contents(self) -> None:
        if self.removed:
            more = " and more" if self.removed_count > len(self.removed) else ""
            named = ", ".join(map(str, self.removed)) + more
            self.findings.not_checked(
                "contents",
                f"{self.removed_count:,} events no longer hold their content: {named}; their "
                "place is proven, what they said is not",
            )
        else:
            self.findings.looked_at("contents", "every content, change and salt gives its digest")

    def _root(self) -> None:
        self.findings.looked_at("root", f"{self.header['root']} over {self.lines:,} events")
        if self.lines != self.header["size"]:
            self.findings.fault(
                "root",
                f"trail {self.trail}: the first line tells of {self.header['size']:,} events, "
                f"{self.lines:,} stand there",
            )
        elif self.tree.root().hex() != self.header["root"]:
            self.findings.fault(
                "root", f"trail {self.trail}: its events do not give the root in the first line"
            )

    def _anchor(self) -> None:
        if self.anchor is None:
            self.findings.not_checked(
                "anchor", "not anchored: nothing outside this file vouches for it"
            )
            return
        size, tick = self.anchor["size"], self.anchor["tick"]
        if size > self.lines:
            self.findings.fault(
                "anchor",
                f"trail {self.trail}: {size:,} events were anchored at tick {tick}, only "
                f"{self.lines:,} stand here: event {self.lines} and later were cut off",
            )
        elif self.anchored_root.hex() != self.anchor["root"]:
            self.findings.fault(
                "anchor",
                f"trail {self.trail}: its first {size:,} events do not give the root anchored at "
                f"tick {tick}: one of them was rewritten, put in or taken out",
            )


def _change_misfit(changes: list[Any]) -> str | None:
    for change in changes:
        fault = misfits(change, CHANGE)
        if fault is not None:
            return f"a change: {fault}"
    return None
