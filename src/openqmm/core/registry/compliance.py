"""Reader of compliance actions: warning letters, injunctions, seizures (Data Dashboard)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from openqmm.core.registry.cells import location, optional_fei, other_product_type, required_day
from openqmm.core.registry.records import ReadRecords, read_records
from openqmm.core.registry.tables import Layout, Row

ActionType = Literal["Warning Letter", "Injunction", "Seizure"]

LAYOUT = Layout(
    kind="compliance",
    title="a compliance action file",
    names={
        "fei": ("FEI Number", "FEI"),
        "legal_name": ("Legal Name", "Firm Name"),
        "state": ("State", "State Code"),
        "country": ("Country/Area", "Country Name", "Country", "Country Code"),
        "is_domestic": ("Is Domestic",),
        "product_type": ("Product Type",),
        "taken_on": ("Action Taken Date", "Taken On"),
        "action_type": ("Action Type",),
        "case_id": ("Case/Injunction ID", "Case ID"),
    },
    required=("fei", "legal_name", "taken_on", "action_type", "case_id"),
    ignored=(
        "Address Line 1",
        "Address Line 2",
        "City",
        "Zip Code",
        "Region",
        "Center",
        "Fiscal Year",
        "Firm Profile",
    ),
)

_TYPES: dict[str, ActionType] = {
    "warning letter": "Warning Letter",
    "injunction": "Injunction",
    "seizure": "Seizure",
}


@dataclass(frozen=True, slots=True)
class ComplianceAction:
    """One action against one firm; a case may be told of several firms.

    `fei` is None where the source has none. `country` (ISO alpha-3) and `is_domestic` are None
    when neither country nor state tells. The number of a warning letter's case is that of the
    published letter.
    """

    fei: str | None
    legal_name: str
    state: str
    country: str | None
    is_domestic: bool | None
    product_type: str
    taken_on: date
    action_type: ActionType
    case_id: str


def read_compliance(path: Path) -> ReadRecords[ComplianceAction]:
    """Read compliance actions.

    Parameters
    ----------
    path : the Data Dashboard's export (CSV, XLSX) or its answer (JSON).

    Returns
    -------
    ReadRecords[ComplianceAction]
        One record per row. Rows of another product type than Drugs are left out and counted. A
        row is rejected when its name, date, case or type of action is missing or cannot be read.
        One without an FEI is kept; what is no FEI is reported as a doubt.

    Raises
    ------
    InvalidRecords
        The file is not a compliance action file, or not one row could be read.
    """
    return read_records(path, LAYOUT, _action, other_product_type)


def _action(row: Row) -> ComplianceAction:
    action_type = _TYPES.get(row.require("action_type").lower())
    if action_type is None:
        row.refuse("action_type", f"is not one of {', '.join(_TYPES.values())}")
    country, is_domestic = location(row)
    return ComplianceAction(
        fei=optional_fei(row),
        legal_name=row.require("legal_name"),
        state=row.text("state"),
        country=country,
        is_domestic=is_domestic,
        product_type=row.text("product_type"),
        taken_on=required_day(row, "taken_on"),
        action_type=action_type,
        case_id=row.require("case_id"),
    )
