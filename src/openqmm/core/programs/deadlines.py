"""What is due of a round and of an application, and what is late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Deadline:
    """Something that is due on a day; `late` when the day has passed."""

    what: str
    on: date
    late: bool


class RoundDates(Protocol):
    """What of a round its deadlines depend on."""

    state: Any
    opens_on: Any
    closes_on: Any


_ANSWERS = {
    "needs_information": "Answer to the request for information",
    "selected": "Acceptance of the place",
}


def round_deadlines(round_: RoundDates, today: date) -> list[Deadline]:
    """Return what is due of a round in its state: to be opened, to be closed to applications."""
    if round_.state == "announced":
        return [_due("Opens to applications", round_.opens_on, today)]
    if round_.state == "open":
        return [_due("Last day for applications", round_.closes_on, today)]
    return []


def application_deadlines(state: str, answer_by: date | None, today: date) -> list[Deadline]:
    """Return what is due of an application in its state: the answer it owes, if one."""
    if answer_by is None or state not in _ANSWERS:
        return []
    return [_due(_ANSWERS[state], answer_by, today)]


def _due(what: str, on: date, today: date) -> Deadline:
    return Deadline(what, on, on < today)
