"""Runs the worked examples of the state tables: a state, a role and a step, and what comes of it.

Each file in `states/` is one kind of record. A case `becomes` the next state or is `refused` with
the sentence that the person sees. The examples also stand in docs/reference/states.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from openqmm.core.errors import NotPermitted, TransitionRefused
from openqmm.core.workflow import Role, StateTable
from openqmm.core.workflow.states import TABLES

FOLDER = Path(__file__).parent / "states"
BY_SUBJECT = {table.subject: table for table in TABLES}
CASE_KEYS = {"title", "state", "role", "step", "came_from"}
OUTCOMES = ({"becomes"}, {"refused"})


def _pages() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(FOLDER.glob("*.yaml")):
        yield file.stem, yaml.safe_load(file.read_text("utf-8"))


def _cases() -> Iterator[Any]:
    for name, page in _pages():
        for case in page["cases"]:
            yield pytest.param(BY_SUBJECT[page["subject"]], case, id=f"{name}: {case['title']}")


@pytest.mark.parametrize(("table", "case"), list(_cases()))
def test_worked_example(table: StateTable, case: dict[str, str]) -> None:
    assert case.keys() - CASE_KEYS in OUTCOMES
    state, step, role = case["state"], case["step"], Role(case["role"])
    came_from = case.get("came_from", "")
    assert state in table.states
    if "becomes" in case:
        assert table.require(state, step, role, came_from=came_from) == case["becomes"]
        return
    with pytest.raises((NotPermitted, TransitionRefused)) as refusal:
        table.require(state, step, role)
    assert str(refusal.value) == case["refused"]


def test_every_table_has_examples_of_both_outcomes() -> None:
    pages = [page for _, page in _pages()]
    assert [page["subject"] for page in pages] == [table.subject for table in TABLES]
    for page in pages:
        assert page.keys() == {"subject", "says", "cases"}
        assert page["says"].endswith(".")
        titles = [case["title"] for case in page["cases"]]
        assert len(titles) == len(set(titles))
        outcomes = {key for case in page["cases"] for key in case}
        assert {"becomes", "refused"} <= outcomes, page["subject"]
