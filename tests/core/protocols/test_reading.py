"""Reading a protocol or bank file: each fault with its line, all of them at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from openqmm.core.errors import InvalidProtocol, Problem
from openqmm.core.protocols import Protocol, read_bank, read_protocol, read_yaml
from openqmm.core.protocols.exchange_yaml import dump_blocks
from tests.core.protocols.forms import protocol_form, protocol_of, question_form

SOURCE = "protocol.yaml"


def text_of(form: Any) -> str:
    return dump_blocks(form).decode()


def read(text: str) -> Protocol:
    return read_protocol(read_yaml(text.encode(), SOURCE))


def faults_of(text: str | bytes) -> list[Problem]:
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(InvalidProtocol) as refusal:
        read_protocol(read_yaml(content, SOURCE))
    return list(refusal.value.problems)


def line_of(text: str, part: str) -> int:
    assert part in text
    return text[: text.index(part)].count("\n") + 1


def test_a_sound_protocol_is_read_with_its_defaults() -> None:
    protocol = read(text_of(protocol_form()))
    assert [area.weight for area in protocol.areas] == [2, 1]
    assert [(q.id, q.key, q.weight) for q in protocol.questions()] == [
        ("Q-1", True, 1),
        ("Q-2", False, 3),
        ("Q-3", False, 1),
    ]
    assert protocol.rules.min_assessors == 2
    assert protocol.rules.single_assessor == "flag"
    assert protocol.question("Q-3").element == "B.1"


@pytest.mark.parametrize(
    ("before", "after", "at", "expected"),
    [
        ("title: Area B", "titel: Area B", "titel", "is not a key of this format"),
        ("    title: Area B\n", "", "- id: B\n", "title is missing from area B; add it"),
        ("weight: 2", "weight: 0", "weight: 0", "greater than 0"),
        ("weight: 2", "weight: much", "weight: much", "expected a number"),
        ("weight: 2", "weight: 1.12345678", "weight: 1.12", "decimal places"),
        ("- Q-1", "- Q-11", "- Q-11", "question Q-11 is not known; did you mean Q-1?"),
        ("- Q-1", "- Q-3", "[Q-3]", "Q-3 is used twice"),
        ("id: A.1", "id: B.1", "id: B.1\n        title: Two", "B.1 is used twice"),
        ("id: B.1", "id: a.1", "id: a.1", "differs from A.1 only in capitals"),
        ("level: 2", "level: 7", "level: 7", "less than or equal to 5"),
        ("level: 2", "level: 3", "scale:", "give 1, 2, 3, 4, 5 in this order"),
        ("id: synthetic", "id: Synthetic", "id: Synthetic", "should match pattern"),
        ("language: en", "language: no", "language: no", "put it in quotes"),
        ("version: '1.0'", "version: 1.10", "version: 1.10", "in quotes"),
        ("openqmm-protocol/1", "openqmm-protocol/9", "format:", "openqmm-protocol/1"),
        ("level 2.", "level 1.", "'2': Q-1", "levels 1 and 2 have the same text"),
        ("[document, interview]", "[document]", "evidence", "too few entries"),
        ("[document, interview]", "[document, rumour]", "evidence", "is 'rumour'"),
        ("[document, interview]", "[document, document]", "evidence", "documents alone"),
        ("[API, FDF]", "[API, XYZ]", "applies_to", "is 'XYZ'"),
        ("version: 1\n", "version: 0\n", "version: 0", "greater than or equal to 1"),
        ("key: true", "key: maybe", "key: maybe", "valid boolean"),
        ("text: How is Q-1 done?", "text: ''", "text: ''", "is empty"),
        ("text: How is Q-1 done?", 'text: "a\\ab"', "text: ", "control character"),
        ("'3': [", "'6': [", "'6': [", "criteria, 6"),
        ("      interviews:", "      hearings:", "      hearings:", "not a key"),
    ],
)
def test_each_fault_names_its_line_and_remedy(
    before: str, after: str, at: str, expected: str
) -> None:
    text = text_of(protocol_form())
    assert before in text
    broken = text.replace(before, after, 1)
    faults = [fault for fault in faults_of(broken) if expected in fault.message]
    assert faults, [str(fault) for fault in faults_of(broken)]
    assert faults[0].line == line_of(broken, at)
    assert faults[0].source == SOURCE


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"cut_points": [1.5, 2.5, 2.5, 4]}, "do not rise"),
        ({"cut_points": [0.5, 2.5, 3.5, 4]}, "outside the scale"),
        ({"cut_points": [1.5, 2.5]}, "too few entries"),
        ({"cut_points": [1.5, 2.5, 3.5, float("nan")]}, "finite"),
        ({"coverage_min": 1.2}, "less than or equal to 1"),
        ({"min_assessors": 0}, "greater than or equal to 1"),
        ({"area_gate": 5}, "less than or equal to 4"),
        ({"single_assessor": "ignore"}, "'flag' or 'not_rated'"),
        ({"gates": 1}, "not a key"),
    ],
)
def test_each_faulty_rule_is_named(rules: dict[str, Any], expected: str) -> None:
    text = text_of(protocol_form(rules=rules))
    (fault,) = faults_of(text)
    assert expected in fault.message
    assert fault.line is not None
    assert fault.line >= line_of(text, "rules:")


def test_a_question_without_a_place_is_named() -> None:
    form = protocol_form()
    form["questions"].append(question_form("Q-4"))
    (fault,) = faults_of(text_of(form))
    assert "question Q-4 is in no element" in fault.message


def test_a_gate_can_be_turned_off() -> None:
    assert read(text_of(protocol_form(rules={"area_gate": None}))).rules.area_gate is None


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    text = text_of(protocol_form())
    for before, after in (
        ("title: Area A", "titel: Area A"),
        ("- Q-1", "- Q-11"),
        ("id: B.1", "id: A.1"),
        ("level 2.", "level 1."),
        ("[document, interview]", "[document, document]"),
    ):
        text = text.replace(before, after, 1)
    faults = faults_of(text + "id: again\n")
    said = "\n".join(fault.message for fault in faults)
    for expected in ("titel", "title", "Q-11", "A.1 is used", "same text", "alone", "'id'"):
        assert expected in said
    lines = [fault.line for fault in faults]
    assert lines == sorted(lines, key=lambda line: line or 0)
    assert all(lines)


def test_a_key_given_twice_is_a_fault_at_its_second_place() -> None:
    text = text_of(protocol_form()) + "title: Another\n"
    (fault,) = faults_of(text)
    assert "'title' stands here a second time" in fault.message
    assert fault.line == text.count("\n")


@pytest.mark.parametrize(
    ("content", "line", "expected"),
    [
        (b"", None, "is empty"),
        (b" \n\n", None, "is empty"),
        (b"# only a remark\n", None, "is empty"),
        (b"a: 1\nb: \xff\n", 2, "not UTF-8"),
        ("a: 1".encode("utf-16"), 1, "not UTF-8"),
        (b"a: 1\nb: \x00\n", 2, "U+0000"),
        (b"a: 1\nb: [1,\n", 3, "not YAML"),
        (b"a: 1\n\tb: 2\n", 2, "not YAML"),
        (b"a: b: c\n", 1, "not YAML"),
        (b"[" * 100_000, 1, "nested too deep"),
        (b"- " * 100_000, 1, "nested too deep"),
        (b"a: " + b"x" * (6 << 20), None, "at most 5 MB"),
        (b"- 1\n" * 100_000, 30_000, "too many values"),
    ],
)
def test_what_is_no_yaml_is_refused(content: bytes, line: int | None, expected: str) -> None:
    (fault,) = faults_of(content)
    assert expected in fault.message
    assert fault.line == line
    assert fault.source == SOURCE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x [1]\nb: *x\n", "*x refers to another place"),
        ("a: 1\n---\nb: 2\n", "a second document starts here"),
        ("? [1]\n: 2\n", "a key must be a plain word"),
        ("a: 2026-13-45\n", "is not a value"),
        ("a: !!python/name:os.system ''\n", "is not a value"),
        ("just a sentence\n", "the file is 'just a sentence'"),
        ("- 1\n", "the file is [1]"),
    ],
)
def test_yaml_that_is_no_protocol_gives_faults_and_no_crash(text: str, expected: str) -> None:
    assert any(expected in fault.message for fault in faults_of(text))


def test_references_that_unfold_without_end_are_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    assert len(faults_of("\n".join(lines))) > 29


def shuffled(value: Any, random_: random.Random) -> Any:
    if isinstance(value, dict):
        keys = list(value)
        random_.shuffle(keys)
        return {key: shuffled(value[key], random_) for key in keys}
    if isinstance(value, list):
        return [shuffled(item, random_) for item in value]
    return value


LAYOUTS: list[Callable[[Any], str]] = [
    lambda form: yaml.safe_dump(form, sort_keys=False, width=20),
    lambda form: yaml.safe_dump(form, sort_keys=False, default_flow_style=True),
    lambda form: yaml.safe_dump(form, sort_keys=False, indent=7, default_style='"'),
    lambda form: text_of(form).replace("\n", "\r\n"),
    lambda form: "\ufeff# A remark.\n" + text_of(form),
]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), layout=st.sampled_from(LAYOUTS))
def test_the_digest_does_not_depend_on_layout(seed: int, layout: Callable[[Any], str]) -> None:
    form = protocol_form()
    expected = protocol_of(form).digest
    text = layout(shuffled(form, random.Random(seed)))
    assert read(text).digest == expected


def test_the_digest_depends_on_every_word_and_rule() -> None:
    base = protocol_of(protocol_form()).digest
    forms = [
        protocol_form(title="Synthetic protocol."),
        protocol_form(version="1.1"),
        protocol_form(rules={"overall_gate": None}),
        protocol_form(questions=[question_form(n) for n in ("Q-1", "Q-2", "Q-3")]),
    ]
    digests = {protocol_of(form).digest for form in forms}
    assert len(digests | {base}) == len(forms) + 1


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in nested data, the outermost last."""
    if not isinstance(value, (dict, list)):
        return []
    entries = list(value.items() if isinstance(value, dict) else enumerate(value))
    return [found for key, item in entries for found in (*paths(item, (*path, key)), (*path, key))]


ODD = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=5,
)


@settings(max_examples=600, deadline=None)
@given(data=st.data())
def test_any_value_anywhere_is_read_or_refused_but_never_crashes(data: st.DataObject) -> None:
    form = protocol_form(rules={"cut_points": [1.5, 2.5, 3.5, 4.5], "area_gate": 1})
    for _ in range(data.draw(st.integers(1, 3))):
        *parents, last = data.draw(st.sampled_from(paths(form)))
        place: Any = form
        for part in parents:
            place = place[part]
        place[last] = data.draw(ODD)
    with suppress(InvalidProtocol):
        assert len(protocol_of(form).digest) == 64


def bank_text(area: str, *names: str, **changes: Any) -> str:
    questions = [question_form(name, **changes) for name in names]
    return text_of({"area": area, "title": f"Area {area}", "questions": questions})


def test_the_files_of_a_bank_are_checked_together() -> None:
    first = read_yaml(bank_text("A", "A-1", "A-2").encode(), "a.yaml")
    second_text = bank_text("B", "A-2", topic="").replace("area: B", "arena: B")
    second = read_yaml(second_text.encode(), "b.yaml")
    with pytest.raises(InvalidProtocol) as refusal:
        read_bank([first, second])
    said = str(refusal.value)
    for expected in ("stands in another bank file", "topic is empty", "arena is not a key"):
        assert expected in said
    assert {problem.source for problem in refusal.value.problems} == {"b.yaml"}


def test_a_protocol_takes_from_the_bank_what_it_does_not_hold() -> None:
    bank = read_bank([read_yaml(bank_text("A", "Q-1", "Q-2", "Q-3", key=True).encode(), "a.yaml")])
    form = protocol_form(questions=[question_form("Q-3", intent="Of its own.")])
    form["areas"][0]["elements"][0]["questions"] = ["Q-1", {"id": "Q-2", "key": False}]
    protocol = read_protocol(read_yaml(text_of(form).encode(), SOURCE), bank)
    assert [question.key for question in protocol.questions()] == [True, False, False]
    assert protocol.question("Q-3").intent == "Of its own."
