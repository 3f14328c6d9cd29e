"""Citations, compliance actions and published 483s: readers and merging (synthetic files)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from openqmm.core.errors import InvalidRecords
from openqmm.core.registry.citations import read_citations
from openqmm.core.registry.compliance import read_compliance
from openqmm.core.registry.form483 import read_form483
from openqmm.core.registry.importing import (
    import_citations,
    import_compliance,
    import_form483,
)
from tests.core.registry import samples

WriteFile = Callable[..., Path]


def test_citations(csv_file: WriteFile) -> None:
    read = read_citations(csv_file(*samples.CITATIONS))
    first, second = read.records
    assert (first.fei, first.inspection_id, first.act_cfr) == ("3001", "77", "21 CFR 211.22(d)")
    assert first.ended_on == date(2024, 1, 2)
    assert (second.act_cfr, second.short_description) == ("", "=Cleaning")
    assert read.left_out == (("Devices", 1),)


def test_citations_of_a_reduced_table_and_of_an_answer(csv_file: WriteFile, tmp_path: Path) -> None:
    header = ["fei_number", "firm_name", "inspection_date", "inspection_id", "citation_id"]
    header += ["short_description", "long_description", "program_area"]
    row = ["3001", "Works", "2024-01-02", "77", "1105", "Cleaning", "Clean.", "Drugs"]
    reduced = read_citations(csv_file(header, row))
    assert reduced.unrecognised_columns == ()
    answer = tmp_path / "answer.json"
    names = ["FEINumber", "LegalName", "InspectionEndDate", "InspectionID", "CitationID"]
    names += ["ShortDescription", "LongDescription", "ProgramArea"]
    record = dict(zip(names, row, strict=True)) | {"ActCFRNumber": None, "StateCode": None}
    body = {"statuscode": 400, "message": "Success.", "result": [record]}
    answer.write_text(json.dumps(body), encoding="utf-8")
    assert read_citations(answer).records == reduced.records


def test_citations_cut_by_the_service_are_noted(csv_file: WriteFile) -> None:
    rows = [[str(i), *samples.CITATIONS[1][1:]] for i in range(5000)]
    assert "exactly 5,000 rows" in read_citations(csv_file(samples.CITATIONS[0], *rows)).notes[0]


def test_citation_with_a_number_since_is_the_same_citation(csv_file: WriteFile) -> None:
    header, row, *_ = samples.CITATIONS
    old = csv_file(header, [*row[:5], "-", *row[6:]], name="old.csv")
    imported = import_citations([old, csv_file(header, row, name="new.csv")])
    assert [record.act_cfr for record in imported.records] == ["21 CFR 211.22(d)"]
    assert (imported.duplicates, imported.restated) == (0, 1)


def test_compliance_actions(csv_file: WriteFile) -> None:
    read = read_compliance(csv_file(*samples.COMPLIANCE))
    korean, domestic, seller, short = read.records
    assert (korean.country, korean.is_domestic) == (None, None)
    assert (domestic.country, domestic.is_domestic, domestic.state) == ("USA", True, "Ohio")
    assert (seller.fei, seller.action_type, seller.is_domestic) == (None, "Seizure", True)
    assert (short.fei, short.country, short.is_domestic) == ("360", "FRA", False)
    assert read.left_out == (("Veterinary", 1),)
    assert not read.doubts


def test_case_of_several_firms_stays_several_actions(csv_file: WriteFile) -> None:
    path = csv_file(*samples.COMPLIANCE)
    imported = import_compliance([path, path])
    assert [record.case_id for record in imported.records].count("673796") == 2
    assert (imported.duplicates, imported.restated) == (4, 0)


def test_unknown_type_of_action_is_rejected(csv_file: WriteFile) -> None:
    header, row, *_ = samples.COMPLIANCE
    read = read_compliance(csv_file(header, row, [*row[:6], "Advice", row[7]]))
    assert str(read.rejected[0]).endswith(
        "Action Type is not one of Warning Letter, Injunction, Seizure ('Advice')"
    )


def test_published_483s(csv_file: WriteFile) -> None:
    read = read_form483(csv_file(*samples.FORM483))
    first, pharmacy, misspelt = read.records
    assert first.download == "https://example.org/1/download"
    assert (first.record_date, first.posted_on) == (date(2024, 4, 12), date(2024, 5, 21))
    assert (pharmacy.record_date, pharmacy.fei) == (None, None)
    assert misspelt.fei is None
    assert [str(doubt) for doubt in read.doubts] == [
        "file.csv, line 4: FEI Number is not an FEI of at most 10 digits; "
        "which site it is cannot be told ('Synthetic, Inc.')"
    ]


def test_renamed_column_and_record_numbers_given_anew(
    csv_file: WriteFile, workbook_file: WriteFile
) -> None:
    header, first, pharmacy, _ = samples.FORM483
    renamed = ["Publish Date" if name == "Date Posted" else name for name in header]
    first_again = [date(2024, 4, 12), *first[1:5], "https://example.org/1/download", 901]
    new = workbook_file(renamed, first_again)
    imported = import_form483([csv_file(header, first, pharmacy), new])
    assert [record.record_id for record in imported.records] == ["901", "2"]
    assert (imported.duplicates, imported.restated) == (0, 1)


def test_one_address_for_two_sites_is_two_records(csv_file: WriteFile) -> None:
    header, first, *_ = samples.FORM483
    other = [first[0], "3009", *first[2:]]
    assert len(import_form483([csv_file(header, first, other)]).records) == 2


@pytest.mark.parametrize("read", [read_citations, read_compliance, read_form483])
def test_inspections_are_refused(read: Callable[[Path], object], csv_file: WriteFile) -> None:
    with pytest.raises(InvalidRecords, match="Expected"):
        read(csv_file(["FEI Number", "Inspection ID", "Classification"], ["1", "2", "VAI"]))
