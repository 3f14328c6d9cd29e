"""`openqmm select`: the same lists for the same seed, whoever draws."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from openqmm.cli.main import main
from openqmm.core.programs import shipped_source

HEADER = "application_id,facility_name,fei,country,activities,size_band,submitted_at\n"
COUNTRIES = ("IND", "DEU", "BRA", "CHN", "JPN", "ITA", "ESP", "IRL")
SIZES = ("small", "medium", "large")


def row(n: int) -> str:
    country, size = COUNTRIES[n % 8], SIZES[n % 3]
    return f"A{n:02},Site {n},{3000 + n},{country},API,{size},2026-01-{n % 28 + 1:02}\n"


@pytest.fixture
def applications(tmp_path: Path) -> Path:
    path = tmp_path / "applications.csv"
    path.write_text(HEADER + "".join(row(n) for n in range(24)), encoding="utf-8")
    return path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["select", *map(str, arguments)])


def drawn(path: Path, seed: str = "one", program: object = "pilot-api") -> dict[str, Any]:
    result = run(path, "--program", program, "--seed", seed, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_the_lists_are_the_same_whatever_the_order_of_the_rows(
    applications: Path, tmp_path: Path
) -> None:
    first = drawn(applications)
    turned = tmp_path / "turned.csv"
    turned.write_text(HEADER + "".join(row(n) for n in reversed(range(24))), encoding="utf-8")
    assert drawn(turned) == first
    assert (len(first["selected"]), len(first["reserve"])) == (9, 5)
    assert len(first["not_selected"]) == 10
    assert first["seed_digest"] == hashlib.sha256(b"one").hexdigest()
    assert sum(first["inclusion_probability"].values()) == pytest.approx(9)
    assert set(first["inclusion_probability"]) == {f"A{n:02}" for n in range(24)}


def test_another_seed_gives_another_cohort_and_the_same_inputs(applications: Path) -> None:
    one, two = drawn(applications), drawn(applications, "two")
    assert one["selected"] != two["selected"]
    assert one["inputs_digest"] == two["inputs_digest"]
    assert one["inclusion_probability"] == two["inclusion_probability"]


def test_a_program_file_is_taken_as_well(applications: Path, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(shipped_source("pilot-api"), encoding="utf-8")
    assert drawn(applications, program=file) == drawn(applications)


def test_only_who_is_eligible_takes_part(tmp_path: Path) -> None:
    path = tmp_path / "judged.csv"
    path.write_text(
        "application_id,facility_name,fei,verdict\nA,Site,1,eligible\nB,Site,2,ineligible\n",
        encoding="utf-8",
    )
    result = run(path, "--program", "pilot-api", "--seed", "x", "--json")
    assert json.loads(result.stdout)["selected"] == ["A"]
    assert "Left out: 1 rows" in result.stderr


def test_salts_give_the_published_commitments(tmp_path: Path) -> None:
    path = tmp_path / "salted.csv"
    salt = "ab" * 32
    path.write_text(f"application_id,facility_name,fei,salt\nA,Site,1,{salt}\n", encoding="utf-8")
    found = drawn(path)["commitments"]["A"]
    assert len(bytes.fromhex(found)) == 32
    path.write_text("application_id,facility_name,fei,salt\nA,Site,1,nonsense\n", encoding="utf-8")
    refused = run(path, "--program", "pilot-api", "--seed", "x")
    assert refused.exit_code == 1
    assert "is no salt of 64 hexadecimal digits" in refused.stderr


def test_people_read_names_and_targets(applications: Path) -> None:
    result = run(applications, "--program", "pilot-api", "--seed", "one")
    assert "Reserve list, in the order it moves up:" in result.stdout
    assert "By region: asia 4 (target 4" in result.stdout


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (HEADER, "without rows"),
        ("application_id,facility_name,fei,verdict\nA,S,1,ineligible\n", "Nobody in the file"),
        (HEADER + row(1) + row(1), "stands in line 2 already"),
    ],
)
def test_a_file_that_cannot_be_drawn_from_says_why(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    result = run(path, "--program", "pilot-api", "--seed", "x")
    assert result.exit_code == 1
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_an_unknown_program_is_answered_with_those_known(applications: Path) -> None:
    result = run(applications, "--program", "pilot-device", "--seed", "x")
    assert result.exit_code == 1
    assert "pilot-api, pilot-fdf, successor" in result.stderr
