"""Protocols as an Excel workbook in which authors work."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from openqmm.core.errors import InvalidProtocol, Problem
from openqmm.core.protocols.arrangement import elements_of
from openqmm.core.protocols.located import Located, value_at
from openqmm.core.protocols.model import Protocol, document_of, question_document
from openqmm.core.protocols.workbook_layout import (
    ABOUT,
    ABOUT_ROWS,
    AREAS,
    ELEMENTS,
    HOW_TO,
    INSTRUCTIONS,
    OFF,
    QUESTIONS,
    SCALE,
    SHEETS,
    Column,
)
from openqmm.core.protocols.workbook_reading import read_workbook

_LONGEST_CELL = 32_767  # characters, Excel's own limit
_SPARE_ROWS = 200
# The workbook's own date; a fixed one, so that the same protocol gives the same bytes.
_WRITTEN_AT = datetime(2000, 1, 1)  # noqa: DTZ001  the format has no time zone


def to_xlsx(protocol: Protocol) -> bytes:
    """Return the protocol as a workbook with the sheets about, scale, areas, elements, questions.

    Every text is written as text, never as a formula, whatever it begins with. Reading the
    workbook back gives the same digest.

    Raises
    ------
    InvalidProtocol
        The entries of one list are too long together for a cell.
    """
    content = io.BytesIO()
    as_written = {"strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(content, {"in_memory": True, **as_written})
    book.set_properties({"title": protocol.title, "created": _WRITTEN_AT})
    writer = _Writer(book)
    writer.instructions()
    writer.about(document_of(protocol))
    writer.table(SCALE, document_of(protocol)["scale"])
    writer.table(AREAS, document_of(protocol)["areas"])
    writer.table(ELEMENTS, _element_rows(protocol))
    writer.table(QUESTIONS, _question_rows(protocol))
    writer.choices(len(protocol.areas), sum(len(area.elements) for area in protocol.areas))
    book.close()
    return content.getvalue()


def from_xlsx(content: bytes, source: str) -> Located:
    """Return a workbook's protocol with the sheet, row and column of every value.

    Raises
    ------
    InvalidProtocol
        The content is no workbook, too large, or lacks a sheet; faults of single cells are kept
        in the result and left to `read_protocol`.
    """
    return read_workbook(content, source)


def _element_rows(protocol: Protocol) -> Iterable[dict[str, Any]]:
    for area in protocol.areas:
        for element in area.elements:
            yield {"area": area.id, "id": element.id, "title": element.title}


def _question_rows(protocol: Protocol) -> Iterable[dict[str, Any]]:
    for area in protocol.areas:
        for _, questions in elements_of(area):
            for question in questions:
                yield {**question_document(question), "area": area.id}


class _Writer:
    """Writes the sheets of one workbook in a common form: frozen header, wrapped text."""

    def __init__(self, book: Any) -> None:
        self.book = book
        look = {"text_wrap": True, "valign": "top"}
        # Text format ("@"): what an author types there stays as typed, 1.10 and 1-2 included.
        self.text = book.add_format({**look, "num_format": "@"})
        self.number = book.add_format(look)
        self.header = book.add_format(
            {**look, "bold": True, "bg_color": "#DDE3EA", "bottom": 1, "num_format": "@"}
        )

    def instructions(self) -> None:
        sheet = self.book.add_worksheet(HOW_TO)
        sheet.set_column(0, 0, 100)
        sheet.hide_gridlines(2)
        for row, sentence in enumerate(INSTRUCTIONS):
            sheet.write_string(row, 0, sentence, self.text)

    def about(self, document: dict[str, Any]) -> None:
        sheet = self._sheet(ABOUT, ("key", "value", "meaning"), (22, 60, 60))
        for row, key in enumerate(ABOUT_ROWS, start=1):
            sheet.write_string(row, 0, key.header, self.header)
            self._cell(sheet, row, 1, key, value_at(document, key.path))
            sheet.write_string(row, 2, key.note, self.text)
            if key.choices:
                sheet.data_validation(
                    row, 1, row, 1, {"validate": "list", "source": list(key.choices)}
                )

    def table(self, name: str, entries: Iterable[dict[str, Any]]) -> None:
        columns = SHEETS[name]
        headers = [column.header for column in columns]
        sheet = self._sheet(name, headers, [column.width for column in columns])
        last = 0
        for last, entry in enumerate(entries, start=1):
            for i, column in enumerate(columns):
                self._cell(sheet, last, i, column, value_at(entry, column.path))
        for i, column in enumerate(columns):
            if column.note:
                sheet.write_comment(0, i, column.note)
            if column.choices:
                rule = {"validate": "list", "source": list(column.choices)}
                sheet.data_validation(1, i, last + _SPARE_ROWS, i, rule)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)

    def choices(self, areas: int, elements: int) -> None:
        """Offer the ids of areas and elements where a row names one."""
        area = {"validate": "list", "source": f"={AREAS}!$A$2:$A${areas + 1 + _SPARE_ROWS}"}
        element = {
            "validate": "list",
            "source": f"={ELEMENTS}!$B$2:$B${elements + 1 + _SPARE_ROWS}",
        }
        for name, i, rule in ((ELEMENTS, 0, area), (QUESTIONS, 0, area), (QUESTIONS, 1, element)):
            self.book.get_worksheet_by_name(name).data_validation(1, i, 2_000, i, rule)

    def _sheet(self, name: str, headers: Sequence[str], widths: Sequence[int]) -> Any:
        sheet = self.book.add_worksheet(name)
        for i, (header, width) in enumerate(zip(headers, widths, strict=True)):
            sheet.set_column(i, i, width, self.text)
            sheet.write_string(0, i, header, self.header)
        # The first three columns of a question stay in sight: area, element and id.
        sheet.freeze_panes(1, 3 if name == QUESTIONS else 1)
        return sheet

    def _cell(self, sheet: Any, row: int, i: int, column: Column, value: Any) -> None:
        match column.kind:
            case "number":
                self._number(sheet, row, i, value)
            case "flag":
                sheet.write_string(row, i, "yes" if value else "no", self.text)
            case "margin":
                sheet.write_string(row, i, OFF if value is None else str(value), self.text)
            case "list":
                self._text(sheet, row, i, "\n".join(value or ()))
            case _:
                self._text(sheet, row, i, value)

    def _number(self, sheet: Any, row: int, i: int, value: Any) -> None:
        sheet.write_number(row, i, float(Decimal(str(value))), self.number)

    def _text(self, sheet: Any, row: int, i: int, text: str) -> None:
        if len(text) > _LONGEST_CELL:
            where = f"sheet {sheet.get_name()}, row {row + 1}, column {i + 1}"
            message = f"{len(text):,} characters do not fit into {where}; a cell takes 32,767."
            raise InvalidProtocol("The protocol", [Problem(message)])
        sheet.write_string(row, i, text, self.text)
