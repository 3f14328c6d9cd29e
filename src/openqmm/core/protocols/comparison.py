"""What is different between two protocols, question by question and rule by rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from openqmm.core.protocols.model import Area, Protocol, document_of, number, question_document


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that differs; `field` is spoken with dots ("levels.3"), absent values are None."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Placed:
    """A question that only one of the two protocols asks, and the area it stands in."""

    question: str
    area: str
    text: str


@dataclass(frozen=True, slots=True)
class Move:
    """A question that both ask, in different areas."""

    question: str
    from_area: str
    to_area: str


@dataclass(frozen=True, slots=True)
class Changed:
    """An area or question, by id, with the values that differ (weight and key flag included)."""

    id: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs from protocol A to protocol B.

    `header` holds id, version, title, summary, language and scale. Elements of areas that both
    have are compared as a value of the area; a question whose area changed is in `moved`.
    """

    header: tuple[FieldChange, ...]
    rules: tuple[FieldChange, ...]
    areas_added: tuple[str, ...]
    areas_removed: tuple[str, ...]
    areas_changed: tuple[Changed, ...]
    added: tuple[Placed, ...]
    removed: tuple[Placed, ...]
    moved: tuple[Move, ...]
    changed: tuple[Changed, ...]
    reordered: bool

    @property
    def identical(self) -> bool:
        """True when nothing at all differs; then the digests are the same too."""
        return not any(asdict(self).values())


def compare(before: Protocol, after: Protocol) -> Comparison:
    """Return what was added, removed, changed or moved from one protocol to the other.

    Parameters
    ----------
    before, after : two versions of a protocol, or two protocols that share bank questions.
    """
    old, new = document_of(before), document_of(after)
    old_areas = {area.id: area for area in before.areas}
    new_areas = {area.id: area for area in after.areas}
    old_homes, new_homes = _homes(before), _homes(after)
    return Comparison(
        header=tuple(_changes(_header(old), _header(new))),
        rules=tuple(_changes(old["rules"], new["rules"])),
        areas_added=tuple(name for name in new_areas if name not in old_areas),
        areas_removed=tuple(name for name in old_areas if name not in new_areas),
        areas_changed=_changed(
            (name, _area_values(old_areas[name]), _area_values(new_areas[name]))
            for name in old_areas
            if name in new_areas
        ),
        added=_only_in(after, old_homes),
        removed=_only_in(before, new_homes),
        moved=tuple(
            Move(name, home, new_homes[name])
            for name, home in old_homes.items()
            if new_homes.get(name, home) != home
        ),
        changed=_changed(_shared_questions(before, after, old_homes, new_homes)),
        reordered=_order(before, new_homes) != _order(after, old_homes),
    )


def comparison_document(before: Protocol, after: Protocol, found: Comparison) -> dict[str, Any]:
    """Return a comparison as plain JSON data, with the two protocols it is about."""
    return {
        "from": {"id": before.id, "version": before.version, "digest": before.digest},
        "to": {"id": after.id, "version": after.version, "digest": after.digest},
        "identical": found.identical,
        **asdict(found),
    }


def _homes(protocol: Protocol) -> dict[str, str]:
    return {question.id: area.id for area in protocol.areas for question in area.questions}


def _only_in(protocol: Protocol, others: Mapping[str, str]) -> tuple[Placed, ...]:
    return tuple(
        Placed(question.id, area.id, question.text)
        for area in protocol.areas
        for question in area.questions
        if question.id not in others
    )


def _shared_questions(
    before: Protocol, after: Protocol, old_homes: Mapping[str, str], new_homes: Mapping[str, str]
) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for question in before.questions():
        if question.id in new_homes:
            old = question_document(question)
            new = question_document(after.question(question.id))
            if old_homes[question.id] != new_homes[question.id]:
                # Another area has other elements: that is the move, not a change of its own.
                new["element"] = old["element"]
            yield question.id, old, new


def _changed(pairs: Iterator[tuple[str, dict[str, Any], dict[str, Any]]]) -> tuple[Changed, ...]:
    found = ((name, tuple(_changes(old, new))) for name, old, new in pairs)
    return tuple(Changed(name, changes) for name, changes in found if changes)


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[FieldChange]:
    for key in dict.fromkeys([*old, *new]):
        before, after = old.get(key), new.get(key)
        if isinstance(before, dict) and isinstance(after, dict):
            for change in _changes(before, after):
                yield FieldChange(f"{key}.{change.field}", change.before, change.after)
        elif before != after:
            yield FieldChange(key, before, after)


def _header(document: dict[str, Any]) -> dict[str, Any]:
    left_out = {"format", "rules", "areas"}
    return {key: value for key, value in document.items() if key not in left_out}


def _area_values(area: Area) -> dict[str, Any]:
    return {
        "title": area.title,
        "summary": area.summary,
        "weight": number(area.weight),
        "elements": [{"id": element.id, "title": element.title} for element in area.elements],
    }


def _order(protocol: Protocol, others: Mapping[str, str]) -> list[tuple[str, list[str]]]:
    """Return the areas and, in each, the questions that the other protocol has there too."""
    places = set(others.values())
    return [
        (area.id, [q.id for q in area.questions if others.get(q.id) == area.id])
        for area in protocol.areas
        if area.id in places
    ]
