"""Protocols, comparisons and crosswalks as text for a terminal."""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from openqmm.cli.protocol_files import size_of

if TYPE_CHECKING:
    from openqmm.core.protocols import Area, Protocol, Rules
    from openqmm.core.protocols.comparison import Changed, Comparison
    from openqmm.core.protocols.crosswalk import Crosswalk

_WIDEST = 100
_LONGEST_VALUE = 60


def wrapped(text: str, indent: str = "", hang: str | None = None) -> str:
    """Return `text` folded to the terminal, at most 100 characters wide."""
    width = min(shutil.get_terminal_size((_WIDEST, 24)).columns, _WIDEST)
    rest = indent if hang is None else hang
    return textwrap.fill(
        text,
        max(width, 40),
        initial_indent=indent,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def protocol_text(protocol: Protocol) -> str:
    """Return a protocol's summary: rules, scale, areas and the questions asked in each."""
    return "\n".join(_protocol_lines(protocol))


def _protocol_lines(protocol: Protocol) -> Iterator[str]:
    yield protocol.title
    yield f"{protocol.id} {protocol.version}, digest {protocol.digest}"
    yield from ("", wrapped(protocol.summary), "", "Scale")
    for step in protocol.scale:
        yield wrapped(f"{step.level}  {step.name}: {step.description}", "  ", "     ")
    yield from ("", "Rules")
    yield from (wrapped(line, "  ", "    ") for line in _rule_lines(protocol.rules))
    for area in protocol.areas:
        yield ""
        yield from _area_lines(area)
    yield from ("", "* key question: it can hold its area back.")


def _rule_lines(rules: Rules) -> Iterator[str]:
    from openqmm.core.protocols.model import exact

    cuts = ", ".join(exact(cut) for cut in rules.cut_points)
    yield f"Levels 2 to 5 begin at the scores {cuts}."
    yield f"At least {rules.coverage_min:%} of the applicable weight must be scored."
    told = "flagged" if rules.single_assessor == "flag" else "not rated"
    yield f"{rules.min_assessors} assessors score each question; with fewer it is {told}."
    for gate, margin, below in (
        ("An area", rules.area_gate, "its lowest key question"),
        ("The overall level", rules.overall_gate, "the lowest area"),
    ):
        free = f"{gate} is not held back by {below}."
        yield free if margin is None else f"{gate} is at most {margin} above {below}."


def _area_lines(area: Area) -> Iterator[str]:
    from openqmm.core.protocols.arrangement import elements_of

    weight = "" if area.weight == 1 else f", weight {area.weight}"
    yield f"{area.id}  {area.title} ({len(area.questions)} questions{weight})"
    for element, questions in elements_of(area):
        yield f"  {element.title}"
        for question in questions:
            mark = "*" if question.key else " "
            weight = "" if question.weight == 1 else f" (weight {question.weight})"
            yield wrapped(f"{mark} {question.id}  {question.text}{weight}", "  ", " " * 6)


def list_text(protocols: Iterable[Protocol]) -> str:
    """Return one paragraph per protocol: id, version, size, digest and title."""
    return "\n".join(
        f"{protocol.id}  {protocol.version}  {size_of(protocol)}  {protocol.digest[:12]}\n"
        f"    {protocol.title}"
        for protocol in protocols
    )


def comparison_text(before: Protocol, after: Protocol, found: Comparison) -> str:
    """Return what differs between two protocols, in the order a reviewer asks for it."""
    head = f"From {before.id} {before.version} to {after.id} {after.version}"
    if found.identical:
        return f"{head}: identical, digest {before.digest}"
    lines = [head, *_outline_lines(found), *_question_lines(found)]
    if found.reordered:
        lines.append("The order of areas or questions differs.")
    return "\n".join(lines)


def _outline_lines(found: Comparison) -> Iterator[str]:
    for change in found.header:
        yield wrapped(f"{change.field}: {_value(change.before)} -> {_value(change.after)}", "  ")
    for change in found.rules:
        said = f"rule {change.field}: {_value(change.before)} -> {_value(change.after)}"
        yield wrapped(said, "  ")
    if found.areas_removed:
        yield wrapped(f"Areas removed: {', '.join(found.areas_removed)}", hang="  ")
    if found.areas_added:
        yield wrapped(f"Areas added: {', '.join(found.areas_added)}", hang="  ")
    yield from _changed_lines("Areas changed", found.areas_changed)


def _question_lines(found: Comparison) -> Iterator[str]:
    for title, placed in (("removed", found.removed), ("added", found.added)):
        if placed:
            yield f"Questions {title}: {len(placed)}"
        for one in placed:
            yield wrapped(f"{one.question} ({one.area})  {one.text}", "  ", "      ")
    if found.moved:
        yield f"Questions moved: {len(found.moved)}"
    for move in found.moved:
        yield f"  {move.question}  {move.from_area} -> {move.to_area}"
    yield from _changed_lines("Questions changed", found.changed)


def _changed_lines(title: str, changed: tuple[Changed, ...]) -> Iterator[str]:
    if changed:
        yield f"{title}: {len(changed)}"
    for one in changed:
        for change in one.changes:
            said = f"{one.id}  {change.field}: {_value(change.before)} -> {_value(change.after)}"
            yield wrapped(said, "  ", "      ")


def _value(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 3]}..."


def crosswalk_text(crosswalk: Crosswalk) -> str:
    """Return a crosswalk: where areas and questions go, what is lost and what is new."""
    return "\n".join(_crosswalk_lines(crosswalk))


def _crosswalk_lines(crosswalk: Crosswalk) -> Iterator[str]:
    source, target = crosswalk.source, crosswalk.target
    yield crosswalk.title
    yield f"From {source.id} {source.version} to {target.id} {target.version}"
    yield from ("", wrapped(crosswalk.summary), "", "Areas")
    for path in crosswalk.areas:
        yield wrapped(f"{path.area} -> {', '.join(path.targets) or 'nowhere'}", "  ", "    ")
        for area in path.targets:
            names = [
                shared.question if shared.same_wording else f"{shared.question} (reworded)"
                for shared in crosswalk.shared
                if (shared.from_area, shared.to_area) == (path.area, area)
            ]
            yield wrapped(f"{area}: {', '.join(names) or 'no shared question'}", "    ", "      ")
        if path.note:
            yield wrapped(path.note, "    ")
    for title, stated in (
        (f"Not carried over: {len(crosswalk.not_carried)}", crosswalk.not_carried),
        (f"New: {len(crosswalk.new)}", crosswalk.new),
    ):
        yield from ("", title)
        for name, reason in stated.items():
            yield wrapped(f"{name}  {reason}", "  ", "      ")
    yield from ("", "What is lost altogether")
    yield from (wrapped(f"- {loss}", "  ", "    ") for loss in crosswalk.losses)
