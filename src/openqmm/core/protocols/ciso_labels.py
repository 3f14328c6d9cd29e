"""Labelled lines: how a library's free text carries what its format has no field for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

from openqmm.core.protocols.located import Path, value_at

Kind = Literal["one", "many", "words", "flag", "margin"]


@dataclass(frozen=True, slots=True)
class Label:
    """One label and where its value belongs in the authoring form.

    `one` stands at most once; `many` may be repeated, a line for each entry; `words` are divided by
    commas; a `flag` is yes or no; a `margin` is a number or off.
    """

    name: str
    path: Path
    kind: Kind = "one"


FRAMEWORK_LABELS = (
    Label("Protocol version", ("version",)),
    Label("Cut points", ("rules", "cut_points"), "words"),
    Label("Minimum coverage", ("rules", "coverage_min")),
    Label("Minimum assessors", ("rules", "min_assessors")),
    Label("Single assessor", ("rules", "single_assessor")),
    Label("Area gate", ("rules", "area_gate"), "margin"),
    Label("Overall gate", ("rules", "overall_gate"), "margin"),
)

AREA_LABELS = (Label("Area weight", ("weight",)),)

QUESTION_LABELS = (
    Label("Intent", ("intent",)),
    Label("Key question", ("key",), "flag"),
    Label("Question version", ("version",)),
    Label("Question weight", ("weight",)),
    *(Label(f"Criterion {n}", ("criteria", str(n)), "many") for n in range(2, 6)),
    Label("Interview", ("look_at", "interviews"), "many"),
    Label("Observation", ("look_at", "observations"), "many"),
    Label("Facility types", ("applies_to",), "words"),
    Label("Reference", ("references",), "many"),
    Label("Metric", ("metrics",), "many"),
)

EVIDENCE_LABELS = (
    Label("Evidence", ("evidence",), "words"),
    Label("Document", ("look_at", "documents"), "many"),
)


def labelled_lines(entry: Mapping[str, Any], labels: Iterable[Label]) -> str:
    """Return the values of `entry` as lines "Label: value"; what is absent has no line."""
    return "\n".join(
        f"{label.name}: {text}" for label in labels for text in _texts(entry, label) if text
    )


def _texts(entry: Mapping[str, Any], label: Label) -> Iterator[str]:
    value = value_at(entry, label.path)
    match label.kind:
        case "many":
            yield from value or ()
        case "words":
            yield ", ".join(value)
        case "flag":
            yield "yes" if value else "no"
        case "margin":
            yield "off" if value is None else str(value)
        case _:
            yield "" if value is None else str(value)


def read_line(line: str, labels: Iterable[Label]) -> tuple[Label, Any]:
    """Return the label of a line and the value behind it.

    Raises
    ------
    ValueError
        The line begins with no known label; the message suggests the nearest.
    """
    name, colon, text = line.partition(":")
    known = {label.name.casefold(): label for label in labels}
    label = known.get(" ".join(name.split()).casefold())
    if label is None or not colon:
        near = get_close_matches(name.strip().casefold(), known, n=1)
        names = ", ".join(label.name for label in known.values())
        hint = f"did you mean {known[near[0]].name!r}?" if near else f"known labels: {names}."
        raise ValueError(f"the line {line.strip()[:40]!r} begins with no known label; {hint}")
    return label, _value(label, text.strip())


def _value(label: Label, text: str) -> Any:
    match label.kind:
        case "words":
            return [word.strip() for word in text.split(",") if word.strip()]
        case "margin":
            return None if text.casefold() == "off" else text
        case "flag":
            return text.casefold()
        case _:
            return text
