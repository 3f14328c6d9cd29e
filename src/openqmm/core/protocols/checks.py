"""What must hold between the parts of a bank or protocol, beyond each part's own shape."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any

from openqmm.core.errors import Problem
from openqmm.core.protocols.located import Located, Path
from openqmm.core.protocols.model import LEVELS
from openqmm.core.protocols.schema import ProtocolIn, QuestionIn


def bank_faults(
    questions: Sequence[QuestionIn], file: Located, root: Path, known: Container[str] = ()
) -> list[Problem]:
    """Return the faults between the questions of one file: ids, level texts, evidence."""
    faults = list(_repeated(((*root, i, "id"), q.id) for i, q in enumerate(questions)))
    problems = [file.problem(path, message) for path, message in faults]
    for i, question in enumerate(questions):
        path = (*root, i)
        if question.id in known:
            message = f"question {question.id} stands in another bank file too; ids are unique."
            problems.append(file.problem((*path, "id"), message))
        texts = list(question.levels.texts().values())
        if len(set(texts)) < len(texts):
            message = (
                f"{question.id}: two levels have the same text; each level is another practice."
            )
            problems.append(file.problem((*path, "levels"), message))
        if set(question.evidence) == {"document"}:
            message = f"{question.id}: documents alone cannot show a practice; add another kind."
            problems.append(file.problem((*path, "evidence"), message))
    return problems


def protocol_faults(shaped: ProtocolIn, file: Located) -> list[Problem]:
    """Return the faults between areas, elements, questions, scale and rules of a protocol."""
    found = [*_id_faults(shaped), *_scale_faults(shaped), *_rule_faults(shaped), *_unused(shaped)]
    return [file.problem(path, message) for path, message in found]


def _id_faults(shaped: ProtocolIn) -> Iterator[tuple[Path, str]]:
    areas = list(enumerate(shaped.areas))
    elements = [
        (("areas", a, "elements", e), element)
        for a, area in areas
        for e, element in enumerate(area.elements)
    ]
    yield from _repeated((("areas", a, "id"), area.id) for a, area in areas)
    yield from _repeated(((*path, "id"), element.id) for path, element in elements)
    yield from _repeated(
        ((*path, "questions", q), placed.id)
        for path, element in elements
        for q, placed in enumerate(element.questions)
    )


def _scale_faults(shaped: ProtocolIn) -> Iterator[tuple[Path, str]]:
    found = [step.level for step in shaped.scale]
    if found != list(LEVELS):
        yield ("scale",), f"the scale's levels are {found}; give 1, 2, 3, 4, 5 in this order."


def _rule_faults(shaped: ProtocolIn) -> Iterator[tuple[Path, str]]:
    cuts = shaped.rules.cut_points
    path: Path = ("rules", "cut_points")
    if any(low >= high for low, high in zip(cuts, cuts[1:], strict=False)):
        yield path, "the cut points do not rise; give four numbers, each above the one before."
    if not all(1 < cut <= 5 for cut in cuts):
        yield path, "a cut point is outside the scale; each must be above 1 and at most 5."


def _unused(shaped: ProtocolIn) -> Iterator[tuple[Path, str]]:
    placed = {
        placed.id
        for area in shaped.areas
        for element in area.elements
        for placed in element.questions
    }
    for i, question in enumerate(shaped.questions):
        if question.id not in placed:
            message = f"question {question.id} is in no element; place it in an area or remove it."
            yield ("questions", i, "id"), message


def _repeated(ids: Iterable[tuple[Path, Any]]) -> Iterator[tuple[Path, str]]:
    seen: set[Any] = set()
    for path, name in ids:
        if name in seen:
            yield path, f"{name} is used twice; ids are unique within a protocol."
        seen.add(name)
