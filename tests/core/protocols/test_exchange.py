"""Each format gives back the very protocol that was written: the digest is the witness."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings

from openqmm.core.errors import InvalidProtocol
from openqmm.core.protocols import Protocol, read_protocol, shipped_ids, shipped_protocol
from openqmm.core.protocols.exchange import WRITERS, read_exchanged
from openqmm.core.protocols.model import document_of
from tests.core.protocols.forms import protocol_form, protocol_of, protocols, question_form

FORMATS = sorted(WRITERS)


def read_back(format_: str, protocol: Protocol) -> Protocol:
    content = WRITERS[format_](protocol)
    recognised, file = read_exchanged(content, f"written.{format_}")
    assert recognised == format_
    return read_protocol(file)


@pytest.mark.parametrize("format_", FORMATS)
@pytest.mark.parametrize("protocol_id", shipped_ids())
def test_a_shipped_protocol_keeps_its_digest(format_: str, protocol_id: str) -> None:
    protocol = shipped_protocol(protocol_id)
    assert read_back(format_, protocol).digest == protocol.digest


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(protocol=protocols())
def test_any_protocol_keeps_its_digest(format_: str, protocol: Protocol) -> None:
    back = read_back(format_, protocol)
    assert document_of(back) == document_of(protocol)
    assert back.digest == protocol.digest
    assert back.rules == protocol.rules
    assert [q.weight for q in back.questions()] == [q.weight for q in protocol.questions()]


@pytest.mark.parametrize("format_", FORMATS)
def test_the_same_protocol_gives_the_same_bytes(format_: str) -> None:
    protocol = protocol_of(protocol_form())
    assert WRITERS[format_](protocol) == WRITERS[format_](protocol)


def test_a_question_whose_element_is_unknown_is_refused_and_not_dropped() -> None:
    from dataclasses import replace

    protocol = protocol_of(protocol_form())
    first = protocol.areas[0]
    astray = replace(first.questions[0], element="Z.9")
    broken = replace(first, questions=(astray, *first.questions[1:]))
    with pytest.raises(InvalidProtocol, match=r"Q-1 names no element of area A"):
        WRITERS["yaml"](replace(protocol, areas=(broken, *protocol.areas[1:])))


def test_yaml_states_the_key_flag_once_and_the_weight_only_where_it_is_not_one() -> None:
    text = WRITERS["yaml"](protocol_of(protocol_form())).decode()
    areas, questions = text.split("\nquestions:\n")
    assert "key:" not in areas
    assert questions.count("key: true") == 1
    assert "weight" not in questions
    assert "- Q-1" in areas
    assert "id: Q-2\n            weight: 3" in areas


def test_yaml_folds_long_texts_within_the_width_of_a_page() -> None:
    protocol = shipped_protocol(shipped_ids()[0])
    lines = WRITERS["yaml"](protocol).decode().splitlines()
    assert max(map(len, lines)) <= 120
    assert any(line.endswith(">-") for line in lines)


def test_a_workbook_holds_texts_and_never_formulas() -> None:
    tricky = question_form("Q-1", text="=HYPERLINK(1)", intent="@SUM(A1)", topic="+1", key=True)
    form = protocol_form(questions=[tricky, question_form("Q-2"), question_form("Q-3")])
    content = WRITERS["xlsx"](protocol_of(form))
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if "worksheets/sheet" in name]
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)


def test_a_cell_that_would_overflow_is_refused() -> None:
    long = [f"{n} " + "long " * 900 for n in range(9)]
    form = protocol_form(questions=[question_form(n) for n in ("Q-1", "Q-2", "Q-3")])
    form["questions"][0]["references"] = long
    with pytest.raises(InvalidProtocol, match=r"sheet questions, row 2, column .* 32,767"):
        WRITERS["xlsx"](protocol_of(form))
