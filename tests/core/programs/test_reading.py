"""Programs as data: the shipped ones say what the notices say; a faulty file names every fault."""

from __future__ import annotations

from importlib.resources import files

import pytest

from openqmm.core.errors import InvalidProgram, NotFound
from openqmm.core.programs import (
    CRITERION_IDS,
    read_program,
    shipped_program,
    shipped_program_ids,
)
from openqmm.core.protocols import shipped_ids


def text_of(program_id: str) -> str:
    return (files("openqmm") / "data" / "programs" / f"{program_id}.yaml").read_text("utf-8")


@pytest.mark.parametrize(
    ("program_id", "location", "types", "protocol"),
    [
        ("pilot-api", "foreign", ("API", "API_INTERMEDIATE"), "pilot-eleven-areas"),
        ("pilot-fdf", "domestic", ("FDF",), "pilot-eleven-areas"),
        ("successor", "any", ("API", "API_INTERMEDIATE", "FDF"), "successor-five-areas"),
    ],
)
def test_each_shipped_program_says_what_its_notice_says(
    program_id: str, location: str, types: tuple[str, ...], protocol: str
) -> None:
    program = shipped_program(program_id)
    assert (program.location, program.facility_types) == (location, types)
    assert (program.cap, program.look_back_years) == (9, 5)
    assert program.protocol_id == protocol
    assert protocol in shipped_ids()
    clocks = program.clocks
    assert (clocks.orientation_days_before_visit, clocks.draft_report_days) == (42, 30)
    assert (clocks.factual_check_working_days, clocks.validity_months) == (10, 24)
    assert tuple(criterion.id for criterion in program.criteria) == CRITERION_IDS
    assert [c.attestation for c in program.attestations] == ["clean_record", "in_commerce"]


@pytest.mark.parametrize("program_id", ["pilot-api", "pilot-fdf", "successor"])
def test_every_fact_names_its_source(program_id: str) -> None:
    program = shipped_program(program_id)
    assert {"cap", "location", "look_back_years", "validity_months"} <= set(program.sources)
    assert all(program.sources.values())
    assert all(criterion.source for criterion in program.criteria)


def test_an_unknown_program_is_answered_with_those_known() -> None:
    assert shipped_program_ids() == ("pilot-api", "pilot-fdf", "successor")
    with pytest.raises(NotFound, match="pilot-api, pilot-fdf, successor"):
        shipped_program("pilot-device")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("  value: foreign", "  value: abroad", "location, value is 'abroad'"),
        ("cap:\n  value: 9", "cap:\n  value: 0", "cap, value is 0"),
        ("cap:\n  value: 9", "cap:\n  value: nine", "cap, value is 'nine'"),
        ("  - id: inspected", "  - id: registered", "registered stands here a second time"),
        ("  - id: inspected", "  - id: registered", "criteria inspected are missing"),
        ("    attestation: clean_record\n", "", "needs `attestation` and `statement` together"),
        ("    attested_sources: [ndc]\n", "", "name `attested_sources`, of ndc"),
        ("sources: [ndc]", "sources: [inspections]", "no attestation stands in for inspections"),
        ("asia: 45", "asia: 46", "the shares sum to 101 per cent"),
        ("asia: 45", "east: 45", "east is not known as region"),
        ("attribute: size_band", "attribute: region", "region stands here a second time"),
        ("format: openqmm-program/1", "format: openqmm-protocol/1", "format is"),
        ("look_back_years:", "look_back:", "look_back_years is missing"),
    ],
)
def test_a_fault_is_named_with_its_place(before: str, after: str, message: str) -> None:
    text = text_of("pilot-api")
    assert before in text
    with pytest.raises(InvalidProgram) as refused:
        read_program(text.replace(before, after, 1).encode(), "mine.yaml")
    assert message in str(refused.value)
    assert all(problem.line and problem.source == "mine.yaml" for problem in refused.value.problems)


def test_every_fault_is_named_at_once() -> None:
    text = text_of("pilot-api").replace("value: foreign", "value: abroad")
    text = text.replace("cap:\n  value: 9", "cap:\n  value: 0")
    with pytest.raises(InvalidProgram, match="2 problems"):
        read_program(text.encode(), "mine.yaml")


def test_a_criterion_judged_by_records_takes_no_attestation() -> None:
    text = text_of("pilot-api").replace(
        "  - id: inspected\n", "  - id: inspected\n    attestation: inspected\n"
    )
    with pytest.raises(InvalidProgram, match="judged by public records"):
        read_program(text.encode(), "mine.yaml")


def test_what_is_no_yaml_is_an_invalid_program() -> None:
    with pytest.raises(InvalidProgram, match=r"mine\.yaml"):
        read_program(b"format: [", "mine.yaml")
