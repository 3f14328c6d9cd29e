"""A stranger recomputes a rating, and finds any byte that was changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from openqmm.cli.main import main
from openqmm.core.protocols import shipped_protocol
from openqmm.core.ratings import ScoreRow, Scores, rate, seal_bundle

PROTOCOL = shipped_protocol("pilot-eleven-areas")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    rows = [
        ScoreRow("SYN-1", assessor, question.id, "3", "assessor", "FDF")
        for question in PROTOCOL.questions()
        for assessor in ("A1", "A2")
    ]
    (rating,) = rate(PROTOCOL, Scores.from_rows(rows)).facilities
    path = tmp_path / "bundle.json"
    path.write_text(seal_bundle(PROTOCOL, rows, rating, software_version="0").text)
    return path


def test_a_sealed_rating_is_recomputed(bundle: Path) -> None:
    result = CliRunner().invoke(main, ["verify", str(bundle)])
    assert result.exit_code == 0
    assert "The rating follows from its scores." in result.output


def test_a_changed_score_is_found(bundle: Path) -> None:
    document = json.loads(bundle.read_text())
    document["scores"][0]["score"] = "5"
    bundle.write_text(json.dumps(document))
    result = CliRunner().invoke(main, ["verify", str(bundle), "--json"])
    assert result.exit_code == 1
    answer = json.loads(result.output)
    assert answer["valid"] is False
    assert answer["first_bad"] in {check["name"] for check in answer["checks"]}


def test_another_protocol_is_found(bundle: Path) -> None:
    arguments = ["verify", str(bundle), "--protocol", "successor-five-areas"]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert "FAILS  protocol" in result.output


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[]", b"{}"])
def test_what_is_no_bundle_is_said_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content)
    result = CliRunner().invoke(main, ["verify", str(path)])
    assert result.exit_code == 1
    assert "cannot be used" in result.stderr
