"""A letter of the program office on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from openqmm.reports.typesetting import typeset


@dataclass(frozen=True, slots=True)
class PrintedLetter:
    """A letter in words: who writes to whom, when, about what; `points` follow the first
    paragraph as a list; `reference` is where the record of it is found."""

    office: str
    addressee: Sequence[str]
    dated: str
    subject: str
    paragraphs: Sequence[str]
    points: Sequence[str]
    reference: str


def letter_pdf(letter: PrintedLetter, dated: datetime) -> bytes:
    """Return the letter as PDF/A-2a, PDF/UA-1; the same input gives the same bytes."""
    return typeset("letter", asdict(letter) | {"undrawn": False}, dated.replace(microsecond=0))
