"""Report on an import of the kinds that have no look-back window, as sentences and as JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from openqmm.cli.registry_counts import Counts, count_lines, counts_of
from openqmm.cli.registry_files import (
    file_data,
    imported_data,
    imported_lines,
    n_of,
    problem_lines,
    written_line,
)
from openqmm.core.registry.covers import Cover
from openqmm.core.registry.kinds import Kind, told_on
from openqmm.core.registry.linkage import LinkCounts, Linker, count_links, sites_of
from openqmm.core.registry.merging import ImportedRecords
from openqmm.core.registry.records import Establishment

_RULES = {
    "fei": "by FEI",
    "duns": "by DUNS",
    "name_city": "by name and city",
    "name_country": "by name and country",
    "fuzzy": "by a similar name",
}


@dataclass(frozen=True)
class KindReport:
    """Report on imported files of one kind."""

    kind: Kind[Any]
    imported: ImportedRecords[Any]
    linked_to: ImportedRecords[Establishment] | None
    requested_as_of: date | None
    written: Path | None

    @cached_property
    def _cover(self) -> Cover | None:
        told = self.requested_as_of or told_on(self.imported)
        return self.kind.covers(self.imported.records, told)

    @cached_property
    def _counts(self) -> Counts:
        return counts_of(self.kind.name, self.imported)

    @cached_property
    def _feis(self) -> tuple[int, int]:
        """Distinct FEIs, and records without one."""
        feis = [self.kind.named(record).fei for record in self.imported.records]
        return len({fei for fei in feis if fei}), sum(fei is None for fei in feis)

    @cached_property
    def _linked(self) -> LinkCounts | None:
        if self.linked_to is None:
            return None
        linker = Linker(sites_of(self.linked_to.records))
        return count_links(map(self.kind.named, self.imported.records), linker)

    def data(self) -> dict[str, Any]:
        """Return the report as JSON-ready data."""
        cover = self._cover
        covered = cover and {
            "first_on": cover.first_on.isoformat(),
            "last_on": cover.last_on.isoformat(),
        }
        return imported_data(self.kind.name, self.imported) | {
            "distinct_feis": self._feis[0],
            "without_fei": self._feis[1],
            "covers": covered,
            "counts": self._counts,
            "linked": self._linked_data(),
            "written": str(self.written) if self.written else None,
        }

    def _linked_data(self) -> dict[str, Any] | None:
        if not (self._linked and self.linked_to):
            return None
        return {
            "establishments": [file_data(file) for file in self.linked_to.files],
            "count": self._linked.linked,
            "total": self._linked.total,
            "by_method": dict(self._linked.by_method),
            "reviewable": self._linked.reviewable,
        }

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        feis, without = self._feis
        return [
            *imported_lines(self.imported),
            _cover_line(self._cover),
            f"{n_of(feis, 'FEI')}; {n_of(without, 'record')} without an FEI.",
            *count_lines(self._counts),
            *self._link_lines(),
            *written_line(self.written),
        ]

    def _link_lines(self) -> list[str]:
        linked = self._linked
        if not (linked and self.linked_to):
            return []
        rules = [
            f"{_RULES[method]} {count:,}" for method, count in sorted(linked.by_method.items())
        ]
        names = ", ".join(file.source for file in self.linked_to.files)
        share = f" ({linked.linked / linked.total:.1%})".replace("%", " %")
        return [
            f"Linked to {names}: {linked.linked:,} of {n_of(linked.total, 'record')}{share}"
            + (f": {', '.join(rules)}." if rules else "."),
            f"  Candidates for review: {n_of(linked.reviewable, 'record')}.",
            *(
                line
                for file in self.linked_to.files
                for line in problem_lines("rejected", file.rejected)
            ),
        ]


def _cover_line(cover: Cover | None) -> str:
    if cover is None:
        return "Covers: no day is told; give it with --as-of."
    if cover.first_on == cover.last_on:
        return f"Covers {cover.last_on}."
    return f"Covers {cover.first_on} to {cover.last_on}."
