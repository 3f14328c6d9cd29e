"""Writes scores_small.csv: synthetic scores of four invented facilities, always the same.

python tests/data/make_scores_small.py

SYN-API-1 has three assessors' marks and nothing else. SYN-API-2 is strong, but one key question
and one area are weak, so that an area gate and the overall gate hold it back. SYN-FDF-1 has
consensus rows wherever its assessors were two levels apart, and some NR and NA. SYN-FDF-2 is not
rated: nobody could rate one key question.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterator
from pathlib import Path

from openqmm.core.protocols import Protocol, Question, shipped_protocol

FILE = Path(__file__).with_name("scores_small.csv")
HEADER = [
    "facility_id",
    "assessor_id",
    "question_id",
    "score",
    "role",
    "facility_type",
    "rationale",
]
TEAM = ("SYN-A1", "SYN-A2", "SYN-A3")
LEVEL = {"SYN-API-1": 3.2, "SYN-API-2": 4.6, "SYN-FDF-1": 2.8, "SYN-FDF-2": 3.6}
WEAK_AREA = "INV"
NOT_APPLICABLE_EVERY = 29
NOT_RATED_EVERY = 31


def content() -> str:
    """Return the file's text."""
    protocol = shipped_protocol("pilot-eleven-areas")
    chance = random.Random("scores_small")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for facility in LEVEL:
        for number, question in enumerate(protocol.questions()):
            marks = _marks(facility, number, question, protocol, chance)
            kind = facility.split("-")[1]
            for assessor, mark in zip(TEAM, marks, strict=True):
                rationale = "Synthetic." if mark in {"NR", "NA"} else ""
                writer.writerow([facility, assessor, question.id, mark, "", kind, rationale])
            for mark in _consensus(facility, marks):
                row = [facility, TEAM[0], question.id, mark, "consensus", kind, "Synthetic."]
                writer.writerow(row)
    return text.getvalue()


def _marks(
    facility: str, number: int, question: Question, protocol: Protocol, chance: random.Random
) -> list[str]:
    first_key = next(q for q in protocol.questions() if q.key)
    level = LEVEL[facility]
    if facility == "SYN-API-2" and question is first_key:
        return ["2", "2", "3"]
    if facility == "SYN-API-2" and protocol.area_of(question.id).id == WEAK_AREA:
        level = 2.0
    if facility == "SYN-FDF-2" and question is first_key:
        return ["NR", "NR", "NR"]
    if facility == "SYN-FDF-1" and not question.key and number % NOT_APPLICABLE_EVERY == 0:
        return ["NA", "NA", "NR"]
    if facility == "SYN-FDF-1" and not question.key and number % NOT_RATED_EVERY == 0:
        return ["NR", "NR", "NR"]
    return [str(min(5, max(1, round(chance.gauss(level, 0.7))))) for _ in TEAM]


def _consensus(facility: str, marks: list[str]) -> Iterator[str]:
    numbers = sorted(int(mark) for mark in marks if mark.isdigit())
    if facility == "SYN-FDF-1" and numbers and numbers[-1] - numbers[0] >= 2:
        yield str(numbers[1])


if __name__ == "__main__":
    FILE.write_text(content(), encoding="utf-8", newline="")
