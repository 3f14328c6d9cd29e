"""The command as a whole: quick to answer, refusals without a stack trace, exit codes."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from openqmm import __version__
from openqmm.cli.main import COMMANDS, main
from openqmm.core.errors import InvalidScores, Problem


def test_help_names_every_command() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for name, (_, line) in COMMANDS.items():
        assert name in result.output
        assert line in result.output


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_listed_exists_and_explains_itself(name: str) -> None:
    command = main.get_command(click.Context(main), name)
    assert command is not None
    assert command.help


def test_help_loads_nothing_heavy() -> None:
    """What makes `openqmm --help` slow is imports; time itself is not asserted."""
    code = "import sys, openqmm.cli.main; print('\\n'.join(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    heavy = {"django", "numpy", "pyarrow", "pandas", "duckdb", "yaml", "pydantic", "rich", "typst"}
    assert not heavy & {name.split(".")[0] for name in loaded}


def test_a_refusal_is_a_message_and_exit_one(monkeypatch: pytest.MonkeyPatch) -> None:
    @click.command()
    def refuse() -> None:
        raise InvalidScores("scores.csv", [Problem("score is 6.", 3, "score")])

    monkeypatch.setattr(main, "get_command", lambda *_: refuse)
    result = CliRunner().invoke(main, ["rate"])
    assert result.exit_code == 1
    assert result.stderr == (
        "scores.csv cannot be used: 1 problem.\n  line 3, score: score is 6.\n"
    )


def test_an_unknown_command_is_wrong_usage() -> None:
    assert CliRunner().invoke(main, ["frobnicate"]).exit_code == 2


def test_version() -> None:
    assert CliRunner().invoke(main, ["--version"]).output == f"openqmm {__version__}\n"
