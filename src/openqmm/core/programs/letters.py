"""The office's letters to applicants: which one a state calls for, and what it says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

LetterKind = Literal["selected", "reserve", "not_selected", "ineligible", "needs_information"]

LETTER_KINDS: tuple[LetterKind, ...] = (
    "selected",
    "reserve",
    "not_selected",
    "ineligible",
    "needs_information",
)

TITLES: dict[LetterKind, str] = {
    "selected": "Offer of a place",
    "reserve": "Place on the reserve list",
    "not_selected": "Not selected",
    "ineligible": "Not eligible",
    "needs_information": "Request for information",
}


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter is about.

    `reasons` are the criteria not met, each as a sentence; `decision` the words of the decision;
    `rank` the place on the reserve list; `answer_by` the last day to answer.
    """

    kind: LetterKind
    facility: str
    fei: str
    round: str
    program: str
    decision: str
    reasons: Sequence[str] = ()
    rank: int | None = None
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter in words: its subject and its paragraphs; `points` are listed after the first."""

    subject: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """The letter as plain text, for e-mail."""
        first, *rest = self.paragraphs
        listed = "\n".join(f"- {point}" for point in self.points)
        return "\n\n".join(part for part in (first, listed, *rest) if part)


def letter_kind(state: str) -> LetterKind | None:
    """Return the letter that the state of an application calls for, or None."""
    return next((kind for kind in LETTER_KINDS if kind == state), None)


def letter_text(facts: LetterFacts) -> LetterText:
    """Return the words of a letter.

    A letter says what was decided, why, what comes next and what the applicant may do; it names
    nobody else, nor how many applied.
    """
    subject = f"{TITLES[facts.kind]}: {facts.facility}, {facts.round}"
    paragraphs, points = _WORDS[facts.kind](facts)
    close = (
        "Taking part is voluntary. The application stays confidential, and it may be withdrawn at "
        "any time on its page in the portal."
    )
    return LetterText(subject, (*paragraphs, close), points)


def _opening(facts: LetterFacts) -> str:
    return (
        f"Thank you for the application of {facts.facility} (FEI {facts.fei}) to the round "
        f"{facts.round} of the program “{facts.program}”."
    )


def _selected(facts: LetterFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    until = f" by {_day(facts.answer_by)}" if facts.answer_by else ""
    return (
        f"{_opening(facts)} The facility is offered a place.",
        f"Your authorised signatory accepts or declines it{until} on the application’s page. A "
        "place that is declined, or not answered, goes to the reserve list.",
        "Once you accept, the assessment is planned with you; the orientation comes at least six "
        "weeks before the visit.",
    ), ()


def _reserve(facts: LetterFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    place = f" at place {facts.rank}" if facts.rank else ""
    return (
        f"{_opening(facts)} The facility is eligible and stands on the reserve list{place}.",
        "The places were drawn by the rule and the seed announced before applications closed. When "
        "a place is declined, the first on the list who fits the rule’s limits moves up, and you "
        "are told at once. You need not do anything.",
    ), ()


def _not_selected(facts: LetterFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        f"{_opening(facts)} The facility is eligible, and was not selected.",
        f"The decision: {facts.decision}",
        "The application’s page holds your own line of the draw with the salt of its published "
        "commitment, so that you can check it yourself. This says nothing about the quality of the "
        "facility; you may apply to a later round.",
    ), ()


def _ineligible(facts: LetterFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    what = "these criteria are" if len(facts.reasons) > 1 else "this criterion is"
    listed = f" On the day of screening {what} not met:" if facts.reasons else ""
    return (
        f"{_opening(facts)} The facility does not meet the round’s criteria.{listed}",
        f"The decision: {facts.decision}",
        "If a public record named here is wrong, have it corrected at its source and tell the "
        "office. You may apply to a later round.",
    ), tuple(facts.reasons)


def _needs_information(facts: LetterFacts) -> tuple[tuple[str, ...], tuple[str, ...]]:
    until = f" by {_day(facts.answer_by)}" if facts.answer_by else ""
    return (
        f"{_opening(facts)} The screening needs your answer to this: {facts.decision}",
        f"Please answer{until} on the application’s page.",
    ), ()


_WORDS = {
    "selected": _selected,
    "reserve": _reserve,
    "not_selected": _not_selected,
    "ineligible": _ineligible,
    "needs_information": _needs_information,
}


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
