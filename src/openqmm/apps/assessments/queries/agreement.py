"""What marks say beside each other: what one still lacks, how far several are apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

NUMERIC = ("1", "2", "3", "4", "5")
EVIDENCE_NEEDED = 2
DISAGREEMENT_FROM = 2
"""Levels between the lowest and the highest blind mark from which the team must decide."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Questions that at least two assessors scored with a level, by how far apart they were."""

    compared: int
    same: int
    within_one: int
    further: int


def lacking(mark: str, rationale: str, evidence_types: Sequence[Any]) -> tuple[str, ...]:
    """Return what a score still lacks, in words; nothing when it is finished.

    A level needs a rationale and two kinds of evidence; a mark of not rated or not applicable says
    that there was none to have, and needs the rationale only.
    """
    missing = [] if mark else ["a mark"]
    if not rationale.strip():
        missing.append("a rationale")
    if mark not in ("NR", "NA") and len(set(evidence_types)) < EVIDENCE_NEEDED:
        missing.append("two kinds of evidence")
    return tuple(missing)


def spread_of(marks: Iterable[str]) -> int:
    """Return the levels between the lowest and the highest numeric mark; 0 for fewer than two."""
    levels = [int(mark) for mark in marks if mark in NUMERIC]
    return max(levels) - min(levels) if levels else 0


def disagrees(marks: Sequence[str]) -> bool:
    """Tell whether the team must decide: levels two or more apart, or somebody not rating, or
    finding not applicable, what others scored."""
    numeric = sum(mark in NUMERIC for mark in marks)
    return spread_of(marks) >= DISAGREEMENT_FROM or 0 < numeric < len(marks)


def agreement_of(questions: Iterable[Sequence[str]]) -> Agreement:
    """Count questions by the spread of their numeric marks, given the marks of each."""
    spreads = [
        spread_of(marks) for marks in questions if sum(mark in NUMERIC for mark in marks) > 1
    ]
    same, within_one = spreads.count(0), spreads.count(1)
    return Agreement(len(spreads), same, within_one, len(spreads) - same - within_one)
