"""What a comparison of two protocols says, and that it never calls different things identical."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from openqmm.core.protocols import Protocol, shipped_protocol
from openqmm.core.protocols.comparison import FieldChange, Move, compare, comparison_document
from tests.core.protocols.forms import protocol_form, protocol_of, protocols, question_form


def changed(**changes: Any) -> Protocol:
    return protocol_of(protocol_form(**changes))


BASE = changed()


def test_a_protocol_is_identical_to_itself() -> None:
    assert compare(BASE, changed()).identical


def test_changed_fields_of_a_question_are_named() -> None:
    levels = {**question_form("Q-2")["levels"], "4": "Another practice."}
    after = changed(
        questions=[
            question_form("Q-1", key=False),
            question_form("Q-2", levels=levels, version=2),
            question_form("Q-3"),
        ]
    )
    found = compare(BASE, after)
    assert {one.id: [change.field for change in one.changes] for one in found.changed} == {
        "Q-1": ["key"],
        "Q-2": ["version", "levels.4"],
    }
    assert found.changed[0].changes == (FieldChange("key", True, False),)


def test_weights_rules_and_header_are_compared() -> None:
    form = protocol_form(version="2", rules={"area_gate": None, "coverage_min": 0.7})
    form["areas"][0]["weight"] = 5
    form["areas"][0]["elements"][0]["questions"] = ["Q-1", "Q-2"]
    found = compare(BASE, protocol_of(form))
    assert found.header == (FieldChange("version", "1.0", "2"),)
    assert found.rules == (
        FieldChange("coverage_min", "0.8", "0.7"),
        FieldChange("area_gate", 1, None),
    )
    assert found.areas_changed[0].changes == (FieldChange("weight", 2, 5),)
    assert found.changed[0].changes == (FieldChange("weight", 3, 1),)


def test_added_removed_and_moved_questions_are_told_apart() -> None:
    form = protocol_form(questions=[question_form(n) for n in ("Q-2", "Q-3", "Q-4")])
    form["areas"][0]["elements"][0]["questions"] = ["Q-3"]
    form["areas"][1]["elements"][0]["questions"] = [{"id": "Q-2", "weight": 3}, "Q-4"]
    found = compare(BASE, protocol_of(form))
    assert [one.question for one in found.removed] == ["Q-1"]
    assert [(one.question, one.area) for one in found.added] == [("Q-4", "B")]
    assert found.moved == (Move("Q-2", "A", "B"), Move("Q-3", "B", "A"))
    assert found.changed == ()


def test_another_order_alone_is_seen() -> None:
    after = replace(BASE, areas=BASE.areas[::-1])
    found = compare(BASE, after)
    assert found.reordered
    assert not found.identical
    assert not found.changed


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=protocols(), after=protocols())
def test_identical_means_the_same_digest(before: Protocol, after: Protocol) -> None:
    assert compare(before, before).identical
    assert compare(before, after).identical == (before.digest == after.digest)


def test_the_two_shipped_protocols_differ_as_their_crosswalk_says() -> None:
    pilot, successor = (
        shipped_protocol("pilot-eleven-areas"),
        shipped_protocol("successor-five-areas"),
    )
    found = compare(pilot, successor)
    assert len(found.areas_removed) == 11
    assert len(found.areas_added) == 5
    shared = {question.id for question in pilot.questions()} - {q.question for q in found.removed}
    assert {move.question for move in found.moved} == shared
    assert {change.field for one in found.changed for change in one.changes} == {"key"}
    document = json.loads(json.dumps(comparison_document(pilot, successor, found)))
    assert document["from"]["digest"] == pilot.digest
    assert document["identical"] is False


@pytest.mark.parametrize("protocol_id", ["pilot-eleven-areas", "successor-five-areas"])
def test_a_shipped_protocol_keeps_every_question_in_one_area(protocol_id: str) -> None:
    names = [question.id for question in shipped_protocol(protocol_id).questions()]
    assert len(set(names)) == len(names)
