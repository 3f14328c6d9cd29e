"""From a protocol file and a question bank to a sealed protocol, or to every fault at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from openqmm.core.errors import InvalidProtocol, Problem
from openqmm.core.protocols.checks import protocol_faults, question_faults, question_ids
from openqmm.core.protocols.located import Located, Path, value_at
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
        shaped, found = shaped_faults(BankIn, file)
        faults += [*found, *question_faults(file, known=questions)]
        if shaped is None:
            continue
        questions |= {question.id: question for question in shaped.questions}
    if faults:
        raise InvalidProtocol("The question bank", in_reading_order(faults))
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
    shaped, faults = shaped_faults(ProtocolIn, file)
    known = dict(bank.questions) if bank else {}
    faults += question_faults(file)
    faults += protocol_faults(file, {*known, *question_ids(file.data)})
    if faults or shaped is None:
        raise InvalidProtocol(file.source, in_reading_order(faults))
    return _seal(shaped, {**known, **{question.id: question for question in shaped.questions}})


def in_reading_order(faults: Iterable[Problem]) -> list[Problem]:
    """Return the faults by source and line, each once."""
    return sorted(dict.fromkeys(faults), key=lambda fault: (fault.source or "", fault.line or 0))


def shaped_faults(shape: type[Shape], file: Located) -> tuple[Shape | None, list[Problem]]:
    """Return the file's data in its shape, or None, and every fault of reading and shape."""
    faults = list(file.problems)
    try:
        return shape.model_validate(file.data), faults
    except ValidationError as error:
        details = error.errors(include_url=False)
        return None, faults + [_fault(file, detail) for detail in details]


def _fault(file: Located, detail: Any) -> Problem:
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    where, found = _spoken(file.data, path), _short(detail["input"])
    said = detail["msg"].removeprefix("Value error, ")
    match detail["type"]:
        case "missing":
            within = _spoken(file.data, path[:-1])
            message = f"{path[-1]} is missing{f' from {within}' if path[:-1] else ''}; add it."
        case "extra_forbidden":
            message = f"{where} is not a key of this format; remove it or correct its spelling."
        case "string_type":
            message = f"{where} is {found}, which is read as no text; put it in quotes."
        case "too_short" | "string_too_short" if detail["input"] in ("", None):
            message = f"{where} is empty; write it or remove the entry."
        case "too_short":
            message = f"{where} has too few entries; {said}."
        case _:
            message = f"{where} is {found}: {said}."
    return file.problem(path, message)


def _spoken(data: Any, path: Path) -> str:
    """Return a path in the words of its reader: "area SCM, element SCM.1, title"."""
    words: list[str] = []
    for part in path:
        data = value_at(data, (part,))
        if not isinstance(part, int):
            words.append(str(part))
            continue
        name = data.get("id", data.get("level")) if isinstance(data, dict) else None
        if name is None or not words:
            words.append(f"entry {part + 1}")
        else:
            words[-1] = f"{words[-1].removesuffix('s')} {name}"
    return ", ".join(words) or "the file"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


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
