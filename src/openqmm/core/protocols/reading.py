"""From a protocol file and a question bank to a sealed protocol, or to every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from openqmm.core.errors import InvalidProtocol, Problem
from openqmm.core.protocols.checks import bank_faults, protocol_faults
from openqmm.core.protocols.located import Located, Path
from openqmm.core.protocols.model import (
    Area,
    Element,
    LookAt,
    Protocol,
    Question,
    Rules,
    ScaleLevel,
)
from openqmm.core.protocols.schema import (
    AreaIn,
    BankIn,
    ElementIn,
    PlacedQuestionIn,
    ProtocolIn,
    QuestionIn,
    RulesIn,
)

Shape = TypeVar("Shape", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class QuestionBank:
    """Questions by id, from one or more bank files."""

    questions: Mapping[str, QuestionIn] = field(default_factory=dict)


def read_bank(files: Iterable[Located]) -> QuestionBank:
    """Return the bank that these files make up together.

    Raises
    ------
    InvalidProtocol
        Names every fault of every file: shape, repeated ids, level texts that repeat.
    """
    questions: dict[str, QuestionIn] = {}
    faults: list[Problem] = []
    for file in files:
        shaped = _shape(BankIn, file, faults)
        if shaped is None:
            continue
        faults += bank_faults(shaped.questions, file, ("questions",), known=questions)
        questions |= {question.id: question for question in shaped.questions}
    if faults:
        raise InvalidProtocol("The question bank", faults)
    return QuestionBank(questions)


def read_protocol(file: Located, bank: QuestionBank | None = None) -> Protocol:
    """Return the protocol that `file` arranges, its questions taken from the file or the bank.

    Parameters
    ----------
    file : the authoring form as plain data with places, from YAML, a workbook or a library.
    bank : questions the file may place without repeating them; its own `questions` come first.

    Raises
    ------
    InvalidProtocol
        Names every fault with its line and the remedy.
    """
    faults: list[Problem] = []
    shaped = _shape(ProtocolIn, file, faults)
    if shaped is None:
        raise InvalidProtocol(file.source, faults)
    own = {question.id: question for question in shaped.questions}
    known = {**(bank.questions if bank else {}), **own}
    faults += bank_faults(shaped.questions, file, ("questions",))
    faults += protocol_faults(shaped, file)
    faults += _unknown_questions(shaped, known, file)
    if faults:
        raise InvalidProtocol(file.source, sorted(faults, key=lambda fault: fault.line or 0))
    return _seal(shaped, known)


def _shape(shape: type[Shape], file: Located, faults: list[Problem]) -> Shape | None:
    faults += file.problems
    try:
        return shape.model_validate(file.data)
    except ValidationError as error:
        faults += [_fault(file, detail) for detail in error.errors(include_url=False)]
        return None


def _fault(file: Located, detail: Any) -> Problem:
    path: Path = tuple(detail["loc"])
    where = ".".join(str(part) for part in path) or "the file"
    name, found = path[-1] if path else "file", detail["input"]
    match detail["type"]:
        case "missing":
            message = f"{where} is missing; add it."
        case "extra_forbidden":
            message = f"{where} is not a key of this format; remove it or correct its spelling."
        case "string_pattern_mismatch" | "literal_error" | "int_parsing" | "value_error":
            message = f"{where} is {found!r}; {detail['msg'].removeprefix('Value error, ')}."
        case "too_short":
            message = f"{where} has too few entries; {detail['msg']}."
        case _:
            message = f"{where}: {detail['msg']} (found {_short(found)})."
    if detail["type"] == "missing" and len(path) > 1:
        message = f"{name} is missing from {'.'.join(str(part) for part in path[:-1])}; add it."
    return file.problem(path, message)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _unknown_questions(
    shaped: ProtocolIn, known: Mapping[str, QuestionIn], file: Located
) -> list[Problem]:
    faults = []
    for path, placed in placed_questions(shaped):
        if placed.id not in known:
            near = get_close_matches(placed.id, known, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; add it to the bank or to this file."
            faults.append(file.problem(path, f"question {placed.id} is not known{hint}"))
    return faults


def placed_questions(shaped: ProtocolIn) -> Iterable[tuple[Path, PlacedQuestionIn]]:
    """Yield every place a question stands in, with its path in the file."""
    for a, area in enumerate(shaped.areas):
        for e, element in enumerate(area.elements):
            for q, placed in enumerate(element.questions):
                yield ("areas", a, "elements", e, "questions", q), placed


def _seal(shaped: ProtocolIn, known: Mapping[str, QuestionIn]) -> Protocol:
    return Protocol(
        id=shaped.id,
        version=shaped.version,
        title=shaped.title,
        summary=shaped.summary,
        language=shaped.language,
        scale=tuple(ScaleLevel(step.level, step.name, step.description) for step in shaped.scale),
        rules=_rules(shaped.rules),
        areas=tuple(_area(area, known) for area in shaped.areas),
    )


def _rules(rules: RulesIn) -> Rules:
    first, second, third, fourth = rules.cut_points
    return Rules(
        cut_points=(first, second, third, fourth),
        coverage_min=rules.coverage_min,
        min_assessors=rules.min_assessors,
        single_assessor=rules.single_assessor,
        area_gate=rules.area_gate,
        overall_gate=rules.overall_gate,
    )


def _area(area: AreaIn, known: Mapping[str, QuestionIn]) -> Area:
    return Area(
        id=area.id,
        title=area.title,
        summary=area.summary,
        weight=area.weight,
        elements=tuple(Element(element.id, element.title) for element in area.elements),
        questions=tuple(
            _question(known[placed.id], placed, element)
            for element in area.elements
            for placed in element.questions
        ),
    )


def _question(asked: QuestionIn, placed: PlacedQuestionIn, element: ElementIn) -> Question:
    look_at = asked.look_at
    return Question(
        id=asked.id,
        version=asked.version,
        topic=asked.topic,
        text=asked.text,
        intent=asked.intent,
        levels=asked.levels.texts(),
        criteria={int(level): tuple(texts) for level, texts in asked.criteria.items()},
        look_at=LookAt(
            tuple(look_at.interviews), tuple(look_at.documents), tuple(look_at.observations)
        ),
        evidence=tuple(asked.evidence),
        applies_to=tuple(asked.applies_to),
        references=tuple(asked.references),
        metrics=tuple(asked.metrics),
        key=asked.key if placed.key is None else placed.key,
        weight=placed.weight,
        element=element.id,
    )
