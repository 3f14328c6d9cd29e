"""Reader of drug shortages: the file of openFDA, or the download of current shortages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from openqmm.core.registry.cells import listed, optional_day, required_day
from openqmm.core.registry.dates import read_shortage_date
from openqmm.core.registry.identity import normalise_ndc
from openqmm.core.registry.records import ReadRecords, read_records
from openqmm.core.registry.tables import Layout, Row

ShortageStatus = Literal["Current", "To Be Discontinued", "Resolved"]

LAYOUT = Layout(
    kind="shortages",
    title="a file of drug shortages",
    names={
        "generic_name": ("generic_name",),
        "company": ("company_name", "Company"),
        "presentation": ("presentation",),
        "ndc": ("package_ndc", "NDC"),
        "status": ("status",),
        "posted_on": ("initial_posting_date", "Posted On"),
        "updated_on": ("update_date", "Date of Update", "Updated On"),
        "changed_on": ("change_date", "Changed On"),
        "discontinued_on": ("discontinued_date", "Date Discontinued", "Discontinued On"),
        "update_type": ("update_type", "Type of Update"),
        "availability": ("availability", "Availability Information"),
        "reason": ("shortage_reason", "Reason for Shortage", "Reason"),
        "resolved_note": ("resolved_note",),
        "dosage_form": ("dosage_form",),
        "categories": ("therapeutic_category", "Categories"),
    },
    required=("generic_name", "company", "presentation", "status", "posted_on", "updated_on"),
    ignored=(
        "openfda",
        "contact_info",
        "related_info",
        "Related Information",
        "related_info_link",
        "Generic Name Note",
        "Generic Name Link",
        "Company Info Link",
        "Availability Link",
        "Resolved Note Link",
        "Discontinued Note Link",
    ),
)

_STATUSES: dict[str, ShortageStatus] = {
    "current": "Current",
    "to be discontinued": "To Be Discontinued",
    "resolved": "Resolved",
}
_NDC = re.compile(r"\b\d{4,5}-\d{3,4}-\d{1,2}\b")


@dataclass(frozen=True, slots=True)
class Shortage:
    """One presentation of a drug by one company on the list of shortages, on one day.

    The list also announces discontinuations, which are no shortages. `ndc` is the package's code
    as 5-4-2, None where the source has none. `posted_on` is the day the drug came on the list,
    `updated_on` the last time the company spoke.
    """

    generic_name: str
    company: str
    presentation: str
    ndc: str | None
    status: ShortageStatus
    posted_on: date
    updated_on: date
    changed_on: date | None
    discontinued_on: date | None
    update_type: str
    availability: str
    reason: str
    resolved_note: str
    dosage_form: str
    categories: tuple[str, ...]

    @property
    def is_shortage(self) -> bool:
        """Whether it is or was a shortage; a product that will be given up is none."""
        return self.status != "To Be Discontinued"

    @property
    def is_current(self) -> bool:
        """Whether it was a shortage still on the day of the list."""
        return self.status == "Current"


def read_shortages(path: Path) -> ReadRecords[Shortage]:
    """Read a list of shortages.

    Parameters
    ----------
    path : the bulk file of openFDA (JSON, zipped or not) or the CSV of current shortages, whose
        first line is empty.

    Returns
    -------
    ReadRecords[Shortage]
        One record per row. A row is rejected when its names, status or days are missing or cannot
        be read. The code of the package is taken from its column, else from the words of the
        presentation; a row without one is kept and reported.

    Raises
    ------
    InvalidRecords
        The file is no such list, or not one row could be read.
    """
    return read_records(path, LAYOUT, _shortage)


def repeated_listings(shortages: Iterable[Shortage]) -> int:
    """Return how many (generic name, company, NDC) are on a list more than once."""
    times = Counter((s.generic_name, s.company, s.ndc) for s in shortages)
    return sum(count > 1 for count in times.values())


def _shortage(row: Row) -> Shortage:
    status = _STATUSES.get(row.require("status").lower())
    if status is None:
        row.refuse("status", f"is not one of {', '.join(_STATUSES.values())}")
    return Shortage(
        generic_name=row.require("generic_name"),
        company=row.require("company"),
        presentation=row.text("presentation"),
        ndc=_ndc(row),
        status=status,
        posted_on=required_day(row, "posted_on", read_shortage_date),
        updated_on=required_day(row, "updated_on", read_shortage_date),
        changed_on=optional_day(row, "changed_on", read_shortage_date),
        discontinued_on=optional_day(row, "discontinued_on", read_shortage_date),
        update_type=row.text("update_type"),
        availability=row.text("availability"),
        reason=row.text("reason"),
        resolved_note=row.text("resolved_note"),
        dosage_form=row.text("dosage_form"),
        categories=listed(row.text("categories")),
    )


def _ndc(row: Row) -> str | None:
    told = normalise_ndc(row.text("ndc"))
    if told:
        return told
    # The CSV has the code in the words only.
    for found in _NDC.findall(row.text("presentation")):
        if ndc := normalise_ndc(found):
            return ndc
    row.doubt(
        "ndc" if row.has("ndc") else "presentation", "holds no NDC; it cannot be joined by it"
    )
    return None
