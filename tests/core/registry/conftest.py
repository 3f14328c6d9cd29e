"""Synthetic public files: invented sites, in the formats of the real sources."""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from openqmm.core.registry.records import Inspection

DECRS_HEADER = (
    " FEI_NUMBER\tDUNS_NUMBER\tFIRM_NAME\tADDRESS\tEXPIRATION_DATE\tOPERATIONS\t"
    "ESTABLISHMENT_CONTACT_NAME\tESTABLISHMENT_CONTACT_EMAIL\tAGENT_DETAILS\tREGISTRANT_NAME\t"
    "REGISTRANT_DUNS\tREGISTRANT_CONTACT_NAME\tREGISTRANT_CONTACT_EMAIL\tEXCLUSION_FLAG"
)
DASHBOARD_HEADER = [
    "FEI Number",
    "Legal Name",
    "City",
    "State",
    "Zip",
    "Country/Area",
    "Fiscal Year",
    "Inspection ID",
    "Posted Citations",
    "Inspection End Date",
    "Classification",
    "Project Area",
    "Product Type",
    "Additional Details",
    "FMD-145 Date",
]
REDUCED_HEADER = [
    "fei_number",
    "firm_name",
    "inspection_end_date",
    "classification",
    "project_area",
    "city",
    "state",
    "inspection_id",
]


@pytest.fixture
def registration_file(tmp_path: Path) -> Callable[..., Path]:
    """Write the original tab-delimited form: padded cells, a tab after each row, CRLF."""

    def write(*rows: Sequence[str], name: str = "drls_reg.txt", encoding: str = "utf-8") -> Path:
        lines = [DECRS_HEADER]
        for fei, duns, firm, address, operations, *expires in rows:
            expiry = expires[0] if expires else "12/31/2025"
            contact = ("A Person", "a@example.org", "An Agent", firm, duns, "B", "b@example.org")
            cells = (fei, duns, firm, address, expiry, operations, *contact, "N")
            lines.append("\t".join(f"{cell}  " for cell in cells) + "\t")
        path = tmp_path / name
        path.write_bytes("".join(line + "\r\n" for line in lines).encode(encoding))
        return path

    return write


@pytest.fixture
def dashboard_header() -> list[str]:
    """Return the header of the Data Dashboard's inspections export, as downloaded."""
    return list(DASHBOARD_HEADER)


@pytest.fixture
def reduced_header() -> list[str]:
    """Return the header of an inspection table cut down to eight columns."""
    return list(REDUCED_HEADER)


@pytest.fixture
def dashboard_row() -> Callable[..., list[object]]:
    """Return one row of the fifteen-column inspections export."""

    def row(
        *,
        fei: object = "3004333526",
        country: str = "United States",
        state: str = "Florida",
        inspection_id: object = "1106400",
        ended_on: object = "2024-10-11",
        classification: str = "No Action Indicated (NAI)",
        area: str = "Drug Quality Assurance",
        product_type: str = "Drugs",
    ) -> list[object]:
        place = ["Synthetic Works, Inc.", "Sunrise", state, "33351", country, "2025"]
        tail = [ended_on, classification, area, product_type, "-", "-"]
        return [fei, *place, inspection_id, "Yes", *tail]

    return row


@pytest.fixture
def csv_file(tmp_path: Path) -> Callable[..., Path]:
    def write(header: Sequence[str], *rows: Iterable[object], name: str = "file.csv") -> Path:
        path = tmp_path / name
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
        return path

    return write


@pytest.fixture
def workbook_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a workbook; dates become true dates, title lines stand above the header."""

    def write(
        header: Sequence[str],
        *rows: Iterable[object],
        titles: Sequence[str] = (),
        name: str = "Inspections Details.xlsx",
    ) -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
            sheet = book.add_worksheet("0f2d6c1a-synthetic")
            for line, cells in enumerate([*([title] for title in titles), header, *rows]):
                sheet.write_row(line, 0, cells)
        return path

    return write


@pytest.fixture
def inspection() -> Callable[..., Inspection]:
    """Return an inspection of one synthetic site; every field can be replaced."""

    def make(ended_on: str, classification: str | None = "NAI", **fields: object) -> Inspection:
        given: dict[str, object] = {
            "fei": "3001",
            "inspection_id": f"I-{ended_on}",
            "project_area": "Drug Quality Assurance",
            "legal_name": "Synthetic Works, Inc.",
            "city": "Sunrise",
            "state": "",
            "country": "IND",
            "is_domestic": False,
        }
        return Inspection(
            ended_on=date.fromisoformat(ended_on), classification=classification, **given | fields
        )

    return make


@pytest.fixture(scope="session")
def public_data() -> Path:
    """Return the folder of real public files, or skip."""
    root = Path(__file__).parents[3]
    folder = Path(os.environ.get("OPENQMM_TEST_DATA", root.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the real public files are not there: set OPENQMM_TEST_DATA")
    return folder
