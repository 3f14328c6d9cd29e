"""The registration file: padded text, placeholders, whole operation tokens, foreign files."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from openqmm.core.errors import InvalidRecords
from openqmm.core.registry.establishments import read_establishments

WriteFile = Callable[..., Path]

PUNE = ("3002", "111111111", "Synthetic API", "1 Mill Road, Pune, India (IND)", "API MANUFACTURE")
SPRINGFIELD = (
    "0001196",
    "022222222",
    'Synthetic 5" Works',
    "1 Main St, Springfield (IL), United States (USA)",
    "LABEL; MANUFACTURE",
)


def test_original_text_file(registration_file: WriteFile) -> None:
    read = read_establishments(registration_file(PUNE, SPRINGFIELD))

    api, mill = read.records
    assert (read.rows, read.rejected, read.unrecognised_columns) == (2, (), ())
    assert (api.fei, api.duns, api.name) == ("3002", "111111111", "Synthetic API")
    assert (api.country, api.is_domestic, api.activities) == ("IND", False, {"API"})
    assert api.expires_on == date(2025, 12, 31)
    # The inch mark must not open a quotation that swallows the rows below.
    assert mill.name == 'Synthetic 5" Works'
    assert (mill.fei, mill.duns, mill.is_domestic) == ("1196", "022222222", True)
    assert mill.operations == ("LABEL", "MANUFACTURE")


@pytest.mark.parametrize(
    ("operations", "activities"),
    [
        ("API MANUFACTURE", {"API"}),
        ("MANUFACTURE", {"FDF"}),
        ("api manufacture;  Manufacture", {"API", "FDF"}),
        ("MEDICATED ANIMAL FEED MANUFACTURE; PACK", set()),
        ("", set()),
    ],
)
def test_activities_are_whole_operations(
    registration_file: WriteFile, operations: str, activities: set[str]
) -> None:
    (record,) = read_establishments(registration_file((*PUNE[:4], operations))).records
    assert record.activities == activities


def test_placeholder_fei_keeps_the_row(registration_file: WriteFile) -> None:
    rows = [(fei, *PUNE[1:]) for fei in ("", "-", "0000000", "0000000000")]
    read = read_establishments(registration_file(*rows))
    assert [record.fei for record in read.records] == [None] * 4
    assert not read.rejected


def test_rows_that_cannot_be_read_are_named_with_line_and_value(
    registration_file: WriteFile,
) -> None:
    path = registration_file(
        PUNE,
        ("3.00E+09", *PUNE[1:]),
        ("3002", "12345", *PUNE[2:]),
        (*PUNE, "31/12/2025"),
        (*PUNE[:2], "", *PUNE[3:]),
        ("-", "-", *PUNE[2:]),
    )
    with path.open("a", encoding="utf-8") as file:
        file.write("3002\t111111111\tcut off\r\n")

    read = read_establishments(path)

    assert len(read.records) == 1
    assert read.rows == 7
    assert [(p.line, p.column, p.value) for p in read.rejected] == [
        (3, "FEI_NUMBER", "3.00E+09"),
        (4, "DUNS_NUMBER", "12345"),
        (5, "EXPIRATION_DATE", "31/12/2025"),
        (6, "FIRM_NAME", ""),
        (7, "DUNS_NUMBER", "-"),
        (8, "the row", "3 instead of 14"),
    ]
    assert "12345" in str(read.rejected[1])


def test_unknown_country_is_reported_not_guessed(registration_file: WriteFile) -> None:
    read = read_establishments(
        registration_file(("1", *PUNE[1:3], "1 Peach St, Atlanta, Georgia", "PACK"))
    )
    (record,) = read.records
    assert record.country is None
    assert record.is_domestic is None
    assert [(p.line, p.column) for p in read.doubts] == [(2, "ADDRESS")]


def test_reduced_csv_and_unknown_column(csv_file: WriteFile) -> None:
    header = ["FEI_NUMBER", "DUNS_NUMBER", "FIRM_NAME", "ADDRESS", "OPERATIONS", "Grade"]
    read = read_establishments(csv_file(header, [*PUNE, "A"]))
    assert read.records[0].name == "Synthetic API"
    assert read.records[0].expires_on is None
    assert read.unrecognised_columns == ("Grade",)


def test_text_saved_by_a_spreadsheet(registration_file: WriteFile) -> None:
    path = registration_file(PUNE)
    quoted = path.read_text(encoding="utf-8").replace(
        "Synthetic API  \t1 Mill", '"Synthetic, ""API"""\t1 Mill', 1
    )
    path.write_text(quoted, encoding="utf-8")
    assert read_establishments(path).records[0].name == 'Synthetic, "API"'


def test_mixed_encodings_and_byte_order_mark(registration_file: WriteFile) -> None:
    path = registration_file(PUNE)
    row = path.read_bytes().splitlines(keepends=True)[1]
    latin = row.replace(b"Synthetic API", "Société – Synthétique".encode("cp1252"))
    utf8 = row.replace(b"Synthetic API", "Søster".encode())
    undefined = row.replace(b"Synthetic API", b"Odd\x81")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes() + latin + utf8 + undefined)

    names = [record.name for record in read_establishments(path).records]

    assert names == ["Synthetic API", "Société – Synthétique", "Søster", "Odd\ufffd"]


def test_blank_lines_and_titles_above_the_header(registration_file: WriteFile) -> None:
    path = registration_file(PUNE, ("x", *PUNE[1:]))
    path.write_bytes(b"\r\nEstablishments, August\r\n\r\n" + path.read_bytes() + b"\r\n\r\n")
    read = read_establishments(path)
    assert (read.rows, len(read.records)) == (2, 1)
    assert read.rejected[0].line == 6


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"<!DOCTYPE html><html>Sorry</html>", "web page"),
        (b"\n <html>", "web page"),
        (b"PK\x03\x04 cut off", "damaged"),
        (b"\xd0\xcf\x11\xe0 old", "old (.xls)"),
        ("FEI_NUMBER\t".encode("utf-16"), "UTF-16"),
        (b'{"results": []}', "JSON without a single record"),
        (b",,,\n,,\n", "reads ',,,'"),
        (b"FEI_NUMBER,DUNS_NUMBER,FIRM_NAME,ADDRESS\n1,2,3,4\n", "line 1 lacks OPERATIONS"),
    ],
)
def test_foreign_file_is_refused_by_name_found_and_expected(
    tmp_path: Path, content: bytes, found: str
) -> None:
    path = tmp_path / "drls_reg.txt"
    path.write_bytes(content)
    with pytest.raises(InvalidRecords) as refused:
        read_establishments(path)
    message = str(refused.value)
    assert "drls_reg.txt" in message
    assert found in message
    assert "Expected the drug establishment registration file" in message
    assert len(refused.value.problems) == 1


def test_zip_of_something_else_is_named_with_its_content(tmp_path: Path) -> None:
    path = tmp_path / "drls_reg.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("drls_reg.txt", "x")
    with pytest.raises(InvalidRecords, match=r"zip archive \(it holds drls_reg\.txt\)"):
        read_establishments(path)


def test_file_that_begins_with_pages_of_blank_lines(tmp_path: Path) -> None:
    path = tmp_path / "blank.txt"
    path.write_bytes(b"\r\n" * 3000 + b"late")
    with pytest.raises(InvalidRecords, match="first 40 rows are empty"):
        read_establishments(path)


def test_archive_that_only_looks_like_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "drls_reg.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/nothing.xml", "x")
    with pytest.raises(InvalidRecords, match="not an Excel workbook"):
        read_establishments(path)


def test_file_without_a_single_readable_row(registration_file: WriteFile) -> None:
    with pytest.raises(InvalidRecords, match="a header without rows"):
        read_establishments(registration_file())
    with pytest.raises(InvalidRecords) as refused:
        read_establishments(registration_file(("x", *PUNE[1:]), ("y", *PUNE[1:])))
    assert [problem.line for problem in refused.value.problems] == [2, 3]


def test_column_that_stands_twice_is_refused(csv_file: WriteFile) -> None:
    header = ["FEI_NUMBER", "DUNS_NUMBER", "FIRM_NAME", "ADDRESS", "OPERATIONS", "FEI Number"]
    with pytest.raises(InvalidRecords, match="stands 2 times"):
        read_establishments(csv_file(header, [*PUNE, "3003"]))


def test_quotation_that_never_ends_is_refused(csv_file: WriteFile) -> None:
    path = csv_file(["FEI", "DUNS", "NAME", "ADDRESS", "OPERATIONS"], PUNE)
    whole = path.read_text(encoding="utf-8")
    for swallowed in (20, 20_000):
        path.write_text(whole + '"never closed' + "\n1,2,3,4,5" * swallowed, encoding="utf-8")
        with pytest.raises(InvalidRecords, match="line 3: a quotation mark in the row"):
            read_establishments(path)


def test_line_break_within_an_address(csv_file: WriteFile) -> None:
    header = ["FEI", "DUNS", "NAME", "ADDRESS", "OPERATIONS"]
    broken = ["3001", "222222222", "Works", "1 Road\nPune, India (IND)", "PACK"]
    read = read_establishments(csv_file(header, broken, ["x", *PUNE[1:]]))
    assert read.records[0].country == "IND"
    assert read.rejected[0].line == 4
