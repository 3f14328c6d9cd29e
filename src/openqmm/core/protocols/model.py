"""What a protocol is once it has been read: frozen, complete, and known by its digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from openqmm.core.errors import NotFound
from openqmm.core.records import canonical_json, sha256_hex

LEVELS = (1, 2, 3, 4, 5)
FACILITY_TYPES = ("API", "API_INTERMEDIATE", "FDF")
EVIDENCE_TYPES = ("document", "interview", "observation", "data")

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ScaleLevel:
    """One step of the maturity scale, named for people."""

    level: int
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class LookAt:
    """What an assessor asks, reads and watches to answer a question."""

    interviews: tuple[str, ...]
    documents: tuple[str, ...]
    observations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A practice asked of a site, with its rubric of five behaviour texts.

    `criteria` maps a level to the conditions that must hold before it may be claimed;
    `key` and `weight` are the protocol's say, `version` is the bank's.
    """

    id: str
    version: int
    topic: str
    text: str
    intent: str
    levels: Mapping[int, str]
    criteria: Mapping[int, tuple[str, ...]]
    look_at: LookAt
    evidence: tuple[str, ...]
    applies_to: tuple[str, ...]
    references: tuple[str, ...]
    metrics: tuple[str, ...]
    key: bool
    weight: Decimal = Decimal(1)
    element: str = ""


@dataclass(frozen=True, slots=True)
class Element:
    """A group of questions within an area; for reading only, it carries no weight."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Area:
    """A practice area: the unit that is rated beside the facility as a whole."""

    id: str
    title: str
    summary: str
    weight: Decimal
    elements: tuple[Element, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """How scores become levels; see the rating method for each rule's meaning.

    `area_gate` and `overall_gate` are margins in levels, or None where the gate is off: an area
    reaches level L only if every scored key question is at L - `area_gate` or above; the overall
    level is at most the lowest area level + `overall_gate`.
    """

    cut_points: tuple[Decimal, Decimal, Decimal, Decimal]
    coverage_min: Decimal
    min_assessors: int
    single_assessor: str
    area_gate: int | None
    overall_gate: int | None


@dataclass(frozen=True)
class Protocol:
    """A sealed arrangement of bank questions into areas, with its rating rules and scale."""

    id: str
    version: str
    title: str
    summary: str
    scale: tuple[ScaleLevel, ...]
    rules: Rules
    areas: tuple[Area, ...]
    language: str = "en"
    _by_id: Mapping[str, Question] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_id = {question.id: question for question in self.questions()}
        object.__setattr__(self, "_by_id", by_id)

    def questions(self) -> Iterator[Question]:
        """Yield every question in protocol order."""
        for area in self.areas:
            yield from area.questions

    def question(self, question_id: str) -> Question:
        """Return the question with this id.

        Raises
        ------
        NotFound
            The protocol does not ask it.
        """
        try:
            return self._by_id[question_id]
        except KeyError:
            raise NotFound(f"{self.id} {self.version} has no question {question_id}.") from None

    def area_of(self, question_id: str) -> Area:
        """Return the area that asks this question (NotFound when none does)."""
        question = self.question(question_id)
        return next(area for area in self.areas if question in area.questions)

    def level_name(self, level: int) -> str:
        """Return the scale's name for a level from 1 to 5."""
        return self.scale[level - 1].name

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) of the canonical document: the same content has the same digest,
        whatever the order of keys, the spacing or the file format it came from."""
        return sha256_hex(canonical_json(document_of(self)))


def document_of(protocol: Protocol) -> Document:
    """Return the protocol as plain JSON data, the published form of architecture and digest.

    The digest itself is not in it. Cut points and coverage are text, being exact; weights are
    numbers.
    """
    return {
        "format": "openqmm-protocol/1",
        "id": protocol.id,
        "version": protocol.version,
        "title": protocol.title,
        "summary": protocol.summary,
        "language": protocol.language,
        "scale": [
            {"level": step.level, "name": step.name, "description": step.description}
            for step in protocol.scale
        ],
        "rules": _rules_document(protocol.rules),
        "areas": [_area_document(area) for area in protocol.areas],
    }


def _rules_document(rules: Rules) -> Document:
    return {
        "cut_points": [exact(cut) for cut in rules.cut_points],
        "coverage_min": exact(rules.coverage_min),
        "min_assessors": rules.min_assessors,
        "single_assessor": rules.single_assessor,
        "area_gate": rules.area_gate,
        "overall_gate": rules.overall_gate,
    }


def _area_document(area: Area) -> Document:
    return {
        "id": area.id,
        "title": area.title,
        "summary": area.summary,
        "weight": number(area.weight),
        "elements": [{"id": element.id, "title": element.title} for element in area.elements],
        "questions": [question_document(question) for question in area.questions],
    }


def question_document(question: Question) -> Document:
    """Return one question as plain JSON data; level numbers become text keys."""
    return {
        "id": question.id,
        "version": question.version,
        "element": question.element,
        "topic": question.topic,
        "key": question.key,
        "weight": number(question.weight),
        "text": question.text,
        "intent": question.intent,
        "levels": {str(level): text for level, text in sorted(question.levels.items())},
        "criteria": {str(level): list(texts) for level, texts in sorted(question.criteria.items())},
        "look_at": {
            "interviews": list(question.look_at.interviews),
            "documents": list(question.look_at.documents),
            "observations": list(question.look_at.observations),
        },
        "evidence": list(question.evidence),
        "applies_to": list(question.applies_to),
        "references": list(question.references),
        "metrics": list(question.metrics),
    }


def number(value: Decimal) -> int | float:
    """Return an exact decimal as the plainest JSON number that stands for it."""
    return int(value) if value == value.to_integral_value() else float(value)


def exact(value: Decimal) -> str:
    """Return an exact decimal as text without exponent or trailing zeros ("2.50" -> "2.5")."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
