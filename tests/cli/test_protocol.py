"""`openqmm protocol`: what is printed, written and returned."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from openqmm.cli.main import main
from openqmm.core.protocols import shipped_protocol
from openqmm.core.protocols.exchange import WRITERS
from tests.core.protocols.forms import protocol_form, protocol_of

PILOT, SUCCESSOR = "pilot-eleven-areas", "successor-five-areas"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["protocol", *map(str, arguments)])


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_bytes(WRITERS["yaml"](protocol_of(protocol_form())))
    return path


def broken(path: Path, before: str, after: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")
    return path


def test_list_names_the_shipped_protocols() -> None:
    assert PILOT in run("list").stdout
    listed = json.loads(run("list", "--json").stdout)
    assert [entry["id"] for entry in listed] == [PILOT, SUCCESSOR]
    assert listed[0]["questions"] == 88


def test_show_is_readable() -> None:
    result = run("show", PILOT)
    assert result.exit_code == 0
    protocol = shipped_protocol(PILOT)
    for expected in (protocol.digest, protocol.title, "At least 80% of", "* key question"):
        assert expected in result.stdout
    assert all(area.title in result.stdout for area in protocol.areas)
    assert all(question.id in result.stdout for question in protocol.questions())
    assert max(map(len, result.stdout.splitlines())) <= 100


def test_show_json_is_the_published_document_with_its_digest() -> None:
    document = json.loads(run("show", PILOT, "--json").stdout)
    assert document["digest"] == shipped_protocol(PILOT).digest
    assert document["rules"]["cut_points"] == ["1.5", "2.5", "3.5", "4.5"]
    question = document["areas"][0]["questions"][0]
    assert set(question["levels"]) == {"1", "2", "3", "4", "5"}
    assert question["weight"] == 1


def test_show_takes_a_file(small: Path) -> None:
    assert "Synthetic protocol" in run("show", small).stdout


def test_validate_without_an_argument_checks_the_shipped_ones() -> None:
    result = run("validate")
    assert result.exit_code == 0
    assert result.stdout.count(": valid protocol ") == 2
    assert shipped_protocol(SUCCESSOR).digest in result.stdout


def test_validate_names_every_fault_with_file_and_line(small: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.yaml"
    good.write_bytes(small.read_bytes())
    broken(broken(small, "title: Area B", "titel: Area B"), "- Q-1", "- Q-7")
    result = run("validate", good, small)
    assert result.exit_code == 1
    assert "good.yaml: valid protocol synthetic 1.0" in result.stdout
    assert "small.yaml, line " in result.stderr
    assert "titel is not a key" in result.stderr.replace("area B, ", "")
    assert "question Q-7 is not known" in result.stderr


def test_validate_json_holds_each_problem_with_its_place(small: Path) -> None:
    broken(small, "- Q-1", "- Q-7")
    result = run("validate", SUCCESSOR, small, "--json")
    assert result.exit_code == 1
    first, second = json.loads(result.stdout)["files"]
    assert (first["valid"], first["digest"]) == (True, shipped_protocol(SUCCESSOR).digest)
    assert second["valid"] is False
    assert {"message", "line", "column", "source"} == set(second["problems"][0])


def test_validate_knows_bank_files_and_crosswalks(tmp_path: Path) -> None:
    from importlib.resources import files

    data = files("openqmm") / "data"
    for folder, name in (("bank", "scm.yaml"), ("crosswalks", f"{PILOT}--{SUCCESSOR}.yaml")):
        copy = tmp_path / name
        copy.write_bytes((data / folder / name).read_bytes())
        result = run("validate", copy)
        assert result.exit_code == 0, result.stderr
        assert "valid" in result.stdout
    lost = broken(copy, "SCM-02", "SCM-92")
    result = run("validate", lost)
    assert result.exit_code == 1
    assert "SCM-92" in result.stderr


def test_a_crosswalk_between_unknown_protocols_fails_its_check(tmp_path: Path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("format: openqmm-crosswalk/1\nfrom: {protocol: nowhere}\n", encoding="utf-8")
    result = run("validate", path)
    assert result.exit_code == 1
    assert "no protocol 'nowhere'" in result.stderr


@pytest.mark.parametrize(
    "arguments", [["show", "nosuch"], ["validate", "no.yaml"], ["diff", PILOT, "x"]]
)
def test_what_is_neither_id_nor_file_is_wrong_usage(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "neither a shipped protocol nor a file" in result.stderr


def test_a_near_miss_is_suggested_and_a_folder_refused(tmp_path: Path) -> None:
    assert f"did you mean {PILOT}?" in run("show", "pilot-eleven-area").stderr
    assert run("validate", tmp_path).exit_code == 2
    assert run("import", tmp_path / "none.yaml").exit_code == 2


def test_diff_tells_what_changed(small: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.yaml"
    after.write_bytes(small.read_bytes())
    broken(after, "weight: 3", "weight: 5")
    result = run("diff", small, after)
    assert result.exit_code == 0
    assert "Q-2  weight: 3 -> 5" in result.stdout
    assert "identical" in run("diff", small, small).stdout
    document = json.loads(run("diff", small, after, "--json").stdout)
    assert document["changed"][0]["changes"] == [{"field": "weight", "before": 3, "after": 5}]


def test_diff_names_rules_areas_and_order(tmp_path: Path) -> None:
    form = protocol_form(title="Renamed", rules={"area_gate": None})
    form["areas"].reverse()
    form["areas"][1]["title"] = "Area A, renamed"
    after = tmp_path / "after.yaml"
    after.write_bytes(WRITERS["yaml"](protocol_of(form)))
    before = tmp_path / "before.yaml"
    before.write_bytes(WRITERS["yaml"](protocol_of(protocol_form())))
    said = run("diff", before, after).stdout
    for expected in (
        "title: Synthetic protocol -> Renamed",
        "rule area_gate: 1 -> nothing",
        "Areas changed: 1",
        "A  title: Area A -> Area A, renamed",
        "The order of areas or questions differs.",
    ):
        assert expected in said


def test_diff_lists_added_removed_and_moved_questions() -> None:
    said = run("diff", PILOT, SUCCESSOR).stdout
    for expected in ("Areas removed: SCM", "Areas added: MCQ", "Questions removed: 47"):
        assert expected in said
    assert "SCM-01  SCM -> BC" in said


@pytest.mark.parametrize("target", ["yaml", "xlsx", "ciso"])
def test_export_then_import_keeps_the_digest(target: str, tmp_path: Path) -> None:
    written, back = tmp_path / f"out.{target}", tmp_path / "back.yaml"
    assert run("export", SUCCESSOR, "--to", target, "--out", written).exit_code == 0
    result = run("import", written, "--out", back)
    assert result.exit_code == 0
    digest = shipped_protocol(SUCCESSOR).digest
    assert f"({target}): {SUCCESSOR}" in result.stderr
    assert digest in result.stderr
    assert digest in run("validate", back).stdout


def test_export_and_import_write_to_standard_output_by_default(small: Path) -> None:
    exported = run("export", small, "--to", "ciso").stdout
    assert yaml.safe_load(exported)["objects"]["framework"]["ref_id"] == "synthetic"
    assert yaml.safe_load(run("import", small).stdout)["id"] == "synthetic"


def test_import_of_a_faulty_file_writes_nothing(small: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.yaml"
    result = run("import", broken(small, "weight: 3", "weight: no"), "--out", out)
    assert result.exit_code == 1
    assert not out.exists()
    assert "weight" in result.stderr


def test_an_output_that_cannot_be_written_is_told(small: Path, tmp_path: Path) -> None:
    result = run("export", small, "--to", "yaml", "--out", small / "under-a-file.yaml")
    assert result.exit_code == 1
    assert "under-a-file.yaml" in result.stderr


def test_crosswalk_prints_text_and_json() -> None:
    result = run("crosswalk", PILOT, SUCCESSOR)
    assert result.exit_code == 0
    assert "SCM -> BC" in result.stdout
    document = json.loads(run("crosswalk", PILOT, SUCCESSOR, "--json").stdout)
    assert {"question": "SCM-01", "from": "SCM", "to": "BC"}.items() <= document["shared"][
        0
    ].items()
    refused = run("crosswalk", SUCCESSOR, PILOT)
    assert refused.exit_code == 1
    assert "Known crosswalks" in refused.stderr


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys; from openqmm.cli.protocol import protocol; "
        "print([m for m in ('yaml', 'pydantic', 'xlsxwriter', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
