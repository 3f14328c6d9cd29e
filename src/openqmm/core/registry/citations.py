"""Reader of inspection citations (Data Dashboard export or answer, or a table made from it)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openqmm.core.registry.cells import required_day, required_fei
from openqmm.core.registry.records import ReadRecords, read_records
from openqmm.core.registry.tables import Layout, Row

PROGRAM_AREA = "Drugs"
"""Citations of every other programme are left out."""

LAYOUT = Layout(
    kind="citations",
    title="an inspection citation file",
    names={
        "inspection_id": ("Inspection ID",),
        "fei": ("FEI Number", "FEI"),
        "legal_name": ("Legal Name", "Firm Name"),
        "ended_on": ("Inspection End Date", "Ended On", "Inspection Date"),
        "program_area": ("Program Area",),
        "act_cfr": ("Act/CFR Number", "Act CFR"),
        "citation_id": ("Citation ID",),
        "short_description": ("Short Description",),
        "long_description": ("Long Description",),
    },
    required=("inspection_id", "fei", "ended_on", "program_area", "short_description"),
    ignored=(
        "Address Line 1",
        "Address Line 2",
        "City",
        "State",
        "State Code",
        "Zip Code",
        "Country Code",
        "Country Name",
        "Firm Profile",
    ),
)


@dataclass(frozen=True, slots=True)
class Citation:
    """One rule that an inspection found broken.

    `program_area` is a product programme ("Drugs"), not the project area of the inspection.
    `act_cfr` and `citation_id` are "" where the source has none.
    """

    inspection_id: str
    fei: str
    legal_name: str
    ended_on: date
    program_area: str
    act_cfr: str
    citation_id: str
    short_description: str
    long_description: str


def read_citations(path: Path) -> ReadRecords[Citation]:
    """Read inspection citations.

    Parameters
    ----------
    path : the Data Dashboard's export (CSV, XLSX), its answer (JSON), or a table made from them.

    Returns
    -------
    ReadRecords[Citation]
        One record per row. Rows of other programmes than Drugs are left out and counted. A row is
        rejected when its FEI, inspection ID, end date or short description is missing or cannot
        be read.

    Raises
    ------
    InvalidRecords
        The file is not a citation file, or not one row could be read.
    """
    return read_records(path, LAYOUT, _citation, _other_program)


def _other_program(row: Row) -> str | None:
    program = row.text("program_area")
    return None if program.lower() == PROGRAM_AREA.lower() else program or "no programme"


def _citation(row: Row) -> Citation:
    return Citation(
        inspection_id=row.require("inspection_id"),
        fei=required_fei(row),
        legal_name=row.text("legal_name"),
        ended_on=required_day(row, "ended_on"),
        program_area=PROGRAM_AREA,
        act_cfr=row.text("act_cfr"),
        citation_id=row.text("citation_id"),
        short_description=row.require("short_description"),
        long_description=row.text("long_description"),
    )
