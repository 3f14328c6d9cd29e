"""Cells that several kinds of records have alike, read or refused in the same words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from openqmm.core.registry.dates import read_date
from openqmm.core.registry.identity import (
    US_STATES,
    country_code,
    is_domestic_country,
    is_fei_placeholder,
    normalise_fei,
)
from openqmm.core.registry.tables import Row

PRODUCT_TYPE = "Drugs"
"""Rows of every other product type are left out."""

_NO_FEI = "is not an FEI of at most 10 digits"
_FLAGS = {"true": True, "false": False}


def other_product_type(row: Row) -> str | None:
    """Return the product type of a row that is not of drugs, None for a row of drugs."""
    product_type = row.text("product_type")
    # Reduced tables drop the column because they hold drugs only.
    if not row.has("product_type") or product_type.lower() == PRODUCT_TYPE.lower():
        return None
    return product_type or "no product type"


def required_fei(row: Row) -> str:
    """Return the FEI of a row, or give the row up."""
    return normalise_fei(row.require("fei")) or row.refuse("fei", _NO_FEI)


def optional_fei(row: Row) -> str | None:
    """Return the FEI of a row that counts without one too; what is no FEI is reported."""
    text = row.text("fei")
    fei = normalise_fei(text)
    if fei is None and not is_fei_placeholder(text):
        row.doubt("fei", f"{_NO_FEI}; which site it is cannot be told")
    return fei


def required_day(row: Row, field: str, read: Callable[[str], date | None] = read_date) -> date:
    """Return the date in a field, or give the row up."""
    return read(row.require(field)) or row.refuse(field, "is not a date")


def optional_day(
    row: Row, field: str, read: Callable[[str], date | None] = read_date
) -> date | None:
    """Return the date in a field that may be blank; what is no date is reported."""
    text = row.text(field)
    day = read(text)
    if day is None and text:
        row.doubt(field, "is not a date; the day is unknown")
    return day


def flag(row: Row, field: str) -> bool | None:
    """Return the truth of a field that holds true or false; None when it does not."""
    return _FLAGS.get(row.text(field).lower())


def listed(text: str) -> tuple[str, ...]:
    """Return the parts of a cell that `;` separates."""
    return tuple(part for part in map(str.strip, text.split(";")) if part)


def optional_country(row: Row) -> str | None:
    """Return the country of a row as alpha-3 code; a country that is not known is reported."""
    country = country_code(row.text("country"))
    if country is None and row.text("country"):
        row.doubt("country", "is not a known country")
    return country


def location(row: Row) -> tuple[str | None, bool | None]:
    """Return country and domesticity; the state tells only where the country does not.

    Reads the fields `country`, `state` and `is_domestic`.
    """
    written, state = row.text("country"), row.text("state")
    country = country_code(written)
    if country:
        return country, is_domestic_country(country)
    if written:
        row.doubt("country", "is not a known country")
        return None, None
    # Only files written by this package have the column: what was known then is not derived anew.
    if row.has("is_domestic"):
        return None, flag(row, "is_domestic")
    if state.lower() in US_STATES:
        return "USA", True
    # The source gives a state to every domestic site and to no other; where the column of
    # countries was cut away, no state means a foreign site.
    if not state and row.has("state") and not row.has("country"):
        return None, False
    return None, None
