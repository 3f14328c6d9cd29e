"""Recalls, shortages, import alerts and the NDC directory: readers, merging (synthetic files)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from openqmm.core.errors import InvalidRecords
from openqmm.core.registry.dates import read_compact_date, read_shortage_date
from openqmm.core.registry.enforcement import count_events, read_enforcement
from openqmm.core.registry.identity import normalise_ndc
from openqmm.core.registry.import_alerts import read_import_alerts
from openqmm.core.registry.importing import (
    import_enforcement,
    import_import_alerts,
    import_ndc,
    import_shortages,
)
from openqmm.core.registry.ndc import read_ndc
from openqmm.core.registry.shortages import read_shortages, repeated_listings
from tests.core.registry import samples

WriteFile = Callable[..., Path]


@pytest.fixture
def text_file(tmp_path: Path) -> WriteFile:
    def write(text: str, name: str = "file", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_recalls_of_openfda(text_file: WriteFile) -> None:
    read = read_enforcement(text_file(samples.openfda_text(samples.RECALLS)))
    first, second, third = read.records
    assert (first.firm, first.city, first.country) == ("Synthetic Works, Inc.", "Sunrise", "USA")
    assert (first.fei, first.classification, first.recall_number) == (None, "II", "D-0001-2023")
    assert first.initiated_on == date(2023, 2, 9)
    assert first.product == "Tablets of 1 mg, 100 a bottle"
    assert (third.classification, third.voluntary, third.country) == (None, False, None)
    assert (third.terminated_on, second.terminated_on) == (date(2023, 7, 20), None)
    assert read.left_out == (("Devices", 1),)
    assert read.updated_on == date(2026, 6, 19)
    assert not read.doubts


def test_two_spellings_of_voluntary(text_file: WriteFile) -> None:
    read = read_enforcement(text_file(samples.openfda_text(samples.RECALLS)))
    assert [record.voluntary for record in read.records] == [True, True, False]


def test_recalls_are_counted_by_event(text_file: WriteFile) -> None:
    read = read_enforcement(text_file(samples.openfda_text(samples.RECALLS)))
    assert len(read.records) == 3
    assert count_events(read.records) == 2


def test_recalls_of_the_dashboard_have_sites(csv_file: WriteFile) -> None:
    works, seller = read_enforcement(csv_file(*samples.DASHBOARD_RECALLS)).records
    assert (works.fei, works.product_id, works.recall_number) == ("3001", "201", "")
    assert (works.classification, works.classified_on) == ("III", date(2023, 7, 11))
    assert (seller.fei, seller.country, seller.state) == (None, "IND", "")


def test_recall_number_told_twice_stands_once_as_told_last(text_file: WriteFile) -> None:
    ended = samples.RECALLS[0] | {"status": "Terminated"}
    path = text_file(samples.openfda_text([*samples.RECALLS, samples.RECALLS[1], ended]))
    imported = import_enforcement([path])
    assert [record.status for record in imported.records] == ["Terminated", "Ongoing", "Terminated"]
    assert (imported.duplicates, imported.restated) == (1, 1)


def test_what_cannot_be_read_of_a_recall_is_reported(text_file: WriteFile) -> None:
    strange = {"classification": "Class V", "country": "Atlantis", "report_date": "2023-7"}
    strange |= {"voluntary_mandated": "Perhaps"}
    read = read_enforcement(text_file(samples.openfda_text([samples.RECALLS[0] | strange])))
    columns = [doubt.column for doubt in read.doubts]
    assert columns == ["country", "classification", "report_date", "voluntary_mandated"]


def test_shortages_of_openfda(text_file: WriteFile) -> None:
    current, given_up = read_shortages(text_file(samples.openfda_text(samples.SHORTAGES))).records
    assert (current.ndc, current.status) == ("00409-6695-02", "Current")
    assert (current.posted_on, current.updated_on) == (date(2022, 10, 5), date(2026, 6, 9))
    assert current.categories == ("Anesthesia", "Pediatric")
    assert (current.is_shortage, current.is_current) == (True, True)
    assert (given_up.is_shortage, given_up.is_current) == (False, False)


def test_shortages_download_with_an_empty_first_line_and_padded_names(text_file: WriteFile) -> None:
    read = read_shortages(text_file(samples.SHORTAGES_CSV))
    given_up, resolved = read.records
    assert given_up.status == "To Be Discontinued"
    assert (given_up.updated_on, given_up.posted_on) == (date(2023, 1, 3), date(2022, 12, 31))
    assert given_up.ndc == "71288-0723-52"
    assert (resolved.status, resolved.ndc, resolved.is_shortage) == ("Resolved", None, True)
    assert [str(doubt)[:42] for doubt in read.doubts] == [
        "file, line 4: Presentation holds no NDC; i"
    ]
    assert read.unrecognised_columns == ()


def test_repeated_listing_is_told_and_a_discontinuation_is_another(text_file: WriteFile) -> None:
    older = samples.SHORTAGES[0] | {"update_date": "06/01/2026", "availability": "None"}
    path = text_file(samples.openfda_text([*samples.SHORTAGES, older]))
    assert repeated_listings(read_shortages(path).records) == 1
    imported = import_shortages([path])
    assert [record.is_shortage for record in imported.records] == [True, False]
    assert imported.records[0].availability == "Limited Avaliable"
    assert (imported.duplicates, imported.restated) == (0, 1)


def test_shortage_that_vanished_is_kept_and_a_resolved_one_replaces_it(
    text_file: WriteFile,
) -> None:
    old = text_file(samples.openfda_text(samples.SHORTAGES), "old.json")
    resolved = samples.SHORTAGES[0] | {"status": "Resolved", "update_date": "07/01/2026"}
    new = text_file(samples.openfda_text([resolved]), "new.json")
    for files in ([old, new], [new, old]):
        statuses = {record.status for record in import_shortages(files).records}
        assert statuses == {"Resolved", "To Be Discontinued"}


def test_unknown_status_is_rejected(text_file: WriteFile) -> None:
    records = [samples.SHORTAGES[0], samples.SHORTAGES[0] | {"status": "Paused"}]
    read = read_shortages(text_file(samples.openfda_text(records)))
    assert "is not one of Current, To Be Discontinued, Resolved" in str(read.rejected[0])


def test_page_of_an_import_alert(text_file: WriteFile) -> None:
    read = read_import_alerts(text_file(samples.ALERT_PAGE))
    sud, works, nowhere = read.records
    assert (sud.alert, sud.firm, sud.country) == ("66-40", "Synthétic Sud", "FRA")
    assert (sud.address, sud.published_on) == ("2 Rue, Lyon, 69000 FRANCE", date(2023, 2, 3))
    assert sud.products == ("66 - - - - Drugs, all",)
    assert works.products == ("62 G - - 99 Antibiotics", "66 V - - 01 Ointment")
    assert (works.address, works.fei) == ("1 Road, Pune, INDIA", None)
    assert (nowhere.published_on, nowhere.products) == (None, ())
    assert str(read.doubts[0]) == (
        "file, line 14: published_on is not a date; the day is unknown ('soon')"
    )


def test_table_of_an_import_alert(csv_file: WriteFile) -> None:
    works, sud = read_import_alerts(csv_file(*samples.ALERT_CSV)).records
    assert (works.fei, works.published_on) == ("3001", date(2024, 2, 3))
    assert (sud.fei, sud.country) == (None, "FRA")


def test_firm_taken_off_an_alert_is_kept(csv_file: WriteFile) -> None:
    header, works, sud = samples.ALERT_CSV
    old = csv_file(header, works, sud, name="old.csv")
    imported = import_import_alerts([old, csv_file(header, works, name="new.csv")])
    assert len(imported.records) == 2


def test_page_of_something_else_is_refused(text_file: WriteFile) -> None:
    with pytest.raises(InvalidRecords, match="web page"):
        read_import_alerts(text_file("<html><h4>INDIA</h4><p>Sorry</p></html>"))
    nameless = samples.ALERT_PAGE.replace("Import Alert 66-40", "An alert")
    with pytest.raises(InvalidRecords, match="alert: is missing"):
        read_import_alerts(text_file(nameless))


def test_product_list_of_mixed_encodings(tmp_path: Path) -> None:
    header, first, second = samples.PRODUCT_TXT
    path = tmp_path / "product.txt"
    path.write_bytes(
        b"\r\n".join([header.encode(), first.encode("cp1252"), second.encode(), first.encode()])
    )
    injection, tablet, same = read_ndc(path).records
    assert (injection.proprietary_name, injection.labeler) == ('Synthé 5"', "Synthétic")
    assert injection == same
    assert (injection.product_ndc, tablet.product_ndc) == ("00409-6695", "71288-0723")
    assert injection.routes == ("INTRAVENOUS", "SUBCUTANEOUS")
    assert injection.substances == ("SYNTHETIDATE", "SYNTHETIDONE")
    assert (injection.started_on, tablet.ended_on) == (date(2020, 1, 15), date(2028, 1, 1))
    assert injection.finished is True


def test_list_of_unfinished_drugs(tmp_path: Path) -> None:
    rows = [line.split("\t") for line in samples.PRODUCT_TXT]
    left_out = {rows[0].index("ROUTENAME"), rows[0].index("APPLICATIONNUMBER")}
    lines = ["\t".join(c for i, c in enumerate(row) if i not in left_out) for row in rows]
    path = tmp_path / "unfinished_product.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [record.finished for record in read_ndc(path).records] == [False, False]


def test_products_of_openfda(text_file: WriteFile) -> None:
    wrong = samples.NDC_JSON | {"product_ndc": "0409-6695-02"}
    read = read_ndc(text_file(samples.openfda_text([samples.NDC_JSON, wrong])))
    (product,) = read.records
    assert (product.finished, product.substances) == (True, ("SYNTHETIDATE",))
    assert product.routes == ("INTRAVENOUS", "SUBCUTANEOUS")
    assert "is not a code of labeler and product" in str(read.rejected[0])
    assert read.unrecognised_columns == ()


def test_relisted_product_is_kept_as_told_last(text_file: WriteFile) -> None:
    old = text_file(samples.openfda_text([samples.NDC_JSON]), "old.json")
    ended = samples.NDC_JSON | {"marketing_end_date": "20270101"}
    imported = import_ndc([old, text_file(json.dumps([ended]), "new.json")])
    assert [record.ended_on for record in imported.records] == [date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("text", "ndc"),
    [
        ("0409-6695-02", "00409-6695-02"),
        ("71288-723-52", "71288-0723-52"),
        ("60505-6282-1", "60505-6282-01"),
        ("60505-6282-01", "60505-6282-01"),
        (" 60505628201 ", "60505-6282-01"),
        ("0409-6695", "00409-6695"),
        ("71288-723", "71288-0723"),
        ("6050562821", None),
        ("60505-6282-001", None),
        ("1234-567-8", None),
        ("6050A-6282-01", None),
        ("", None),
        (None, None),
    ],
)
def test_ndc_is_padded_where_its_hyphens_tell_where(text: str | None, ndc: str | None) -> None:
    assert normalise_ndc(text) == ndc


def test_dates_of_single_sources() -> None:
    assert read_compact_date("20230209") == date(2023, 2, 9)
    assert read_compact_date("2023-02-09") == date(2023, 2, 9)
    assert read_compact_date("20231309") is None
    assert read_compact_date("04-DEC-09") is None
    assert read_shortage_date("1/3/23") == date(2023, 1, 3)
    assert read_shortage_date("11/03/2025") == date(2025, 11, 3)
    assert read_shortage_date("13/3/23") is None
