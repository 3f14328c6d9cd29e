"""A letter on paper: archival, tagged, the same bytes for the same letter."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from openqmm.core.programs.letters import LETTER_KINDS, LetterFacts, letter_text
from openqmm.reports.letter_pdf import PrintedLetter, letter_pdf

DATED = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize("kind", LETTER_KINDS)
def test_every_letter_is_set_and_the_same_again(kind: str) -> None:
    text = letter_text(
        LetterFacts(
            kind=kind,  # type: ignore[arg-type]
            facility="Alder Unit 1",
            fei="3009999901",
            round="2027-A",
            program="Pilot",
            decision="The records say so.",
            reasons=("Current class is NAI or VAI: the latest inspection is OAI.",),
            rank=2,
            answer_by=date(2026, 6, 15),
        )
    )
    letter = PrintedLetter(
        office="Office of Invented Quality",
        addressee=("Quin Test", "Alder Synthesis", "Alder Unit 1"),
        dated="1 June 2026",
        subject=text.subject,
        paragraphs=text.paragraphs,
        points=text.points,
        reference="Application 17",
    )
    first = letter_pdf(letter, DATED)
    assert first.startswith(b"%PDF")
    assert b"/MarkInfo" in first
    assert first == letter_pdf(letter, DATED)
