"""Several snapshots of a kind become one set of records, and come back unchanged from disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from openqmm.core.errors import InvalidRecords
from openqmm.core.registry.importing import import_establishments, import_inspections
from openqmm.core.registry.normalised import establishment_lines, inspection_lines

WriteFile = Callable[..., Path]
MakeRow = Callable[..., list[object]]

SITE = ("3002", "111111111", 'Synthetic "A", and "B"', "1 Road, Pune, India (IND)", "PACK; LABEL")


def test_equal_establishments_are_kept_once(registration_file: WriteFile) -> None:
    renewed = (*SITE, "12/31/2026")
    old = registration_file(SITE, SITE, name="2025.txt")
    new = registration_file(SITE, renewed, name="2026.txt")
    imported = import_establishments([old, new])
    assert imported.rows == 4
    assert imported.duplicates == 2
    assert [str(record.expires_on) for record in imported.records] == ["2025-12-31", "2026-12-31"]


def test_inspection_told_in_other_words_is_kept_once_as_told_last(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    renamed = dashboard_row()
    renamed[1] = "New Name LLC"
    old = csv_file(dashboard_header, dashboard_row(), dashboard_row(), name="2024.csv")
    new = csv_file(dashboard_header, renamed, name="2025.csv")

    imported = import_inspections([old, new])

    assert [record.legal_name for record in imported.records] == ["New Name LLC"]
    assert (imported.rows, imported.duplicates, imported.restated) == (3, 1, 1)
    assert not imported.contradictions


def test_contradicting_classes_are_all_kept_and_named(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    old = csv_file(dashboard_header, dashboard_row(classification="OAI"), name="2024.csv")
    new = csv_file(dashboard_header, dashboard_row(classification="VAI"), name="2025.csv")
    for files in ([old, new], [new, old]):
        imported = import_inspections(files)
        assert {record.classification for record in imported.records} == {"OAI", "VAI"}
        assert imported.contradictions == (
            "inspection 1106400 of FEI 3004333526 (Drug Quality Assurance)",
        )


def test_unknown_class_gives_way_to_a_known_one(
    dashboard_header: list[str], csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    pending = csv_file(dashboard_header, dashboard_row(classification="Pending"), name="a.csv")
    known = csv_file(dashboard_header, dashboard_row(classification="VAI"), name="b.csv")
    imported = import_inspections([known, pending])
    assert [record.classification for record in imported.records] == ["VAI"]
    assert not imported.contradictions


def test_every_refused_file_is_named_at_once(tmp_path: Path, registration_file: WriteFile) -> None:
    page, empty = tmp_path / "page.html", tmp_path / "empty.txt"
    page.write_text("<html>", encoding="utf-8")
    empty.touch()
    with pytest.raises(InvalidRecords) as refused:
        import_establishments([registration_file(SITE), page, empty])
    assert "2 of 3 files cannot be used" in str(refused.value)
    assert [problem.source for problem in refused.value.problems] == ["page.html", "empty.txt"]


def test_normalised_establishments_come_back_unchanged(
    tmp_path: Path, registration_file: WriteFile
) -> None:
    nowhere = ("-", "022222222", "Nowhere", "1 Peach St, Atlanta, Georgia", "MANUFACTURE", "")
    records = import_establishments([registration_file(SITE, nowhere)]).records
    path = tmp_path / "establishments.csv"
    path.write_text("".join(establishment_lines(records)), encoding="utf-8")
    again = import_establishments([path])
    assert set(again.records) == set(records)
    assert again.files[0].unrecognised_columns == ()


def test_normalised_inspections_come_back_unchanged(
    dashboard_header: list[str], tmp_path: Path, csv_file: WriteFile, dashboard_row: MakeRow
) -> None:
    source = csv_file(
        dashboard_header,
        dashboard_row(),
        dashboard_row(country="India", state="-", inspection_id="2"),
        dashboard_row(country="-", state="-", inspection_id="3", classification="Pending"),
    )
    reduced = csv_file(
        [name for name in dashboard_header if name != "Country/Area"],
        [cell for i, cell in enumerate(dashboard_row(state="-", inspection_id="4")) if i != 5],
        name="reduced.csv",
    )
    records = import_inspections([source, reduced]).records
    assert {record.is_domestic for record in records} == {True, False, None}
    path = tmp_path / "inspections.csv"
    path.write_text("".join(inspection_lines(records)), encoding="utf-8")
    again = import_inspections([path])
    assert set(again.records) == set(records)
    assert again.files[0].unrecognised_columns == ()
    assert list(inspection_lines(again.records)) == list(inspection_lines(reversed(records)))
