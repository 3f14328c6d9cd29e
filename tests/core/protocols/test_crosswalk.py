"""A crosswalk is complete or refused: nothing is lost or gained without a word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from openqmm.core.errors import InvalidProtocol, NotFound
from openqmm.core.protocols import read_yaml, shipped_crosswalk, shipped_crosswalks
from openqmm.core.protocols.crosswalk import Crosswalk, crosswalk_document, read_crosswalk
from openqmm.core.protocols.exchange_yaml import dump_blocks
from tests.core.protocols.forms import protocol_form, protocol_of, question_form

SOURCE = protocol_of(protocol_form())


def target_form() -> dict[str, Any]:
    areas = [
        {
            "id": "X",
            "title": "Area X",
            "summary": "Everything.",
            "elements": [{"id": "X.1", "title": "One", "questions": ["Q-1", "Q-3", "Q-9"]}],
        }
    ]
    questions = [question_form("Q-1", key=False), question_form("Q-3"), question_form("Q-9")]
    return protocol_form(id="after", version="2.0", areas=areas, questions=questions)


TARGET = protocol_of(target_form())


def form(**changes: Any) -> dict[str, Any]:
    return {
        "format": "openqmm-crosswalk/1",
        "title": "Synthetic crosswalk",
        "summary": "Only for tests.",
        "from": {"protocol": "synthetic", "version": "1.0"},
        "to": {"protocol": "after", "version": "2.0"},
        "areas": [{"from": "A", "to": ["X"]}, {"from": "B", "to": ["X"], "note": "Whole."}],
        "not_carried": [{"questions": "Q-2", "loss": "Not asked any more."}],
        "new": [{"questions": ["Q-9"], "gain": "Asked for the first time."}],
        "losses": ["No level can be converted."],
        **changes,
    }


def read(data: Any) -> Crosswalk:
    return read_crosswalk(read_yaml(dump_blocks(data), "crosswalk.yaml"), SOURCE, TARGET)


def test_a_complete_crosswalk_derives_where_each_question_lands() -> None:
    crosswalk = read(form())
    assert [(s.question, s.from_area, s.to_area) for s in crosswalk.shared] == [
        ("Q-1", "A", "X"),
        ("Q-3", "B", "X"),
    ]
    assert crosswalk.shared[0].key_before
    assert not crosswalk.shared[0].key_after
    assert all(shared.same_wording for shared in crosswalk.shared)
    assert crosswalk.target_area_of("Q-1") == "X"
    assert crosswalk.target_area_of("Q-2") is None
    document = json.loads(json.dumps(crosswalk_document(crosswalk)))
    assert document["not_carried"] == {"Q-2": "Not asked any more."}
    assert document["areas"][1]["note"] == "Whole."


def test_a_reworded_question_is_marked() -> None:
    data = target_form()
    data["questions"][1]["text"] = "How else?"
    target = protocol_of(data)
    file = read_yaml(dump_blocks(form()), "crosswalk.yaml")
    marks = [shared.same_wording for shared in read_crosswalk(file, SOURCE, target).shared]
    assert marks == [True, False]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"not_carried": []}, "Q-2 is not carried over; state what is lost"),
        ({"new": []}, "Q-9 is new in after; state what is gained"),
        ({"areas": [{"from": "A", "to": ["X"]}]}, "area B of synthetic is missing"),
        (
            {"areas": [{"from": "A", "to": []}, {"from": "B", "to": ["X"]}]},
            "Q-1 goes from A to X; add it to the targets",
        ),
        (
            {"areas": [{"from": "A", "to": ["X", "XX"]}, {"from": "B", "to": ["X"]}]},
            "after has no area XX; did you mean X?",
        ),
        (
            {"areas": [*form()["areas"], {"from": "C", "to": ["X"]}]},
            "synthetic has no area C",
        ),
        ({"areas": [*form()["areas"], *form()["areas"]]}, "area A stands here a second time"),
        (
            {"not_carried": [{"questions": ["Q-2", "Q-1"], "loss": "x"}]},
            "Q-1: after asks it too; it is not lost",
        ),
        (
            {"not_carried": [{"questions": ["Q-2", "Q-22"], "loss": "x"}]},
            "synthetic has no question Q-22",
        ),
        (
            {"not_carried": [{"questions": ["Q-2", "Q-2"], "loss": "x"}]},
            "Q-2 stands here a second time",
        ),
        (
            {"new": [{"questions": ["Q-9", "Q-3"], "gain": "x"}]},
            "Q-3: synthetic asks it too; it is not new",
        ),
        (
            {"from": {"protocol": "synthetic", "version": "0.9"}},
            "this crosswalk is about synthetic 0.9, not synthetic 1.0",
        ),
        ({"format": "openqmm-crosswalk/9"}, "openqmm-crosswalk/1"),
        ({"extra": 1}, "extra is not a key of this format"),
    ],
)
def test_each_gap_is_named_with_its_line(changes: dict[str, Any], expected: str) -> None:
    with pytest.raises(InvalidProtocol) as refusal:
        read(form(**changes))
    matching = [problem for problem in refusal.value.problems if expected in problem.message]
    assert matching, str(refusal.value)
    assert matching[0].line
    assert matching[0].source == "crosswalk.yaml"


def test_all_gaps_come_at_once() -> None:
    with pytest.raises(InvalidProtocol) as refusal:
        read(form(not_carried=[], new=[], areas=[{"from": "A", "to": ["X"]}]))
    assert len(refusal.value.problems) == 3


@pytest.mark.parametrize(("source", "target"), shipped_crosswalks())
def test_a_shipped_crosswalk_is_complete(source: str, target: str) -> None:
    crosswalk = shipped_crosswalk(source, target)
    before = {question.id for question in crosswalk.source.questions()}
    after = {question.id for question in crosswalk.target.questions()}
    assert {shared.question for shared in crosswalk.shared} == before & after
    assert set(crosswalk.not_carried) == before - after
    assert set(crosswalk.new) == after - before
    assert all(shared.same_wording for shared in crosswalk.shared)


def test_an_unknown_crosswalk_names_the_known_ones() -> None:
    with pytest.raises(NotFound, match="Known crosswalks: pilot-eleven-areas to successor"):
        shipped_crosswalk("successor-five-areas", "pilot-eleven-areas")
