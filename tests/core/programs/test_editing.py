"""Copies of programs: what may be changed, and what no change can break."""

from __future__ import annotations

import pytest

from openqmm.core.errors import InvalidProgram
from openqmm.core.programs import read_program, shipped_program_ids, shipped_source
from openqmm.core.programs.editing import copied, edited, facts_of

SOURCE = copied(shipped_source("pilot-api"), "pilot-api-2027", "Second pilot")


def test_a_copy_says_the_same_under_another_id() -> None:
    before = read_program(shipped_source("pilot-api").encode(), "a.yaml")
    after = read_program(SOURCE.encode(), "b.yaml")
    assert (after.id, after.title) == ("pilot-api-2027", "Second pilot")
    assert after.criteria == before.criteria
    assert after.selection_rule == before.selection_rule
    assert after.sources == before.sources


@pytest.mark.parametrize("program_id", shipped_program_ids())
def test_sending_what_stands_changes_nothing(program_id: str) -> None:
    source = copied(shipped_source(program_id), program_id, "T")
    assert edited(source, facts_of(source), "no reason needed") == source


def test_a_changed_fact_takes_the_reason_as_its_source() -> None:
    changes = {"cap": 6, "clocks.validity_months": 36, "title": "Third"}
    program = read_program(edited(SOURCE, changes, "Fewer teams.").encode(), "b.yaml")
    assert (program.cap, program.clocks.validity_months, program.title) == (6, 36, "Third")
    assert program.sources["cap"] == "Program office: Fewer teams."
    assert program.sources["validity_months"] == "Program office: Fewer teams."
    assert program.sources["reserve"] != program.sources["cap"]


def test_the_selection_is_written_as_in_the_file() -> None:
    text = "strata:\n- attribute: sector\n  weight: 1\n  shares: {generic: 60}\n  source: own\n"
    program = read_program(edited(SOURCE, {"selection": text}, "Why not.").encode(), "b.yaml")
    assert [s.attribute for s in program.strata] == ["sector"]
    assert program.limits == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"cap": 0}, "cap"),
        ({"location": "abroad"}, "location"),
        ({"selection": "strata: ["}, "selection is no YAML"),
        ({"selection": "strata: 5"}, "strata"),
        (
            {"selection": "strata: [{attribute: sector, weight: 1, shares: {x: 9}, source: o}]"},
            "x is not known as sector",
        ),
    ],
)
def test_a_change_that_breaks_the_format_is_refused(changes: dict[str, object], words: str) -> None:
    with pytest.raises(InvalidProgram, match=words):
        edited(SOURCE, changes, "A try.")


def test_an_id_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidProgram, match="id"):
        copied(SOURCE, "No Id", "T")
