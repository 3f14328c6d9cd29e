"""What waits for a person about ratings."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from openqmm.apps.ratings.models import Rating
from openqmm.apps.ratings.queries.rows import ready_to_propose, visible
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock
from openqmm.web.next_steps import NextStep

READ_WITHIN_DAYS = 30
"""How long a newly issued rating stays among what its quality lead has to read."""


def next_steps(by: Actor) -> list[NextStep]:
    """Return what the actor must do next here: propose, review, issue, or read."""
    match by.role:
        case Role.PROGRAM_ADMINISTRATOR:
            url = reverse("ratings:ratings")
            return [
                NextStep("Propose the rating", url, f"{row.facility}, {row.round}")
                for row in ready_to_propose(by)
            ]
        case Role.RATING_BOARD_MEMBER:
            return _for_the_board(by)
        case Role.FACILITY_QUALITY_LEAD:
            return _to_read(by)
    return []


def _for_the_board(by: Actor) -> list[NextStep]:
    labels = {"proposed": "Review the proposed rating", "reviewed": "Decide and issue the rating"}
    waiting = (
        visible(by)
        .defer("bundle")
        .filter(state__in=labels)
        .exclude(assessment__team__person_id=by.person_id)
    )
    return [NextStep(labels[rating.state], _url(rating), _about(rating)) for rating in waiting]


def _to_read(by: Actor) -> list[NextStep]:
    since = clock.now() - timedelta(days=READ_WITHIN_DAYS)
    return [
        NextStep("Read your rating", _url(rating), _about(rating))
        for rating in visible(by).defer("bundle").filter(state="valid", issued_at__gte=since)
    ]


def _url(rating: Rating) -> str:
    return reverse("ratings:rating", args=[rating.pk])


def _about(rating: Rating) -> str:
    application = rating.assessment.application
    return f"{application.facility.name}, {application.round.name}"
