"""Inspection classifications: reduced tables and Data Dashboard exports, CSV and XLSX."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from openqmm.core.errors import InvalidRecords
from openqmm.core.registry.dates import read_date
from openqmm.core.registry.inspections import read_classification, read_inspections

WriteFile = Callable[..., Path]
MakeRow = Callable[..., list[object]]


def test_dashboard_csv(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    path = csv_file(
        dashboard_header,
        dashboard_row(),
        dashboard_row(country="Korea (the Republic of)", state="-", classification="x (OAI)"),
        dashboard_row(country="-", state="-", classification="Voluntary Action Indicated (VAI)"),
    )
    read = read_inspections(path)
    home, korea, nowhere = read.records
    assert read.unrecognised_columns == ()
    assert (home.fei, home.inspection_id) == ("3004333526", "1106400")
    assert (home.ended_on, home.classification) == (date(2024, 10, 11), "NAI")
    assert (home.country, home.is_domestic, home.state) == ("USA", True, "Florida")
    assert (korea.country, korea.is_domestic, korea.state) == ("KOR", False, "")
    assert korea.classification == "OAI"
    # Neither country nor state: foreign would be a guess where the file has a country column.
    assert (nowhere.country, nowhere.is_domestic) == (None, None)
    assert not read.doubts


@pytest.mark.parametrize("titles", [(), ("Inspections", "Filters: Drugs", "", "Report")])
def test_dashboard_workbook_with_true_dates_numbers_and_titles(
    dashboard_header: list[str],
    workbook_file: WriteFile,
    dashboard_row: MakeRow,
    titles: tuple[str, ...],
) -> None:
    path = workbook_file(
        dashboard_header,
        dashboard_row(fei=3004333526, inspection_id=1106400, ended_on=datetime(2024, 10, 11)),
        dashboard_row(fei=3.5),
        titles=titles,
    )
    read = read_inspections(path)
    assert read.records[0].fei == "3004333526"
    assert read.records[0].inspection_id == "1106400"
    assert read.records[0].ended_on == date(2024, 10, 11)
    assert [(p.line, p.value) for p in read.rejected] == [(len(titles) + 3, "3.5")]


def test_header_names_of_other_exports(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    renamed = {"Zip": "Zip Code", "Country/Area": "CountryName", "FEI Number": "FEINumber"}
    header = [renamed.get(name, name) for name in dashboard_header]
    read = read_inspections(
        csv_file([*header, "Address Line 1", "Moon phase"], [*dashboard_row(), "1 Road", "full"])
    )
    assert read.records[0].country == "USA"
    assert read.unrecognised_columns == ("Moon phase",)


def test_semicolons(reduced_header: list[str], tmp_path: Path) -> None:
    path = tmp_path / "inspections.csv"
    path.write_text(
        ";".join(reduced_header) + "\n3001;Works;2024-01-02;OAI;Drug Quality Assurance;Pune;;77\n",
        encoding="utf-8",
    )
    assert read_inspections(path).records[0].classification == "OAI"


def test_reduced_table_tells_foreign_from_domestic_by_state(
    reduced_header: list[str], csv_file: WriteFile
) -> None:
    def row(state: str) -> list[str]:
        return ["3001", "Works", "2024-01-02", "VAI", "Drug Quality Assurance", "X", state, "77"]

    read = read_inspections(
        csv_file(reduced_header, *(row(state) for state in ("", "Puerto Rico", "Ontario")))
    )
    assert [(r.country, r.is_domestic) for r in read.records] == [
        (None, False),
        ("USA", True),
        (None, None),
    ]


def test_table_without_state_and_country_tells_nothing_of_place(csv_file: WriteFile) -> None:
    header = ["FEI", "Inspection ID", "Inspection End Date", "Classification", "Project Area"]
    row = ["3001", "77", "2024-01-02", "VAI", "Drug Quality Assurance"]
    assert read_inspections(csv_file(header, row)).records[0].is_domestic is None


def test_one_inspection_keeps_a_class_for_each_project_area(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    path = csv_file(
        dashboard_header,
        dashboard_row(),
        dashboard_row(area="Unapproved and Misbranded Drugs", classification="OAI"),
    )
    assert {(r.inspection_id, r.classification) for r in read_inspections(path).records} == {
        ("1106400", "NAI"),
        ("1106400", "OAI"),
    }


def test_other_product_types_are_left_out_and_counted(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    others = [dashboard_row(product_type=kind) for kind in ("Devices", "Devices", "-")]
    read = read_inspections(csv_file(dashboard_header, dashboard_row(), *others))
    assert (read.rows, len(read.records)) == (4, 1)
    assert read.left_out == (("Devices", 2), ("no product type", 1))
    with pytest.raises(InvalidRecords, match=r"only rows of other product types \(2 Devices"):
        read_inspections(csv_file(dashboard_header, *others))


def test_rows_that_cannot_be_placed_are_rejected_with_the_reason(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    path = csv_file(
        dashboard_header,
        dashboard_row(),
        dashboard_row(fei="-"),
        dashboard_row(fei="0000000000"),
        dashboard_row(ended_on="-"),
        dashboard_row(ended_on="2024-02-30"),
        dashboard_row(inspection_id=""),
        dashboard_row(area="-"),
    )
    read = read_inspections(path)
    assert [(p.line, p.column, p.reason) for p in read.rejected] == [
        (3, "FEI Number", "is missing"),
        (4, "FEI Number", "is not an FEI of at most 10 digits"),
        (5, "Inspection End Date", "is missing"),
        (6, "Inspection End Date", "is not a date"),
        (7, "Inspection ID", "is missing"),
        (8, "Project Area", "is missing"),
    ]
    assert read.rows == len(read.records) + len(read.rejected) == 7


def test_unreadable_class_or_country_is_kept_as_unknown(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    path = csv_file(
        dashboard_header,
        dashboard_row(classification="Pending"),
        dashboard_row(classification="-", country="Freedonia"),
    )
    read = read_inspections(path)
    assert [r.classification for r in read.records] == [None, None]
    assert read.records[1].is_domestic is None
    assert [(p.line, p.column, p.value) for p in read.doubts] == [
        (2, "Classification", "Pending"),
        (3, "Classification", "-"),
        (3, "Country/Area", "Freedonia"),
    ]


def test_cut_answer_is_suspected(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    rows = [dashboard_row(inspection_id=n) for n in range(5000)]
    whole = read_inspections(csv_file(dashboard_header, *rows[:4999]))
    cut = read_inspections(csv_file(dashboard_header, *rows))
    assert not whole.notes
    assert "exactly 5,000 rows" in cut.notes[0]


def test_citations_are_not_inspections(csv_file: WriteFile) -> None:
    header = ["Inspection ID", "FEI Number", "Legal Name", "Inspection End Date", "Program Area"]
    with pytest.raises(InvalidRecords, match="lacks Classification, Project Area"):
        read_inspections(csv_file(header, ["77", "3001", "Works", "2024-01-02", "Drugs"]))


@pytest.mark.parametrize(
    ("text", "classification"),
    [
        ("OAI", "OAI"),
        ("vai", "VAI"),
        ("No Action Indicated (NAI)", "NAI"),
        ("Official Action Indicated", "OAI"),
        ("(VAI)", "VAI"),
        ("NAI (see VAI) later", None),
        ("VAI/OAI", None),
        ("Referred to State", None),
        ("", None),
    ],
)
def test_classification_is_the_bracket_or_the_whole_text(
    text: str, classification: str | None
) -> None:
    assert read_classification(text) == classification


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-10-11", date(2024, 10, 11)),
        ("2024-10-11T00:00:00", date(2024, 10, 11)),
        ("2024-10-11 00:00:00", date(2024, 10, 11)),
        ("03/04/2025", date(2025, 3, 4)),
        ("3/4/2025", date(2025, 3, 4)),
        ("1/3/23", None),
        ("13/05/2024", None),
        ("20241011", None),
        ("45576", None),
        ("0024-10-11", None),
        ("Jan 8, 1999", None),
    ],
)
def test_dates_are_read_only_when_they_leave_no_doubt(text: str, day: date | None) -> None:
    assert read_date(text) == day
