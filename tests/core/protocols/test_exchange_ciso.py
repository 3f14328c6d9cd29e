"""The library that other systems read: its shape, and what a person may do to it."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from openqmm.core.errors import InvalidProtocol
from openqmm.core.protocols import read_protocol, shipped_ids, shipped_protocol
from openqmm.core.protocols.exchange_ciso import from_ciso, to_ciso, whole_version
from tests.core.protocols.forms import protocol_form, protocol_of

# The form of a name in that system; it folds them to small letters.
URN = re.compile(r"urn:[a-z0-9_-]+:[a-z0-9_-]+:[a-z0-9_-]+(:[a-z0-9\[\]()._-]+)+")


def library_text() -> str:
    return to_ciso(protocol_of(protocol_form())).decode()


def faults_of(text: str) -> list[str]:
    with pytest.raises(InvalidProtocol) as refusal:
        read_protocol(from_ciso(text.encode(), "library.yaml"))
    return [str(problem) for problem in refusal.value.problems]


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.mark.parametrize("protocol_id", shipped_ids())
def test_the_library_has_the_public_form(protocol_id: str) -> None:
    protocol = shipped_protocol(protocol_id)
    library = yaml.safe_load(to_ciso(protocol))
    assert isinstance(library["version"], int)
    assert {"urn", "locale", "ref_id", "name", "description", "copyright", "provider"} < set(
        library
    )
    framework = library["objects"]["framework"]
    assert (framework["min_score"], framework["max_score"]) == (1, 5)
    assert [step["score"] for step in framework["scores_definition"]] == [1, 2, 3, 4, 5]
    nodes = framework["requirement_nodes"]
    urns = [node["urn"] for node in nodes]
    assert len(set(urns)) == len(urns)
    depths = {node["urn"]: node["depth"] for node in nodes}
    for node in nodes:
        assert URN.fullmatch(node["urn"])
        assert depths.get(node.get("parent_urn"), 0) == node["depth"] - 1
        assert node["assessable"] is (node["depth"] == 3)
    questions = [node for node in nodes if node["depth"] == 3]
    assert [node["ref_id"] for node in questions] == [q.id for q in protocol.questions()]
    for node in questions:
        (block,) = node["questions"].values()
        assert block["type"] == "unique_choice"
        levels = {choice["add_score"]: choice["value"] for choice in block["choices"]}
        assert levels == dict(protocol.question(node["ref_id"]).levels)


def test_a_whole_weight_has_its_field_and_another_one_its_line() -> None:
    form = protocol_form()
    form["areas"][0]["elements"][0]["questions"] = [
        {"id": "Q-1", "weight": 0.5},
        {"id": "Q-2", "weight": 3},
    ]
    library = to_ciso(protocol_of(form)).decode()
    assert "Question weight: 0.5" in library
    assert "\n        weight: 3\n" in library
    assert read_protocol(from_ciso(library.encode(), "x")).question("Q-1").weight == pytest.approx(
        0.5
    )


def test_an_edit_in_the_library_arrives_in_the_protocol() -> None:
    edited = library_text().replace("Intent: Only for tests.", "Intent: Rewritten.", 1)
    edited = edited.replace("Criterion 5: Given away.", "Criterion 4: Given away.", 1)
    protocol = read_protocol(from_ciso(edited.encode(), "library.yaml"))
    assert protocol.question("Q-1").intent == "Rewritten."
    assert protocol.question("Q-1").criteria[4] == ("Given away.",)


def test_an_unknown_label_is_named_with_its_line_and_the_nearest_known_one() -> None:
    edited = library_text().replace("Intent: Only for tests.", "Intend: Only for tests.", 1)
    faults = faults_of(edited)
    line = line_of(edited, "Intend:")
    assert any(
        fault.startswith(f"library.yaml, line {line}:") and "did you mean 'Intent'" in fault
        for fault in faults
    )
    assert any("intent is missing from question Q-1" in fault for fault in faults)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("add_score: 2", "add_score: 3", "add_score is 3; the five choices"),
        ("max_score: 5", "max_score: 4", "the scores must run from 1 to 5"),
        ("type: unique_choice", "type: text", "must be of the type unique_choice"),
        ("text: How is Q-1 done?", "text: How else?", "description differs from the question's"),
        ("depth: 2", "depth: 7", "depth must be 1 (area), 2 (element) or 3 (question)"),
        (
            "element:a.1\n        assessable: true",
            "element:x\n        assessable: true",
            "hangs under no element",
        ),
        ("Key question: yes", "Key question: perhaps", "key is 'perhaps'"),
        ("Intent: Only", "Intent: Twice.\n          Intent: Only", "a second time"),
        ("        depth: 3\n", "        depth: 3\n        threats: []\n", "threats has no place"),
        ("Evidence: document, interview", "Evidence: hearsay, data", "is 'hearsay'"),
        ("Cut points: 1.5, 2.5", "Cut points: 2.5, 1.5", "do not rise"),
    ],
)
def test_each_fault_of_an_edited_library_is_named(before: str, after: str, expected: str) -> None:
    text = library_text()
    assert before in text
    assert any(expected in fault for fault in faults_of(text.replace(before, after, 1)))


@pytest.mark.parametrize(
    "content",
    [
        b"urn: x\nobjects: {}\n",
        b"objects:\n  framework: [1]\n",
        b"objects: 5\n",
        b"objects:\n  framework:\n    requirement_nodes: text\n",
    ],
)
def test_a_library_without_nodes_is_refused(content: bytes) -> None:
    with pytest.raises(InvalidProtocol, match=r"requirement_nodes is missing"):
        from_ciso(content, "library.yaml")


def test_a_library_of_odd_nodes_gives_faults_and_no_crash() -> None:
    choice = {"type": "unique_choice"}
    odd: list[Any] = [
        "text",
        None,
        {"depth": 1},
        {"depth": 2},
        {"depth": "3"},
        {"urn": "a", "depth": 1, "annotation": 5, "ref_id": ["x"]},
        {"urn": "b", "depth": 2, "parent_urn": "a"},
        {
            "depth": 3,
            "parent_urn": "b",
            "questions": {"q": {**choice, "choices": [1]}},
        },
    ]
    library = {"objects": {"framework": {"requirement_nodes": odd, "scores_definition": "x"}}}
    with pytest.raises(InvalidProtocol) as refusal:
        read_protocol(from_ciso(yaml.safe_dump(library).encode(), "library.yaml"))
    assert len(refusal.value.problems) > 10


@pytest.mark.parametrize(
    ("version", "whole"),
    [
        ("1.0", 1_000_000),
        ("1.2.3", 1_002_003),
        ("2026.11", 2_026_011_000),
        ("0", 1),
        ("draft", 1),
        ("9999999.1", 2_147_483_647),
    ],
)
def test_a_version_becomes_a_number_that_rises_with_it(version: str, whole: int) -> None:
    assert whole_version(version) == whole
