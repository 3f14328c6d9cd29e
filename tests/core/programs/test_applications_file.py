"""Files of applications: what is read, and every fault named at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from openqmm.core.errors import InvalidApplications, InvalidRecords
from openqmm.core.programs import shipped_program
from openqmm.core.programs.applications_file import read_applications
from openqmm.core.programs.candidates import candidate

PROGRAM = shipped_program("pilot-fdf")
HEADER = "application_id,facility_name,fei,duns,country,activities,size_band,sector,submitted_at\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "applications.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_becomes_an_application_and_a_candidate(tmp_path: Path) -> None:
    text = HEADER.strip() + ",in_commerce,Dosage Forms\n"
    text += (
        'F1,"Larch, Dayton",0003001,012345678,us,FDF; api,Small,Generic,2026-01-02,yes,Sterile\n'
    )
    (applied,) = read_applications(written(tmp_path, text), PROGRAM)
    facts = applied.application
    assert (facts.facility_name, facts.fei, facts.country) == ("Larch, Dayton", "0003001", "us")
    assert (facts.activities, facts.attestations) == (("FDF", "API"), {"in_commerce": True})
    assert candidate(PROGRAM, facts).attributes == {
        "activity": "fdf",
        "region": "americas",
        "country": "usa",
        "size_band": "small",
        "sector": "generic",
        "dosage_form": "sterile",
        "organisation": "not stated",
    }


def test_only_applications_submitted_before_count_as_others_for_the_same_site(
    tmp_path: Path,
) -> None:
    rows = "F1,Larch,30001,,,,,,2026-01-09\nF2,Larch,0030001,,,,,,2026-01-02\nF3,Oak,,,,,,,\n"
    applied = read_applications(written(tmp_path, HEADER + rows), PROGRAM)
    assert [a.application.others_in_round for a in applied] == [1, 0, 0]


def test_every_fault_is_named_with_its_line(tmp_path: Path) -> None:
    rows = (
        "F1,Larch,30001,123,US,FDF,,,\n"
        "F1,Oak,30002,,US,vaccines,,,\n"
        ",Elm,30003,,US,FDF,,,\n"
        "F4,Ash,30004,,US\n"
    )
    with pytest.raises(InvalidApplications) as refused:
        read_applications(written(tmp_path, HEADER + rows), PROGRAM)
    told = str(refused.value)
    assert [problem.line for problem in refused.value.problems] == [2, 3, 3, 4, 5]
    for words in (
        "'123' is not a DUNS number of 9 digits",
        "'vaccines' is no activity; expected API, API_INTERMEDIATE, FDF",
        "'F1' stands in line 2 already",
        "another number of cells",
    ):
        assert words in told


def test_an_answer_is_yes_or_no(tmp_path: Path) -> None:
    text = "application_id,facility_name,fei,clean_record\nF1,Larch,30001,perhaps\n"
    with pytest.raises(InvalidApplications, match="'perhaps' is neither yes nor no"):
        read_applications(written(tmp_path, text), PROGRAM)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", InvalidRecords, "empty"),
        ("fei,name\n1,2\n", InvalidRecords, "application_id"),
        (HEADER, InvalidApplications, "without rows"),
    ],
)
def test_a_file_that_is_none_says_why(
    tmp_path: Path, text: str, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        read_applications(written(tmp_path, text), PROGRAM)
