"""The page of states says what the tables say."""

from __future__ import annotations

from openqmm.core.workflow.states import TABLES
from scripts.state_diagrams import PAGE, page


def test_page_of_states_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == page(), "run: .venv/bin/python scripts/state_diagrams.py"


def test_page_shows_every_step() -> None:
    text = page()
    for table in TABLES:
        for step in table.transitions:
            assert f"| {step.label} |" in text
            assert f"`{step.event}`" in text
