"""Invented scores: seeded, with assessors who differ and facilities that have weak areas."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from openqmm.core.protocols import Protocol, Question
from openqmm.site.demo.sites import DemoSite


@dataclass(frozen=True, slots=True)
class DemoMark:
    """One assessor's mark for one question, with what is behind it."""

    question_id: str
    mark: str
    rationale: str
    evidence_types: tuple[str, ...]


def seeded(*words: str) -> random.Random:
    """Return a generator that gives the same numbers for the same words, on any machine."""
    digest = hashlib.sha256("/".join(words).encode()).digest()
    return random.Random(digest)  # noqa: S311  (a story, not a secret)


def marks(protocol: Protocol, site: DemoSite, assessor: int) -> list[DemoMark]:
    """Return the marks that one assessor (0, 1, 2) gives a facility, in protocol order."""
    severity = (0.15, -0.1, -0.25)[assessor]
    own = seeded(site.fei, "assessor", str(assessor))
    result = []
    for area in protocol.areas:
        level = _area_level(site, area.id)
        for question in area.questions:
            if site.facility_type not in question.applies_to:
                continue
            truth = level + seeded(site.fei, question.id).gauss(0, 0.45)
            seen = truth + severity + own.gauss(0, 0.35)
            result.append(_mark(question, seen, own))
    return result


def _area_level(site: DemoSite, area_id: str) -> float:
    lag = 1.3 if area_id == site.weak_area else 0.0
    return site.strength - lag + seeded(site.fei, area_id).gauss(0, 0.35)


def _mark(question: Question, seen: float, own: random.Random) -> DemoMark:
    if not question.key and own.random() < 0.015:
        return DemoMark(
            question.id,
            "NR",
            "The people who could have shown this were not there during the visit.",
            ("interview",),
        )
    level = min(5, max(1, round(seen)))
    document = own.choice(question.look_at.documents)
    observed = own.choice(question.look_at.observations)
    rationale = (
        f"Read: {document}. Watched: {observed}. What people told us agrees with "
        f"level {level} and does not reach the next."
        if level < 5
        else f"Read: {document}. Watched: {observed}. Shown with examples of the last year."
    )
    return DemoMark(question.id, str(level), rationale, question.evidence[:3])


def consensus_mark(given: list[str]) -> str:
    """Return the mark a team settles on: the middle of its numeric marks, NR without any."""
    numeric = sorted(int(mark) for mark in given if mark.isdigit())
    return str(numeric[len(numeric) // 2]) if numeric else "NR"
