"""Reader of inspection classifications (Data Dashboard export, or a table made from it)."""

from __future__ import annotations

import re
from pathlib import Path

from openqmm.core.registry.cells import location, other_product_type, required_day, required_fei
from openqmm.core.registry.records import (
    Classification,
    Inspection,
    ReadRecords,
    read_records,
)
from openqmm.core.registry.tables import Layout, Row

LAYOUT = Layout(
    kind="inspections",
    title="an inspection classification file",
    names={
        "fei": ("FEI Number", "FEI"),
        "inspection_id": ("Inspection ID",),
        "ended_on": ("Inspection End Date", "Ended On"),
        "classification": ("Classification", "Classification Code"),
        "project_area": ("Project Area",),
        "legal_name": ("Legal Name", "Firm Name"),
        "city": ("City",),
        "state": ("State", "State Code"),
        "country": ("Country/Area", "Country Name", "Country", "Country Code"),
        "product_type": ("Product Type",),
        "is_domestic": ("Is Domestic",),
    },
    required=("fei", "inspection_id", "ended_on", "classification", "project_area"),
    ignored=(
        "Address Line 1",
        "Address Line 2",
        "Zip",
        "Zip Code",
        "District",
        "Fiscal Year",
        "Posted Citations",
        "Additional Details",
        "FMD-145 Date",
        "Firm Profile",
    ),
)

_CLASS_BY_TEXT: dict[str, Classification] = {
    "nai": "NAI",
    "vai": "VAI",
    "oai": "OAI",
    "no action indicated": "NAI",
    "voluntary action indicated": "VAI",
    "official action indicated": "OAI",
}
_BRACKET = re.compile(r"\(([^()]*)\)$")


def read_inspections(path: Path) -> ReadRecords[Inspection]:
    """Read inspection classifications.

    Accepts the Data Dashboard export (CSV or XLSX, title lines above the header allowed), tables
    reduced from it, and the file this package writes.

    Parameters
    ----------
    path : the file.

    Returns
    -------
    ReadRecords[Inspection]
        One record per inspection and project area. Rows of another product type than Drugs are
        left out and counted by type. A row is rejected when its FEI, inspection ID, end date or
        project area is missing or cannot be read. A class or country that cannot be read stays
        unknown and is reported as a doubt: dropping the row would hide that the site was
        inspected.

    Raises
    ------
    InvalidRecords
        The file is not an inspection classification file, or not one row could be read.
    """
    return read_records(path, LAYOUT, _inspection, other_product_type)


def read_classification(text: str) -> Classification | None:
    """Return the class of "VAI", "Voluntary Action Indicated (VAI)" and the like, or None."""
    folded = text.strip().lower()
    # The words before the bracket may vary; the code in it is what the regulator publishes.
    bracket = _BRACKET.search(folded)
    return _CLASS_BY_TEXT.get(bracket[1].strip() if bracket else folded)


def _inspection(row: Row) -> Inspection:
    fei = required_fei(row)
    ended_on = required_day(row, "ended_on")
    classification = read_classification(row.text("classification"))
    # An unreadable latest class must make the current class unknown, not let an older one stand.
    if classification is None:
        row.doubt("classification", "is not NAI, VAI or OAI; the class is unknown")
    country, is_domestic = location(row)
    return Inspection(
        fei=fei,
        inspection_id=row.require("inspection_id"),
        ended_on=ended_on,
        classification=classification,
        project_area=row.require("project_area"),
        legal_name=row.text("legal_name"),
        city=row.text("city"),
        state=row.text("state"),
        country=country,
        is_domestic=is_domestic,
    )
