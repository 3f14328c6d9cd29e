"""`openqmm registry import`: reports, exit codes, and the normalised files (synthetic records)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from openqmm.cli.main import main
from openqmm.core.registry.establishments import read_establishments
from openqmm.core.registry.inspections import read_inspections

ESTABLISHMENTS = """FEI_NUMBER,DUNS_NUMBER,FIRM_NAME,ADDRESS,EXPIRATION_DATE,OPERATIONS
3001,111111111,Synthetic API,"1 Road, Pune, India (IND)",12/31/2026,API MANUFACTURE
0001196,222222222,Synthetic Tablets,"1 Main St, United States (USA)",12/31/2026,MANUFACTURE; PACK
0000000,333333333,Synthetic Packer,"2 Main St, United States (USA)",12/31/2025,PACK
30 04,444444444,Misspelt,"3 Main St, United States (USA)",12/31/2026,PACK
30 05,555555555,Misspelt too,"3 Main St, United States (USA)",12/31/2026,PACK
"""
INSPECTIONS = """FEI,Firm Name,InspectionEndDate,Classification,Project Area,State,InspectionID,Mood
3001,Synthetic API,2021-06-01,OAI,Drug Quality Assurance,,1,x
3001,Synthetic API,2025-03-01,VAI,Drug Quality Assurance,,2,x
3001,Synthetic API,2025-03-01,VAI,Drug Quality Assurance,,2,x
1196,Synthetic Tablets,2025-01-15,NAI,Drug Quality Assurance,Ohio,3,x
9999,Deregistered,2024-01-15,Pending,Drug Quality Assurance,Ohio,4,x
9999,Deregistered,15.01.2024,VAI,Drug Quality Assurance,Ohio,5,x
"""


@pytest.fixture
def establishments(tmp_path: Path) -> Path:
    path = tmp_path / "drls_reg.csv"
    path.write_text(ESTABLISHMENTS, encoding="utf-8")
    return path


@pytest.fixture
def inspections(tmp_path: Path) -> Path:
    path = tmp_path / "inspections_2026.csv"
    path.write_text(INSPECTIONS, encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["registry", "import", *map(str, arguments)])


def run_json(*arguments: object) -> dict[str, Any]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.stderr
    data: dict[str, Any] = json.loads(result.stdout)
    return data


def test_report_on_establishments(establishments: Path) -> None:
    result = run("establishments", establishments, "--as-of", "2026-06-01")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert "drls_reg.csv: 5 rows read, 3 kept, 2 rejected." in result.stdout
    assert "rejected 2: FEI_NUMBER is not an FEI of at most 10 digits" in result.stdout
    assert "such as '30 04' (line 5, 6)" in result.stdout
    assert "2 FEIs; 1 record without an FEI." in result.stdout
    assert "API: 1 FEI (1 foreign). Finished forms: 1 FEI (1 domestic)." in result.stdout
    assert "Registrations expire on 2025-12-31, 2026-12-31." in result.stdout
    assert "Not expired on 2026-06-01: 2 FEIs." in result.stdout


def test_establishments_as_json(establishments: Path) -> None:
    data = run_json("establishments", establishments)
    assert data["kind"] == "establishments"
    assert data["files"][0]["rejected"][0] == {
        "line": 5,
        "column": "FEI_NUMBER",
        "reason": "is not an FEI of at most 10 digits",
        "value": "30 04",
    }
    assert (data["distinct_feis"], data["without_fei"], data["records"]) == (2, 1, 3)
    assert data["makers"]["api_foreign"] == 1
    assert data["written"] is None


def test_report_on_inspections_in_the_window(inspections: Path, establishments: Path) -> None:
    arguments = ("--as-of", "2026-06-01", "--establishments", establishments)
    result = run("inspections", inspections, *arguments)
    assert result.exit_code == 0
    text = result.stdout
    assert "inspections_2026.csv: 6 rows read, 5 kept, 1 rejected." in text
    assert "kept 1: Classification is not NAI, VAI or OAI" in text
    assert "columns not recognised: Mood" in text
    assert "4 records after merging; 1 exact duplicate and 0 reworded repeats dropped" in text
    assert "Window 2021-06-01 to 2026-06-01, Drug Quality Assurance:" in text
    assert "3 FEIs inspected (4 inspections). Latest class: NAI 1, VAI 1, OAI 0, unknown 1." in text
    assert "1 FEI had an OAI." in text
    assert "with a registered FEI: 3 of 4 (75.0 %); foreign 2 of 2 (100.0 %)" in text
    assert "Registered makers inspected in the window: 2 of 2 (100.0 %)" in text
    assert "rejected 2: FEI_NUMBER" in text
    assert "the records end on 2025-03-01, before the window does" in text


def test_window_follows_the_options(inspections: Path) -> None:
    data = run_json("inspections", inspections, "--as-of", "2025-02-01", "--years", 1)
    assert data["window"]["first_on"] == "2024-02-01"
    assert data["window"]["inspected_feis"] == 1
    assert data["linked"] is None
    assert "registered" not in data["window"]

    elsewhere = run_json("inspections", inspections, "--project-area", "Bioresearch Monitoring")
    assert elsewhere["window"]["inspected_feis"] == 0
    assert elsewhere["coverage"] is None
    assert "no inspection is in the project area" in elsewhere["notes"][0]


def test_window_ends_with_the_records_when_no_day_is_given(inspections: Path) -> None:
    data = run_json("inspections", inspections)
    assert data["as_of"] == "2025-03-01"
    assert data["coverage"] == {"first_on": "2021-06-01", "last_on": "2025-03-01", "gaps": []}
    assert "the records begin on 2021-06-01, inside the window" in data["notes"]


def test_contradicting_snapshots_are_named(tmp_path: Path, inspections: Path) -> None:
    rows = [
        f"3001,Synthetic API,2025-03-01,{c},Drug Quality Assurance,,{i},x"
        for c in ("NAI", "OAI")
        for i in range(10, 17)
    ]
    newer = tmp_path / "newer.csv"
    header = INSPECTIONS.splitlines()[0]
    newer.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    result = run("inspections", inspections, newer)
    assert "7 told with different classes or end dates, every version kept:" in result.stdout
    assert "inspection 10 of FEI 3001 (Drug Quality Assurance)\n" in result.stdout
    assert "and 2 more" in result.stdout
    data = run_json("inspections", inspections, newer)
    assert len(data["contradictions"]) == 7
    assert data["window"]["current"]["oai"] == 1


def test_terminal_shows_that_reading_goes_on(
    establishments: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Not through CliRunner: it puts its own stream in the place of the terminal.
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    with pytest.raises(SystemExit) as done:
        main(["registry", "import", "establishments", str(establishments)])
    assert done.value.code == 0
    assert "5 rows read" in capsys.readouterr().out


def test_linked_shares_as_json(inspections: Path, establishments: Path) -> None:
    data = run_json("inspections", inspections, "--establishments", establishments)
    assert data["linked"]["in_window"]["all"] == {"count": 3, "total": 4}
    assert data["linked"]["establishments"][0]["file"] == "drls_reg.csv"
    assert data["window"]["registered"] == {"count": 2, "total": 2}


def test_normalised_records_replace_older_ones_whole(
    tmp_path: Path, inspections: Path, establishments: Path
) -> None:
    folder = tmp_path / "records" / "2026"
    for _ in range(2):
        assert run("establishments", establishments, "--into", folder).exit_code == 0
        result = run("inspections", inspections, "--into", folder)
        assert f"Written: {folder / 'inspections.csv'}" in result.stdout
    assert sorted(path.name for path in folder.iterdir()) == [
        "establishments.csv",
        "inspections.csv",
    ]
    assert len(read_establishments(folder / "establishments.csv").records) == 3
    assert len(read_inspections(folder / "inspections.csv").records) == 4


def test_foreign_file_fails_and_writes_nothing(tmp_path: Path, establishments: Path) -> None:
    page = tmp_path / "page.csv"
    page.write_text("<html>Sorry</html>", encoding="utf-8")
    folder = tmp_path / "records"
    result = run("establishments", establishments, page, "--into", folder)
    assert result.exit_code == 1
    assert "page.csv cannot be used" in result.stderr
    assert "web page" in result.stderr
    assert result.stdout == ""
    assert not folder.exists()


def test_bad_registration_file_to_link_to_fails_before_writing(
    tmp_path: Path, inspections: Path
) -> None:
    folder = tmp_path / "records"
    result = run("inspections", inspections, "--establishments", inspections, "--into", folder)
    assert result.exit_code == 1
    assert "registration file" in result.stderr
    assert not folder.exists()


def test_folder_that_cannot_be_made_fails(tmp_path: Path, establishments: Path) -> None:
    (tmp_path / "taken").touch()
    result = run("establishments", establishments, "--into", tmp_path / "taken" / "below")
    assert result.exit_code == 1
    assert "taken" in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["recalls", "{file}"],
        ["establishments"],
        ["establishments", "no-such-file.csv"],
        ["establishments", "{file}", "--years", "3"],
        ["establishments", "{file}", "--establishments", "{file}"],
        ["citations", "{file}", "--as-of", "2026-06-01"],
        ["shortages", "{file}", "--years", "3"],
        ["inspections", "{file}", "--years", "0"],
        ["inspections", "{file}", "--as-of", "01/06/2026"],
    ],
)
def test_wrong_usage(establishments: Path, arguments: list[str]) -> None:
    result = run(*(argument.format(file=establishments) for argument in arguments))
    assert result.exit_code == 2
    assert "Usage:" in result.stderr


def test_command_module_imports_nothing_heavy() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import openqmm.cli.registry, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    heavy = {"openqmm.core.registry.importing", "python_calamine", "rich", "django"}
    assert not heavy & set(loaded)


@pytest.mark.realdata
def test_real_files_give_the_known_counts() -> None:
    root = Path(__file__).parents[2]
    folder = Path(os.environ.get("OPENQMM_TEST_DATA", root.parent / "shared")) / "data"
    if not folder.is_dir():
        pytest.skip("the real public files are not there: set OPENQMM_TEST_DATA")
    result = run(
        "inspections",
        folder / "inspections_drug_manufacturing.csv",
        "--as-of",
        "2026-06-01",
        "--establishments",
        folder / "drls_reg_2025-08_no_contacts.csv",
    )
    assert result.exit_code == 0
    assert "4,590 FEIs inspected" in result.stdout
    assert "3,178 of 7,233 (43.9 %)" in result.stdout
