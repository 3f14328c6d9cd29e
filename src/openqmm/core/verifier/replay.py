"""Whether the records in their tables are those the trail leads to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from typing import Any

from openqmm.core.verifier.reading import canonical
from openqmm.core.verifier.report import Findings
from openqmm.core.verifier.source import Row, Source

_GONE = b""


class NotJson(Exception):
    """The text of a row is not a JSON object."""


def check_records(findings: Findings, source: Source, tables: Iterable[str]) -> None:
    """Compare every row with its newest change, and every change with the one before."""
    rows = 0
    names = sorted(tables)
    for table in names:
        rows += _Table(findings, source, table).check()
    findings.looked_at(
        "records", f"{rows:,} rows in {len(names):,} tables are as the trail left them"
    )


class _Table:
    """One table. Texts are compared by digest first; only what differs is read a second time."""

    def __init__(self, findings: Findings, source: Source, table: str) -> None:
        self.findings = findings
        self.source = source
        self.table = table
        self.withheld = source.withheld(table)

    def check(self) -> int:
        newest = dict(self._newest())
        differing: dict[str, str] = {}
        count = 0
        for record, text in self.source.current_rows(self.table):
            count += 1
            known = newest.pop(record, None)
            if known is None:
                self._fault(record, "stands in its table, but the trail does not know it")
            elif known == _GONE:
                self._fault(record, "stands in its table, but the trail says it was deleted")
            elif known != _digest(text):
                differing[record] = text
        for record, known in newest.items():
            if known != _GONE:
                self._fault(record, "is missing from its table; the trail knows of no deletion")
        if differing:
            self._explain(differing)
        return count

    def _newest(self) -> Iterator[tuple[str, bytes]]:
        for record, changes in self._histories():
            last: str | None = None
            for number, change in enumerate(changes):
                before, after = change["before"], change["after"]
                if before != last and not _continues(last, before):
                    self._fault(record, f"change {number + 1} does not begin where the last ended")
                last = after
            yield record, _GONE if last is None else _digest(last)

    def _histories(self) -> Iterator[tuple[str, Iterator[Row]]]:
        return groupby(self.source.record_changes(self.table), key=lambda row: row["record_id"])

    def _explain(self, differing: dict[str, str]) -> None:
        for record, changes in self._histories():
            if record not in differing:
                continue
            *_, newest = changes
            try:
                known = _parsed(newest["after"])
                found = self._digested(_parsed(differing[record]))
            except NotJson:
                self._fault(record, "the row or its newest change is not a JSON object")
                continue
            columns = sorted(
                name
                for name in known.keys() | found.keys()
                if name not in known or name not in found or known[name] != found[name]
            )
            if columns:
                self._fault(record, f"differs from the trail in {', '.join(columns)}")

    def _digested(self, row: dict[str, Any]) -> dict[str, Any]:
        """Return a row with its withheld columns as the trail knows them."""
        return {
            name: _withheld(value) if name in self.withheld and value is not None else value
            for name, value in row.items()
        }

    def _fault(self, record: str, what: str) -> None:
        self.findings.fault("records", f"{self.table} {record} {what}")


def _withheld(value: Any) -> str:
    text = value if isinstance(value, str) else canonical(value)
    return "sha256:" + sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _continues(last: str | None, before: str | None) -> bool:
    """Whether a change goes on from the last one, columns that came or went in between aside."""
    if last is None or before is None:
        return last is before
    try:
        ended, begins = _parsed(last), _parsed(before)
    except NotJson:
        return False
    return all(ended[name] == begins[name] for name in ended.keys() & begins.keys())


def _parsed(text: str) -> dict[str, Any]:
    try:
        # Numbers as they are spelt: nothing is rounded, and 1 is not "1".
        row = json.loads(text, parse_int=_number, parse_float=_number)
    except (ValueError, RecursionError):
        raise NotJson from None
    if not isinstance(row, dict):
        raise NotJson
    return row


def _number(spelt: str) -> dict[str, str]:
    return {"number": spelt}


def _digest(text: str) -> bytes:
    return sha256(text.encode("utf-8", "surrogatepass")).digest()[:16]
