"""`openqmm screen`: verdicts from a folder of public files."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from openqmm.cli.main import main
from openqmm.core.registry.establishments import read_establishments
from openqmm.core.registry.lookup import Registry

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("OPENQMM_TEST_DATA", ROOT / ".." / "shared")) / "data"

ESTABLISHMENTS = """FEI_NUMBER,DUNS_NUMBER,FIRM_NAME,ADDRESS,EXPIRATION_DATE,OPERATIONS
3001,111111111,Synthetic API,"1 Road, Pune, India (IND)",12/31/2026,API MANUFACTURE
3002,222222222,Synthetic Tablets,"1 Main St, United States (USA)",12/31/2026,MANUFACTURE; PACK
"""
INSPECTIONS = """FEI,Firm Name,InspectionEndDate,Classification,Project Area,State,InspectionID
3009,Synthetic Long Ago,2015-06-01,VAI,Drug Quality Assurance,,1
3001,Synthetic API,2025-03-01,VAI,Drug Quality Assurance,,2
3002,Synthetic Tablets,2025-01-15,NAI,Drug Quality Assurance,Ohio,3
3001,Synthetic API,2026-05-20,OAI,Bioresearch Monitoring,,4
3002,Synthetic Tablets,2026-05-20,VAI,Drug Quality Assurance,Ohio,5
"""
ACTIONS = """FEI Number,Legal Name,State,Country/Area,Product Type,Taken On,Action Type,Case ID
3009,Synthetic Long Ago,-,India,Drugs,2015-06-01,Warning Letter,1
3002,Synthetic Tablets,Ohio,United States,Drugs,2026-05-01,Warning Letter,2
"""
APPLICATIONS = """application_id,facility_name,fei,country,activities,clean_record,in_commerce
A,Synthetic API,0003001,India,API,yes,yes
B,Synthetic Tablets,3002,US,API,yes,yes
C,Nobody knows,,India,API,,
"""


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "drls_reg.csv").write_text(ESTABLISHMENTS, encoding="utf-8")
    (folder / "inspections.csv").write_text(INSPECTIONS, encoding="utf-8")
    (folder / "actions.csv").write_text(ACTIONS, encoding="utf-8")
    (folder / "notes.txt").write_text("Nothing that is read.\n", encoding="utf-8")
    (tmp_path / "applications.csv").write_text(APPLICATIONS, encoding="utf-8")
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["screen", *map(str, arguments)])


def screened(folder: Path, records: Path, program: str = "pilot-api") -> dict[str, Any]:
    result = run(
        folder, "--program", program, "--records", records, "--as-of", "2026-06-01", "--json"
    )
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def verdicts(data: dict[str, Any], application_id: str) -> dict[str, str]:
    (found,) = (a for a in data["applications"] if a["application_id"] == application_id)
    return {c["id"]: c["verdict"] for c in found["criteria"]} | {"": found["verdict"]}


def test_each_application_is_judged_criterion_by_criterion(files: Path) -> None:
    data = screened(files / "applications.csv", files / "records")
    assert (data["program"], data["as_of"]) == ("pilot-api", "2026-06-01")
    assert set(verdicts(data, "A").values()) == {"met", "eligible"}
    b = verdicts(data, "B")
    assert (b["activity"], b["location"], b["clean_record"]) == ("not_met",) * 3
    assert b[""] == "ineligible"
    c = verdicts(data, "C")
    assert (c["registered"], c["inspected"], c["clean_record"]) == ("cannot_tell",) * 3
    assert c[""] == "needs_review"
    assert data["left_out"] == ["notes.txt"]
    assert data["records"]["compliance"] == ["actions.csv"]


def test_what_was_attested_is_shown_so(files: Path) -> None:
    data = screened(files / "applications.csv", files / "records")
    first = {c["id"]: c for c in data["applications"][0]["criteria"]}
    assert first["clean_record"]["attested"]
    assert first["in_commerce"]["attested"]
    assert not first["inspected"]["attested"]
    assert first["inspected"]["records"] == [
        "Inspection 2, Drug Quality Assurance, ended 2025-03-01: VAI"
    ]


def test_without_a_file_nothing_is_clean(files: Path) -> None:
    (files / "records" / "actions.csv").unlink()
    data = screened(files / "applications.csv", files / "records")
    assert verdicts(data, "A")["clean_record"] == "cannot_tell"


def test_people_read_counts_and_what_is_not_met(files: Path) -> None:
    result = run(
        files / "applications.csv",
        *("--program", "pilot-api", "--records", files / "records", "--as-of", "2026-06-01"),
    )
    assert "left out: notes.txt" in result.stdout
    assert "verdict: 1 eligible, 1 ineligible, 1 needs review" in result.stdout


def test_a_folder_without_public_files_is_refused(files: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    result = run(
        files / "applications.csv",
        *("--program", "pilot-api", "--records", empty, "--as-of", "2026-06-01"),
    )
    assert result.exit_code == 1
    assert "holds no public file that screening reads" in result.stderr


@pytest.fixture
def makers(tmp_path: Path) -> Path:
    """Every registered maker as an applicant."""
    if not DATA.is_dir():
        pytest.skip(f"the public files are not in {DATA}")
    read = read_establishments(DATA / "drls_reg_2025-08_no_contacts.csv")
    registry = Registry(read.records, ())
    path = tmp_path / "makers.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["application_id", "facility_name", "fei", "country", "activities"])
        for fei in sorted(registry.registered_feis):
            found = registry.facility_record(fei)
            if found and found.activities:
                made = ";".join(sorted(found.activities))
                writer.writerow([f"M{fei}", found.name, fei, found.country or "", made])
    return path


@pytest.mark.realdata
def test_every_registered_maker_is_screened_as_the_check_figures_say(makers: Path) -> None:
    api = screened(makers, DATA, "pilot-api")["counts"]
    assert api["activity"] == {"met": 2_366, "not_met": 7_233 - 2_366}
    assert api["location"] == {"met": 3_752, "not_met": 3_481}
    assert api["registered"] == {"met": 7_233}
    assert api["inspected"] == {"met": 3_178, "not_met": 4_055}
    assert api["current_classification"] == {
        "met": 2_197 + 664,
        "not_met": 317,
        "cannot_tell": 4_055,
    }
    # The compliance actions end in June 2024: nobody's record can be called clean.
    assert set(api["clean_record"]) == {"cannot_tell", "not_met"}
    fdf = screened(makers, DATA, "pilot-fdf")["counts"]
    assert fdf["activity"]["met"] == 5_443
    assert fdf["location"]["met"] == 3_481


@pytest.mark.realdata
def test_clinical_inspections_never_influence_a_verdict(makers: Path, tmp_path: Path) -> None:
    without = tmp_path / "without"
    without.mkdir()
    for path in DATA.iterdir():
        if "bimo" not in path.name:
            (without / path.name).symlink_to(path.resolve())
    with_rows, without_rows = screened(makers, DATA), screened(makers, without)
    assert with_rows["applications"] == without_rows["applications"]
