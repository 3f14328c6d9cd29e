"""A sealed protocol laid out again as authors write it: areas, elements, questions."""

from __future__ import annotations

from typing import Any

from openqmm.core.errors import InvalidProtocol, Problem
from openqmm.core.protocols.model import (
    Area,
    Element,
    Protocol,
    Question,
    document_of,
    number,
    question_document,
)

QUESTION_KEYS = (
    "id",
    "version",
    "topic",
    "key",
    "text",
    "intent",
    "levels",
    "criteria",
    "look_at",
    "evidence",
    "applies_to",
    "references",
    "metrics",
)
"""The keys of a question in the order in which the bank's files give them."""


def elements_of(area: Area) -> list[tuple[Element, list[Question]]]:
    """Return an area's elements, each with its questions in the order they are asked.

    Raises
    ------
    InvalidProtocol
        A question names an element that the area does not have; nothing is dropped silently.
    """
    grouped: dict[str, list[Question]] = {element.id: [] for element in area.elements}
    for question in area.questions:
        if question.element not in grouped:
            message = f"question {question.id} names no element of area {area.id}."
            raise InvalidProtocol(f"Area {area.id}", [Problem(message)])
        grouped[question.element].append(question)
    return [(element, grouped[element.id]) for element in area.elements]


def authoring_form(protocol: Protocol) -> dict[str, Any]:
    """Return the protocol as a self-contained protocol file holds it, ready for YAML.

    The questions stand in `questions` with their key flags; an element lists ids, with the weight
    beside an id only where it is not 1.
    """
    form = document_of(protocol)
    form["areas"] = [_area_form(area) for area in protocol.areas]
    form["questions"] = [
        question_form(question)
        for area in protocol.areas
        for _, questions in elements_of(area)
        for question in questions
    ]
    return form


def question_form(question: Question) -> dict[str, Any]:
    """Return one question as a bank file holds it; level numbers are numbers."""
    document = question_document(question)
    form = {key: document[key] for key in QUESTION_KEYS}
    form["levels"] = {int(level): text for level, text in form["levels"].items()}
    form["criteria"] = {int(level): texts for level, texts in form["criteria"].items()}
    return form


def _area_form(area: Area) -> dict[str, Any]:
    elements = [
        {
            "id": element.id,
            "title": element.title,
            "questions": [_placed_form(question) for question in questions],
        }
        for element, questions in elements_of(area)
    ]
    form: dict[str, Any] = {"id": area.id, "title": area.title, "summary": area.summary}
    if area.weight != 1:
        form["weight"] = number(area.weight)
    return {**form, "elements": elements}


def _placed_form(question: Question) -> str | dict[str, Any]:
    if question.weight == 1:
        return question.id
    return {"id": question.id, "weight": number(question.weight)}
