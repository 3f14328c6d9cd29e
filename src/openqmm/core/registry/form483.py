"""Reader of the list of published Forms FDA 483 (Data Dashboard export)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openqmm.core.registry.cells import optional_day, optional_fei, required_day
from openqmm.core.registry.records import ReadRecords, read_records
from openqmm.core.registry.tables import Layout, Row

LAYOUT = Layout(
    kind="form483",
    title="the list of published 483s",
    names={
        "record_date": ("Record Date",),
        "fei": ("FEI Number", "FEI"),
        "legal_name": ("Legal Name", "Firm Name"),
        "record_type": ("Record Type",),
        # The fifth column was renamed in 2025.
        "posted_on": ("Publish Date", "Date Posted", "Posted On"),
        "download": ("Download",),
        "record_id": ("Record ID",),
    },
    required=("record_date", "fei", "legal_name", "posted_on", "download"),
)

_RECORD_TYPE = "483"
_ATTACHMENT = "?attachment"


@dataclass(frozen=True, slots=True)
class Form483:
    """One published form: what the inspectors wrote at the end of an inspection.

    The list is a selection of all forms. `record_date` and `fei` are None where the source has
    none. `download` is the address of the form and identifies it; `record_id` is given anew in
    every snapshot.
    """

    record_date: date | None
    fei: str | None
    legal_name: str
    posted_on: date
    download: str
    record_id: str


def read_form483(path: Path) -> ReadRecords[Form483]:
    """Read a list of published 483s.

    Parameters
    ----------
    path : the Data Dashboard's export, CSV or XLSX.

    Returns
    -------
    ReadRecords[Form483]
        One record per row. Rows of another record type are left out and counted. A row is
        rejected when its name, address or day of posting is missing. What is no FEI (some are cut
        or hold a name) is reported as a doubt; the row is kept.

    Raises
    ------
    InvalidRecords
        The file is no such list, or not one row could be read.
    """
    return read_records(path, LAYOUT, _form, _other_type)


def _other_type(row: Row) -> str | None:
    record_type = row.text("record_type")
    if not row.has("record_type") or record_type == _RECORD_TYPE:
        return None
    return record_type or "no record type"


def _form(row: Row) -> Form483:
    return Form483(
        record_date=optional_day(row, "record_date"),
        fei=optional_fei(row),
        legal_name=row.require("legal_name"),
        posted_on=required_day(row, "posted_on"),
        # One file names the same form with and without the request to save it.
        download=row.require("download").removesuffix(_ATTACHMENT),
        record_id=row.text("record_id"),
    )
