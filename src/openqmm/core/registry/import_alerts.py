"""Reader of an import alert's red list: the published web page, or a table made from it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

from openqmm.core.registry.cells import listed, optional_country, optional_day, optional_fei
from openqmm.core.registry.records import ReadRecords, read_records
from openqmm.core.registry.tables import Layout, Row

_ALERT = re.compile(r"import\s+alert\s*#?\s*(\d{2}-\d{2,3})", re.IGNORECASE)
_PUBLISHED = re.compile(r"date\s+published\s*:\s*(\S+)", re.IGNORECASE)
# Industry and class of a product, such as "66 V - - 99 Ointment".
_PRODUCT = re.compile(r"\d{2}[\s-]+([A-Z][\s-]|-)")
_COLUMNS = ["alert", "firm", "address", "country", "published_on", "products"]
_ENDS_A_TEXT = frozenset(
    {"div", "h4", "p", "br", "li", "ul", "td", "tr", "hr", "title", "h1", "h2"}
)


@dataclass(frozen=True, slots=True)
class ImportAlertEntry:
    """One firm whose products may be detained at the border without examination.

    The page has no FEI; a table made from it may add one. A firm that was taken off the list is
    absent from the next page.
    """

    alert: str
    firm: str
    address: str
    country: str | None
    published_on: date | None
    fei: str | None
    products: tuple[str, ...]


def _page_rows(page: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the entries of an import alert's page under their line, the header first."""
    parser = _Page()
    parser.feed(page)
    parser.close()
    if not parser.entries:
        return
    yield 1, list(_COLUMNS)
    for entry in parser.entries:
        cells = [parser.alert, entry.firm, entry.address, entry.country, entry.published]
        yield entry.line, [*cells, "; ".join(entry.products)]


LAYOUT = Layout(
    kind="import_alerts",
    title="an import alert's page or a table made from it",
    names={
        "alert": ("alert",),
        "firm": ("firm", "Firm Name"),
        "address": ("address",),
        "country": ("country", "Country/Area"),
        "published_on": ("published_on", "Date Published"),
        "fei": ("FEI", "FEI Number"),
        "products": ("products",),
    },
    required=("alert", "firm", "address", "country", "published_on"),
    page=_page_rows,
)


def read_import_alerts(path: Path) -> ReadRecords[ImportAlertEntry]:
    """Read the firms on an import alert.

    Parameters
    ----------
    path : the page as saved from the browser, or a table with the columns alert, firm, address,
        country, published_on and, where known, fei.

    Returns
    -------
    ReadRecords[ImportAlertEntry]
        One record per firm and address. A row is rejected when its alert or firm is missing. A
        country or day that cannot be read is reported as a doubt.

    Raises
    ------
    InvalidRecords
        The page lists no firms, the table has other columns, or not one row could be read.
    """
    return read_records(path, LAYOUT, _entry)


def _entry(row: Row) -> ImportAlertEntry:
    return ImportAlertEntry(
        alert=row.require("alert"),
        firm=row.require("firm"),
        address=row.text("address"),
        country=optional_country(row),
        published_on=optional_day(row, "published_on"),
        fei=optional_fei(row) if row.has("fei") else None,
        products=listed(row.text("products")),
    )


class _Listed:
    """One firm as far as the page has told of it."""

    def __init__(self, line: int, country: str) -> None:
        self.line = line
        self.country = country
        self.firm = ""
        self.address = ""
        self.published = ""
        self.address_division = 0
        self.products: list[str] = []


class _Page(HTMLParser):
    """The page is no table: headings name the country, then divisions tell of firm after firm."""

    def __init__(self) -> None:
        super().__init__()
        self.alert = ""
        self.entries: list[_Listed] = []
        self._country = ""
        self._words: list[str] = []
        # What is open, as far as texts end there: tag, classes, and a number of its own.
        self._within: list[tuple[str, list[str], int]] = []
        self._opened = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _ENDS_A_TEXT:
            return
        self._end_text()
        classes = (dict(attrs).get("class") or "").split()
        if tag == "div" and "div-info" in classes:
            self.entries.append(_Listed(self.getpos()[0], self._country))
        if tag not in {"br", "hr"}:
            self._opened += 1
            self._within.append((tag, classes, self._opened))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _ENDS_A_TEXT:
            return
        self._end_text()
        # Paragraphs and items are often not closed.
        if any(tag == open_tag for open_tag, _, _ in self._within):
            while self._within.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        self._words += data.split()

    def close(self) -> None:
        super().close()
        self._end_text()

    def _end_text(self) -> None:
        text, self._words = " ".join(self._words), []
        if not text:
            return
        tag, classes, number = self._within[-1] if self._within else ("", [], 0)
        named = _ALERT.search(text)
        if named and not self.alert:
            self.alert = named[1]
        elif tag == "h4":
            self._country = text
        elif self.entries:
            _tell(self.entries[-1], text, classes, number)


def _tell(entry: _Listed, text: str, classes: list[str], division: int) -> None:
    published = _PUBLISHED.search(text)
    if "div-name" in classes:
        entry.firm = f"{entry.firm} {text}".strip()
    elif published:
        entry.published = published[1]
    elif "clear" in classes and entry.address_division in {0, division}:
        # An address may be broken into lines.
        entry.address, entry.address_division = f"{entry.address} {text}".strip(), division
    elif _PRODUCT.match(text):
        # Cells are joined by semicolons.
        entry.products.append(text.replace(";", ","))
