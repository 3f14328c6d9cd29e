"""The nine kinds of public records in one table: how each is read, merged, known and dated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Generic, TypeVar

from openqmm.core.errors import InvalidRecords
from openqmm.core.registry import (
    citations,
    compliance,
    enforcement,
    establishments,
    form483,
    import_alerts,
    importing,
    inspections,
    ndc,
    shortages,
)
from openqmm.core.registry.covers import Cover, snapshot, span
from openqmm.core.registry.linkage import Named
from openqmm.core.registry.merging import ImportedRecords, Key
from openqmm.core.registry.normalised import record_lines
from openqmm.core.registry.records import Establishment, Inspection, ReadRecords
from openqmm.core.registry.tables import Layout, layouts_of

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Kind(Generic[R]):
    """One kind of public records.

    `read` reads one file, `import_files` merges several; `key` gives the natural key of a record.
    `covers` gives first and last day of records; its second argument is the day of which the data
    are, as file or person say it, which only lists of one day use. `named` gives what a record says
    of its site, for linking; `has_fei` is whether that includes the FEI as a rule.
    """

    name: str
    title: str
    layout: Layout
    record: type[R]
    read: Callable[[Path], ReadRecords[R]]
    import_files: Callable[[Sequence[Path]], ImportedRecords[R]]
    key: Callable[[R], Key]
    covers: Callable[[Iterable[R], date | None], Cover | None]
    named: Callable[[R], Named]
    has_fei: bool

    def lines(self, records: Iterable[R]) -> Iterator[str]:
        """Yield records as normalised CSV lines that `read` takes back unchanged."""
        return record_lines(self.record, records)


KINDS: Mapping[str, Kind[Any]] = {
    kind.name: kind
    for kind in (
        Kind(
            name="establishments",
            title="Establishment registrations",
            layout=establishments.LAYOUT,
            record=Establishment,
            read=establishments.read_establishments,
            import_files=importing.import_establishments,
            key=importing.establishment_key,
            # A registration says until when it holds, not on which day the list was made.
            covers=lambda records, told_on: snapshot((), told_on),
            named=lambda r: Named(r.name, "", r.country, r.duns, r.fei, r.address),
            has_fei=True,
        ),
        Kind(
            name="inspections",
            title="Inspection classifications",
            layout=inspections.LAYOUT,
            record=Inspection,
            read=inspections.read_inspections,
            import_files=importing.import_inspections,
            key=importing.inspection_key,
            covers=lambda records, told_on: span(r.ended_on for r in records),
            named=lambda r: Named(r.legal_name, r.city, r.country, fei=r.fei),
            has_fei=True,
        ),
        Kind(
            name="citations",
            title="Inspection citations",
            layout=citations.LAYOUT,
            record=citations.Citation,
            read=citations.read_citations,
            import_files=importing.import_citations,
            key=importing.citation_key,
            covers=lambda records, told_on: span(r.ended_on for r in records),
            named=lambda r: Named(r.legal_name, fei=r.fei),
            has_fei=True,
        ),
        Kind(
            name="compliance",
            title="Compliance actions",
            layout=compliance.LAYOUT,
            record=compliance.ComplianceAction,
            read=compliance.read_compliance,
            import_files=importing.import_compliance,
            key=importing.compliance_key,
            covers=lambda records, told_on: span(r.taken_on for r in records),
            named=lambda r: Named(r.legal_name, country=r.country, fei=r.fei),
            has_fei=True,
        ),
        Kind(
            name="form483",
            title="Published 483s",
            layout=form483.LAYOUT,
            record=form483.Form483,
            read=form483.read_form483,
            import_files=importing.import_form483,
            key=importing.form483_key,
            covers=lambda records, told_on: span(r.record_date for r in records),
            named=lambda r: Named(r.legal_name, fei=r.fei),
            has_fei=True,
        ),
        Kind(
            name="enforcement",
            title="Recalls",
            layout=enforcement.LAYOUT,
            record=enforcement.Recall,
            read=enforcement.read_enforcement,
            import_files=importing.import_enforcement,
            key=importing.enforcement_key,
            # The Data Dashboard's export has no day of the report.
            covers=lambda records, told_on: span(r.reported_on or r.classified_on for r in records),
            named=lambda r: Named(r.firm, r.city, r.country, fei=r.fei),
            has_fei=False,
        ),
        Kind(
            name="shortages",
            title="Drug shortages",
            layout=shortages.LAYOUT,
            record=shortages.Shortage,
            read=shortages.read_shortages,
            import_files=importing.import_shortages,
            key=importing.shortage_key,
            covers=lambda records, told_on: snapshot((r.updated_on for r in records), told_on),
            named=lambda r: Named(r.company),
            has_fei=False,
        ),
        Kind(
            name="import_alerts",
            title="Import alerts",
            layout=import_alerts.LAYOUT,
            record=import_alerts.ImportAlertEntry,
            read=import_alerts.read_import_alerts,
            import_files=importing.import_import_alerts,
            key=importing.import_alert_key,
            covers=lambda records, told_on: snapshot((r.published_on for r in records), told_on),
            named=lambda r: Named(r.firm, country=r.country, fei=r.fei, address=r.address),
            has_fei=False,
        ),
        Kind(
            name="ndc",
            title="NDC product listings",
            layout=ndc.LAYOUT,
            record=ndc.DrugProduct,
            read=ndc.read_ndc,
            import_files=importing.import_ndc,
            key=importing.ndc_key,
            # Days of marketing may lie ahead: they do not tell when the list was made.
            covers=lambda records, told_on: snapshot((), told_on),
            named=lambda r: Named(r.labeler),
            has_fei=False,
        ),
    )
}


def kind_of(path: Path) -> str | None:
    """Return the kind of a public file, a key of `KINDS`, by its header or keys.

    None for every other file, readable or not, and for one that could be of two kinds: what is
    wrong with it is said by the reader of the kind it was meant to be. Only the beginning of a
    file is read.
    """
    try:
        found = layouts_of(path, (kind.layout for kind in KINDS.values()))
    except InvalidRecords:
        return None
    return found[0].kind if len(found) == 1 else None


def told_on(imported: ImportedRecords[Any]) -> date | None:
    """Return the latest day of which the files themselves say that their data are."""
    days = [file.updated_on for file in imported.files if file.updated_on]
    return max(days, default=None)
