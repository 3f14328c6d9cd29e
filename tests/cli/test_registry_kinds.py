"""`openqmm registry import` of the other kinds: reports, normalised files (synthetic records)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from openqmm.cli.main import main
from openqmm.cli.registry import KINDS as NAMES
from openqmm.core.registry.kinds import KINDS
from tests.core.registry import samples

FILES = {
    "citations": samples.csv_text(samples.CITATIONS),
    "compliance": samples.csv_text(samples.COMPLIANCE),
    "form483": samples.csv_text(samples.FORM483),
    "enforcement": samples.openfda_text(samples.RECALLS),
    "shortages": samples.openfda_text([*samples.SHORTAGES, samples.SHORTAGES[0]]),
    "import_alerts": samples.ALERT_PAGE,
    "ndc": "\r\n".join(samples.PRODUCT_TXT),
}
ESTABLISHMENTS = """FEI_NUMBER,DUNS_NUMBER,FIRM_NAME,ADDRESS,EXPIRATION_DATE,OPERATIONS
3001,111111111,Synthetic Works,"1 Road, Pune, India (IND)",12/31/2026,API MANUFACTURE
3002,222222222,"Synthetic Works, Inc.","1 Main St, Sunrise, Florida, United States (USA)",,PACK
30 05,555555555,Misspelt,"3 Main St, United States (USA)",12/31/2026,PACK
"""


@pytest.fixture
def establishments(tmp_path: Path) -> Path:
    path = tmp_path / "drls_reg.csv"
    path.write_text(ESTABLISHMENTS, encoding="utf-8")
    return path


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Path]:
    """Write a file of every kind."""
    paths = {kind: tmp_path / f"{kind}.source" for kind in FILES}
    for kind, path in paths.items():
        path.write_bytes(FILES[kind].encode())
    return paths


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["registry", "import", *map(str, arguments)])


def text_of(*arguments: object) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.stderr
    return result.stdout


def json_of(*arguments: object) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(text_of(*arguments, "--json"))
    return data


def test_names_are_those_of_the_table() -> None:
    assert tuple(KINDS) == NAMES


def test_report_on_citations(given: dict[str, Path]) -> None:
    text = text_of("citations", given["citations"])
    assert "3 rows read, 2 kept, 0 rejected, 1 of other product types left out." in text
    assert "Covers 2024-01-02." in text
    assert "1 FEI; 0 records without an FEI." in text
    assert "Inspections: 1." in text
    assert "Without a CFR number: 1." in text


def test_report_on_compliance_actions_linked(given: dict[str, Path], establishments: Path) -> None:
    text = text_of("compliance", given["compliance"], "--establishments", establishments)
    assert "Covers 2022-05-02 to 2024-06-21." in text
    assert "3 FEIs; 1 record without an FEI." in text
    assert "Action types: Warning Letter 2, Injunction 1, Seizure 1." in text
    assert "Linked to drls_reg.csv: 2 of 4 records (50.0 %): by FEI 2." in text
    assert "rejected 1: FEI_NUMBER is not an FEI" in text


def test_report_on_published_483s(given: dict[str, Path]) -> None:
    text = text_of("form483", given["form483"])
    assert "1 FEI; 2 records without an FEI." in text
    assert "Without record date: 1." in text
    assert "such as 'Synthetic, Inc.' (line 4)" in text


def test_report_on_recalls_linked_by_name(given: dict[str, Path], establishments: Path) -> None:
    arguments = ("enforcement", given["enforcement"], "--establishments", establishments)
    text = text_of(*arguments)
    assert "Events: 2." in text
    assert "Classes: II 2, none yet 1." in text
    assert "Statuses: Ongoing 2, Terminated 1." in text
    assert "3 of 3 records (100.0 %): by name and city 3." in text
    linked = json_of(*arguments)["linked"]
    assert (linked["count"], linked["total"], linked["reviewable"]) == (3, 3, 0)
    assert linked["by_method"] == {"name_city": 3}
    assert linked["establishments"][0]["file"] == "drls_reg.csv"


def test_report_on_shortages(given: dict[str, Path], establishments: Path) -> None:
    data = json_of("shortages", given["shortages"], "--establishments", establishments)
    assert (data["files"][0]["rows"], data["records"], data["duplicates"]) == (3, 2, 1)
    assert data["covers"] == {"first_on": "2026-06-19", "last_on": "2026-06-19"}
    assert data["counts"] == {
        "statuses": {"Current": 1, "To Be Discontinued": 1},
        "shortages": 1,
        "without_ndc": 0,
        "repeated_listings": 1,
    }
    # A company without a place is never linked without review.
    assert (data["linked"]["count"], data["linked"]["reviewable"]) == (0, 2)
    later = json_of("shortages", given["shortages"], "--as-of", "2026-07-01")
    assert later["covers"]["last_on"] == "2026-07-01"
    assert later["linked"] is None


def test_report_on_an_import_alert(given: dict[str, Path]) -> None:
    text = text_of("import_alerts", given["import_alerts"], "--as-of", "2026-06-01")
    assert "Covers 2026-06-01." in text
    assert "Alerts: 66-40 3." in text
    assert "Countries: IND 2, FRA 1." in text


def test_report_on_the_product_list(given: dict[str, Path]) -> None:
    text = text_of("ndc", given["ndc"])
    assert "Covers: no day is told; give it with --as-of." in text
    assert "Labelers: 2." in text
    assert json_of("ndc", given["ndc"])["covers"] is None


def test_records_are_named_by_their_number(tmp_path: Path) -> None:
    path = tmp_path / "recalls.json"
    path.write_text(samples.openfda_text([samples.RECALLS[0] | {"country": "Atlantis"}]))
    assert "kept 1: country is not a known country such as 'Atlantis' (record 1)" in text_of(
        "enforcement", path
    )
    doubt = json_of("enforcement", path)["files"][0]["doubts"][0]
    assert doubt["record"] == 1


@pytest.mark.parametrize("kind", FILES)
def test_normalised_file_is_read_back_and_written_again_alike(
    given: dict[str, Path], tmp_path: Path, kind: str
) -> None:
    folder = tmp_path / "records"
    assert f"Written: {folder / kind}.csv" in text_of(kind, given[kind], "--into", folder)
    written = (folder / f"{kind}.csv").read_bytes()
    assert len(KINDS[kind].read(folder / f"{kind}.csv").records) > 0
    text_of(kind, given[kind], given[kind], folder / f"{kind}.csv", "--into", folder)
    assert (folder / f"{kind}.csv").read_bytes() == written


@pytest.mark.parametrize("kind", FILES)
def test_file_of_another_kind_fails_and_writes_nothing(
    establishments: Path, tmp_path: Path, kind: str
) -> None:
    result = run(kind, establishments, "--into", tmp_path / "records")
    assert result.exit_code == 1
    assert "drls_reg.csv cannot be used" in result.stderr
    assert not (tmp_path / "records").exists()
