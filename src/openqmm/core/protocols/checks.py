"""What must hold between the parts of a bank or protocol, beyond each part's own shape.

The checks read the plain data and step over parts of a wrong shape, so that one misspelt key does
not hide a repeated id elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from itertools import pairwise
from typing import Any

from openqmm.core.errors import SHOWN, Problem
from openqmm.core.protocols.located import Located, Path
from openqmm.core.protocols.model import LEVELS

Fault = tuple[Path, str]
Part = tuple[Path, dict[str, Any]]


def question_faults(file: Located, known: Collection[str] = ()) -> list[Problem]:
    """Return the faults between the questions of one file: ids, level texts, evidence.

    `known` are ids that other bank files have taken already.
    """
    questions = list(_parts((), file.data, "questions"))
    faults = list(_repeated(((*path, "id"), question.get("id")) for path, question in questions))
    for path, question in questions:
        name = str(question.get("id", "this question"))
        if name in known:
            message = f"question {name} stands in another bank file too; ids are unique."
            faults.append(((*path, "id"), message))
        faults += _level_faults(path, question.get("levels"), name)
        if question.get("evidence") and set(_texts(question["evidence"])) == {"document"}:
            message = f"{name}: documents alone cannot show a practice; add another kind."
            faults.append(((*path, "evidence"), message))
    return [file.problem(path, message) for path, message in faults]


def protocol_faults(file: Located, known: Collection[str]) -> list[Problem]:
    """Return the faults between areas, elements, questions, scale and rules of a protocol.

    `known` are the ids of the questions it may ask, from the bank and from the file itself.
    """
    data = file.data
    found = [*_id_faults(data), *_scale_faults(data), *_rule_faults(data), *_unused(data)]
    found += _unknown(data, known)
    return [file.problem(path, message) for path, message in found]


def placed_ids(data: Any) -> Iterator[tuple[Path, str]]:
    """Yield each place where an element names a question, with the id named there."""
    for path, element in _elements(data):
        placed = element.get("questions")
        for i, entry in enumerate(placed if isinstance(placed, list) else ()):
            name = entry.get("id") if isinstance(entry, dict) else entry
            if isinstance(name, str):
                yield (*path, "questions", i), name


def question_ids(data: Any) -> list[str]:
    """Return the ids of the questions that the file itself holds, well formed or not."""
    found = [question.get("id") for _, question in _parts((), data, "questions")]
    return [name for name in found if isinstance(name, str)]


def _level_faults(path: Path, levels: Any, name: str) -> Iterator[Fault]:
    if not isinstance(levels, dict):
        return
    seen: dict[str, str] = {}
    for level, text in levels.items():
        folded = " ".join(text.split()) if isinstance(text, str) else ""
        if folded and folded in seen:
            message = f"{name}: levels {seen[folded]} and {level} have the same text; each level is"
            yield (*path, "levels", level), f"{message} another practice."
        seen.setdefault(folded, level)


def _id_faults(data: Any) -> Iterator[Fault]:
    areas = _parts((), data, "areas")
    yield from _repeated(((*path, "id"), area.get("id")) for path, area in areas)
    yield from _repeated(((*path, "id"), element.get("id")) for path, element in _elements(data))
    yield from _repeated(placed_ids(data))


def _scale_faults(data: Any) -> Iterator[Fault]:
    found = [step.get("level") for _, step in _parts((), data, "scale")]
    # Other lengths and levels off the scale are faults of shape, told there.
    if len(found) == len(LEVELS) and found != list(LEVELS) and all(n in LEVELS for n in found):
        yield ("scale",), f"the scale's levels are {found}; give 1, 2, 3, 4, 5 in this order."


def _rule_faults(data: Any) -> Iterator[Fault]:
    rules = data.get("rules") if isinstance(data, dict) else None
    found = rules.get("cut_points") if isinstance(rules, dict) else None
    try:
        cuts = [Decimal(str(cut)) for cut in found] if isinstance(found, list) else []
    except InvalidOperation:
        return
    if not all(cut.is_finite() for cut in cuts):
        return
    path: Path = ("rules", "cut_points")
    if any(low >= high for low, high in pairwise(cuts)):
        yield path, "the cut points do not rise; give four numbers, each above the one before."
    if not all(1 < cut <= 5 for cut in cuts):
        yield path, "a cut point is outside the scale; each must be above 1 and at most 5."


def _unused(data: Any) -> Iterator[Fault]:
    placed = {name for _, name in placed_ids(data)}
    for path, question in _parts((), data, "questions"):
        name = question.get("id")
        if isinstance(name, str) and name not in placed:
            message = f"question {name} is in no element; place it in an area or remove it."
            yield (*path, "id"), message


def _unknown(data: Any, known: Collection[str]) -> Iterator[Fault]:
    suggestions = SHOWN  # comparing names is slow, and no more faults than these are written out
    for path, name in placed_ids(data):
        if name not in known:
            near = get_close_matches(name, known, n=1) if suggestions > 0 else []
            suggestions -= 1
            hint = f"; did you mean {near[0]}?" if near else "; add it to the bank or to this file."
            yield path, f"question {name} is not known{hint}"


def _repeated(ids: Iterable[tuple[Path, Any]]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for path, name in ids:
        if not isinstance(name, str):
            continue
        # Ids become parts of web addresses and file names, where case does not tell things apart.
        folded = name.casefold()
        if seen.get(folded) == name:
            yield path, f"{name} is used twice; ids are unique within a protocol."
        elif folded in seen:
            message = f"{name} differs from {seen[folded]} only in capitals; choose another id."
            yield path, message
        seen.setdefault(folded, name)


def _elements(data: Any) -> Iterator[Part]:
    for path, area in _parts((), data, "areas"):
        yield from _parts(path, area, "elements")


def _parts(path: Path, data: Any, key: str) -> Iterator[Part]:
    found = data.get(key) if isinstance(data, dict) else None
    for i, part in enumerate(found if isinstance(found, list) else ()):
        if isinstance(part, dict):
            yield (*path, key, i), part


def _texts(value: Any) -> list[str]:
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else []
