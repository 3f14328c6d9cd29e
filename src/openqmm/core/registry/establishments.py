"""Reader of the drug establishment registration file (DECRS, drls_reg.txt)."""

from __future__ import annotations

from pathlib import Path

from openqmm.core.registry.dates import read_date
from openqmm.core.registry.identity import (
    country_code,
    country_of_address,
    is_fei_placeholder,
    normalise_duns,
    normalise_fei,
)
from openqmm.core.registry.records import Establishment, ReadRecords, read_records
from openqmm.core.registry.tables import Layout, Row

LAYOUT = Layout(
    kind="establishments",
    title="the drug establishment registration file",
    names={
        "fei": ("FEI_NUMBER", "FEI"),
        "duns": ("DUNS_NUMBER", "DUNS"),
        "name": ("FIRM_NAME", "NAME"),
        "address": ("ADDRESS",),
        "operations": ("OPERATIONS",),
        "expires_on": ("EXPIRATION_DATE", "EXPIRES_ON"),
        "country": ("COUNTRY",),
    },
    required=("fei", "duns", "name", "address", "operations"),
    # Contact columns hold personal data; they are not read.
    ignored=(
        "ESTABLISHMENT_CONTACT_NAME",
        "ESTABLISHMENT_CONTACT_EMAIL",
        "AGENT_DETAILS",
        "REGISTRANT_NAME",
        "REGISTRANT_DUNS",
        "REGISTRANT_CONTACT_NAME",
        "REGISTRANT_CONTACT_EMAIL",
        "EXCLUSION_FLAG",
    ),
)


def read_establishments(path: Path) -> ReadRecords[Establishment]:
    """Read a registration file.

    Accepts the tab-delimited original, a CSV or XLSX made from it, and the file this package
    writes.

    Parameters
    ----------
    path : the file.

    Returns
    -------
    ReadRecords[Establishment]
        One record per row. A row without an FEI is kept (its DUNS identifies it). A row is
        rejected when its FEI, DUNS or expiry date is not one, or its name is missing. An address
        without a country code at its end leaves the country unknown and is reported as a doubt.

    Raises
    ------
    InvalidRecords
        The file is not a registration file, or not one row could be read.
    """
    return read_records(path, LAYOUT, _establishment)


def _establishment(row: Row) -> Establishment:
    fei = normalise_fei(row.text("fei"))
    # A placeholder says "no FEI yet"; anything else that is no FEI is a slip that must be seen.
    if fei is None and not is_fei_placeholder(row.text("fei")):
        row.refuse("fei", "is not an FEI of at most 10 digits")
    duns = normalise_duns(row.text("duns"))
    if duns is None and row.text("duns"):
        row.refuse("duns", "is not a DUNS number of 9 digits")
    if fei is None and duns is None:
        row.refuse("duns", "is missing, and so is the FEI")
    expires_on = read_date(row.text("expires_on"))
    if expires_on is None and row.text("expires_on"):
        row.refuse("expires_on", "is not a date")
    return Establishment(
        fei=fei,
        duns=duns,
        name=row.require("name"),
        address=row.text("address"),
        country=_country(row),
        operations=_operations(row.text("operations")),
        expires_on=expires_on,
    )


def _country(row: Row) -> str | None:
    country = country_code(row.text("country")) or country_of_address(row.text("address"))
    if country is None:
        row.doubt("address", "does not end in a country code; the country is unknown")
    return country


def _operations(text: str) -> tuple[str, ...]:
    # The separator is "; ", but blanks around and inside vary between snapshots.
    operations = (" ".join(part.upper().split()) for part in text.split(";"))
    return tuple(operation for operation in operations if operation)
