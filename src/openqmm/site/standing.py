"""Where things stand for a person: their records that still move, with their state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.urls import reverse

from openqmm.apps.assessments import queries as assessments
from openqmm.apps.programs import queries as programs
from openqmm.apps.ratings import queries as ratings
from openqmm.core.workflow import Actor, Role, in_words

_SHOWN = 12
_TONES = {
    "draft": "warn",
    "open": "info",
    "needs_information": "warn",
    "closed": "neutral",
    "rated": "done",
    "accepted": "done",
    "suspended": "stop",
    "cancelled": "stop",
}

BEGINNING: dict[Role, tuple[str, ...]] = {
    Role.PROGRAM_ADMINISTRATOR: (
        "Add a round of a program and announce it.",
        "Screen the applications when it closes, and select up to its cap.",
        "Appoint a contractor's team for each facility that takes its place.",
    ),
    Role.RATING_BOARD_MEMBER: (
        "Wait for a rating to be proposed; it appears above.",
        "Read its page: level, areas, gates and the team's remarks.",
        "Record the review, then sign and issue.",
    ),
    Role.FACILITY_QUALITY_LEAD: (
        "Add your facility with its FEI.",
        "Check on the front page whether it may apply; nothing is kept.",
        "Write the application; your authorised signatory signs it.",
    ),
    Role.AUTHORISED_SIGNATORY: (
        "Sign the application your quality lead has written.",
        "Sign the acceptance when a place is offered.",
        "Decide who may see the rating; without your signature nobody does.",
    ),
    Role.PURCHASER_ANALYST: (
        "Open the directory of rated facilities.",
        "Read a facility's page: level, areas, dates, and what a rating is not.",
        "Ratings shared with your organisation alone are marked there.",
    ),
    Role.CONSULTANT: (
        "Read the method and the question bank.",
        "A manufacturer invites you to work with it.",
        "You do not assess a client for 36 months.",
    ),
    Role.RECORDS_AUDITOR: (
        "Open the audit trail of your organisation.",
        "Filter it by event or by words; each entry shows what changed.",
        "Export what you reviewed; the export is on the trail too.",
    ),
}
_ON_A_TEAM = (
    "The program office appoints you to an assessment; it appears above.",
    "Declare that you have no conflict of interest before you see anything of it.",
    "Follow the assessment from its page.",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """One record and its state, in words."""

    title: str
    url: str
    state: str
    tone: str


def standing(by: Actor) -> list[Standing]:
    """Return the actor's moving records, by kind; what each may know of is the queries' say."""
    return list(islice(_records(by), _SHOWN))


def beginning(by: Actor) -> tuple[str, ...]:
    """Return the three steps to begin with, for a first visit."""
    return BEGINNING.get(by.role, _ON_A_TEAM)


def _records(by: Actor) -> Iterator[Standing]:
    for round_ in programs.rounds(by):
        yield _standing(str(round_), "programs:round", round_)
    if by.role is not Role.PROGRAM_ADMINISTRATOR:
        for application in programs.applications(by):
            yield _standing(f"Application: {application}", "programs:application", application)
    for assessment in assessments.assessments(by):
        if assessment.state not in {"rated", "cancelled"}:
            yield _standing(str(assessment), "assessments:detail", assessment)
    if by.role in {Role.RATING_BOARD_MEMBER, Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY}:
        for row in ratings.ratings(by):
            url = reverse("ratings:rating", args=[row.id])
            yield Standing(f"Rating of {row.facility}", url, in_words(row.state), row.tone)


def _standing(title: str, route: str, record: Any) -> Standing:
    tone = _TONES.get(record.state, "progress")
    return Standing(title, reverse(route, args=[record.pk]), in_words(record.state), tone)
