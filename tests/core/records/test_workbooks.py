"""Workbooks that would exhaust the machine are refused before they are read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from openqmm.core.errors import InvalidRecords, InvalidScores
from openqmm.core.protocols import shipped_protocol
from openqmm.core.ratings.scores_file import read_scores
from openqmm.core.records import workbook_fault
from openqmm.core.registry.importing import import_inspections


def _workbook(*cells: tuple[int, int, str]) -> io.BytesIO:
    buffer = io.BytesIO()
    with Workbook(buffer) as book:
        sheet = book.add_worksheet()
        for row, column, text in cells:
            sheet.write_string(row, column, text)
    buffer.seek(0)
    return buffer


def _fault(file: io.BytesIO, *, most_bytes: int = 1 << 20, most_cells: int = 100) -> str | None:
    return workbook_fault(file, most_bytes=most_bytes, most_cells=most_cells)


def test_an_ordinary_workbook_passes() -> None:
    assert _fault(_workbook((0, 0, "a"), (9, 9, "b"))) is None


def test_one_cell_in_the_far_corner_is_named() -> None:
    fault = _fault(_workbook((0, 0, "a"), (1_048_575, 16_383, "b")))
    assert fault is not None
    assert "row 1,048,576 and column 16,384" in fault


def test_a_formula_that_shows_an_error_is_named() -> None:
    buffer = io.BytesIO()
    with Workbook(buffer) as book:
        book.add_worksheet().write_formula("B7", "=1/0", value="#DIV/0!")
    fault = _fault(buffer)
    assert fault is not None
    assert "B7" in fault


def test_a_bomb_is_refused_by_its_unpacked_size() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (3 << 20))
    assert "unpacks to more than 1 MB" in (_fault(buffer) or "")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"<html>"])
def test_what_is_no_archive_is_said_so(content: bytes) -> None:
    assert "not a workbook that can be opened" in (_fault(io.BytesIO(content)) or "")


def test_a_zip_of_something_else_is_said_so() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "hello")
    assert "not an Excel workbook" in (_fault(buffer) or "")


def test_every_reader_of_workbooks_is_guarded(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    path.write_bytes(_workbook((0, 0, "facility_id"), (1_048_575, 16_383, "x")).getvalue())
    with pytest.raises(InvalidScores, match="row 1,048,576"):
        read_scores(path, shipped_protocol("pilot-eleven-areas"))
    with pytest.raises(InvalidRecords, match="row 1,048,576"):
        import_inspections([path])
