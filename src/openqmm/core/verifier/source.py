"""What a live database must hand out to be verified; the adapters live with the commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

Row = Mapping[str, Any]


class Source(Protocol):
    """Rows of one database, all read in one snapshot.

    Ids of trails, events, people and organisations are UUIDs in dashed lower case, times UTC with
    six digits of microseconds and a Z, whatever the engine stores; a value that is neither is
    handed out as it stands, and is then a fault. Everything else is to the letter.
    """

    def events(self) -> Iterable[Row]:
        """Rows of `audit_auditevent`, by trail, seq, id."""
        ...

    def changes(self) -> Iterable[Row]:
        """Rows of `audit_auditchange` in the order of `events`, then id; strays come last.

        Columns: event_id, table_name, record_id, before, after.
        """
        ...

    def anchors(self) -> Iterable[Row]:
        """Rows of `audit_anchor`, by position; the seed in hexadecimal."""
        ...

    def anchored_heads(self) -> Iterable[Row]:
        """Rows of `audit_anchoredhead`, in the order of `anchors`, then slot; strays come last."""
        ...

    def heads(self) -> Iterable[Row]:
        """Rows of `audit_trailhead`; the frontier as a list of text."""
        ...

    def tables(self) -> Iterable[str]:
        """The tables whose rows must be on the trail."""
        ...

    def record_changes(self, table: str) -> Iterable[Row]:
        """The changes of one table, all of a record together and by id: record_id, before, after.

        The record's id is spelt as `current_rows` spells it.
        """
        ...

    def current_rows(self, table: str) -> Iterable[tuple[str, str]]:
        """Each row as it stands: its id, and its JSON as the trigger would write it.

        Except that withheld columns hold their content, not its digest.
        """
        ...

    def withheld(self, table: str) -> frozenset[str]:
        """The columns of a table of which only a digest is on the trail."""
        ...

    def triggers_fault(self) -> str | None:
        """What is wrong with the triggers that capture and refuse changes, or None."""
        ...
