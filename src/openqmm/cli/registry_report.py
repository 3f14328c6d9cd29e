"""What `openqmm registry import` prints: the same facts as sentences and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from openqmm.cli.registry_files import (
    file_data,
    imported_data,
    imported_lines,
    n_of,
    problem_lines,
    written_line,
)
from openqmm.core.registry.coverage import Coverage, coverage
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.merging import ImportedRecords
from openqmm.core.registry.records import Establishment, Inspection
from openqmm.core.registry.summary import (
    ClassCounts,
    LinkShares,
    Share,
    WindowSummary,
    link_shares,
    makers,
    summarise_window,
)

_STALE_DAYS = 31


@dataclass(frozen=True)
class EstablishmentsReport:
    """Report on imported registration files."""

    imported: ImportedRecords[Establishment]
    as_of: date | None
    written: Path | None

    @cached_property
    def _facts(self) -> dict[str, Any]:
        records = self.imported.records
        registered = Registry(records, ())
        expiries = {record.expires_on for record in records if record.expires_on}
        facts: dict[str, Any] = {
            "distinct_feis": len(registered.registered_feis),
            "without_fei": sum(record.fei is None for record in records),
            "domestic": sum(record.is_domestic is True for record in records),
            "foreign": sum(record.is_domestic is False for record in records),
            "country_unknown": sum(record.is_domestic is None for record in records),
            "expires_on": [day.isoformat() for day in sorted(expiries)],
            "makers": asdict(makers(records)),
        }
        if self.as_of:
            unexpired = (r for r in records if r.expires_on and r.expires_on >= self.as_of)
            facts["as_of"] = self.as_of.isoformat()
            facts["unexpired_feis"] = len({r.fei for r in unexpired if r.fei})
        return facts

    def data(self) -> dict[str, Any]:
        """Return the report as JSON-ready data."""
        written = str(self.written) if self.written else None
        return imported_data("establishments", self.imported) | self._facts | {"written": written}

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        facts = self._facts
        made = facts["makers"]
        lines = [
            *imported_lines(self.imported),
            f"{n_of(facts['distinct_feis'], 'FEI')}; {n_of(facts['without_fei'], 'record')} "
            "without an FEI.",
            f"Records: {facts['domestic']:,} domestic, {facts['foreign']:,} foreign, "
            f"{facts['country_unknown']:,} of unknown country.",
            f"Making API or finished forms: {n_of(made['feis'], 'FEI')} "
            f"({n_of(made['rows'], 'record')}), {made['foreign']:,} foreign, "
            f"{made['domestic']:,} domestic.",
            f"  API: {n_of(made['api'], 'FEI')} ({made['api_foreign']:,} foreign). "
            f"Finished forms: {n_of(made['fdf'], 'FEI')} ({made['fdf_domestic']:,} domestic).",
        ]
        if facts["expires_on"]:
            lines.append(f"Registrations expire on {', '.join(facts['expires_on'])}.")
        if self.as_of:
            lines.append(f"Not expired on {self.as_of}: {n_of(facts['unexpired_feis'], 'FEI')}.")
        return lines + written_line(self.written)


@dataclass(frozen=True)
class InspectionsReport:
    """Report on imported inspection files, seen through one look-back window."""

    imported: ImportedRecords[Inspection]
    linked_to: ImportedRecords[Establishment] | None
    requested_as_of: date | None
    years: int
    project_area: str
    written: Path | None

    @cached_property
    def _as_of(self) -> date:
        return self.requested_as_of or max(r.ended_on for r in self.imported.records)

    @cached_property
    def _registry(self) -> Registry:
        return Registry(self.linked_to.records if self.linked_to else (), self.imported.records)

    @cached_property
    def _coverage(self) -> Coverage | None:
        return coverage(self.imported.records, self.project_area)

    @cached_property
    def _window(self) -> WindowSummary:
        return summarise_window(self._registry, self._as_of, self.years, self.project_area)

    @cached_property
    def _linked(self) -> LinkShares | None:
        """Link shares of the inspections in the window."""
        if self.linked_to is None:
            return None
        window = self._window
        inside = (
            record
            for record in self.imported.records
            if record.project_area == self.project_area
            and window.first_on <= record.ended_on <= window.last_on
        )
        return link_shares(inside, self._registry.registered_feis)

    def data(self) -> dict[str, Any]:
        """Return the report as JSON-ready data."""
        window = asdict(self._window)
        if not self.linked_to:
            window = {k: v for k, v in window.items() if not k.startswith("registered")}
        window["years"] = self.years
        return imported_data("inspections", self.imported) | {
            "distinct_feis": len(self._registry.inspected_feis),
            "as_of": self._as_of.isoformat(),
            "coverage": _plain(asdict(self._coverage)) if self._coverage else None,
            "window": _plain(window),
            "linked": self._linked_data(),
            "notes": self._notes(),
            "written": str(self.written) if self.written else None,
        }

    def _linked_data(self) -> dict[str, Any] | None:
        if not (self._linked and self.linked_to):
            return None
        files = [file_data(file) for file in self.linked_to.files]
        return {"establishments": files, "in_window": asdict(self._linked)}

    def lines(self) -> list[str]:
        """Return the report as lines of text."""
        window = self._window
        feis = len(self._registry.inspected_feis)
        return [
            *imported_lines(self.imported),
            f"{n_of(feis, 'FEI')} over every project area and year.",
            f"Window {window.first_on} to {window.last_on}, {window.project_area}:",
            f"  {n_of(window.inspected_feis, 'FEI')} inspected "
            f"({n_of(window.inspections, 'inspection')}). "
            f"Latest class: {_classes(window.current)}.",
            f"  {n_of(window.feis_with_oai, 'FEI')} had an OAI.",
            *self._link_lines(),
            *(f"Note: {note}." for note in self._notes()),
            *written_line(self.written),
        ]

    def _link_lines(self) -> list[str]:
        if not (self._linked and self.linked_to):
            return []
        window, linked = self._window, self._linked
        return [
            f"Linked by FEI to {', '.join(file.source for file in self.linked_to.files)}:",
            f"  Inspections in the window with a registered FEI: {_of(linked.all)}; foreign "
            f"{_of(linked.foreign)}; domestic {_of(linked.domestic)}.",
            f"  Registered makers inspected in the window: {_of(window.registered)}; foreign "
            f"{_of(window.registered_foreign)}; domestic {_of(window.registered_domestic)}.",
            f"  Their latest class: {_classes(window.registered_current)}.",
            *(
                line
                for file in self.linked_to.files
                for line in problem_lines("rejected", file.rejected)
            ),
        ]

    def _notes(self) -> list[str]:
        """Reasons for which counts in the window may be too low."""
        covered, window = self._coverage, self._window
        if covered is None:
            return [f"no inspection is in the project area {self.project_area!r}"]
        notes = [str(gap) for gap in covered.gaps]
        if covered.first_on > window.first_on:
            notes.append(f"the records begin on {covered.first_on}, inside the window")
        if (window.last_on - covered.last_on).days > _STALE_DAYS:
            notes.append(f"the records end on {covered.last_on}, before the window does")
        return notes


def _classes(counts: ClassCounts) -> str:
    known = f"NAI {counts.nai:,}, VAI {counts.vai:,}, OAI {counts.oai:,}"
    return known + (f", unknown {counts.unknown:,}" if counts.unknown else "")


def _of(share: Share) -> str:
    percent = f" ({share.share:.1%})" if share.share is not None else ""
    return f"{share.count:,} of {share.total:,}{percent.replace('%', ' %')}"


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Return data with dates as ISO text."""
    return {key: _plain_value(value) for key, value in data.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return _plain(value)
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_plain_value(item) for item in value]
    return value
