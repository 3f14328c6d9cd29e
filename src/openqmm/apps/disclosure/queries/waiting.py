"""What waits for a signatory about disclosure."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from openqmm.apps.ratings import queries as ratings
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock
from openqmm.web.next_steps import NextStep

DECIDE_WITHIN_DAYS = 60
"""How long a new rating without a consent stays on the signatory's list: not sharing is a decision
too, and nobody is reminded of it for ever."""


def next_steps(by: Actor) -> list[NextStep]:
    """Return what the actor must do next here: decide whether to share a new rating."""
    if by.role is not Role.AUTHORISED_SIGNATORY:
        return []
    since = clock.now() - timedelta(days=DECIDE_WITHIN_DAYS)
    undecided = (
        ratings.visible(by)
        .defer("bundle")
        .filter(state="valid", issued_at__gte=since, disclosures__isnull=True)
    )
    return [
        NextStep(
            "Decide whether to share your rating",
            reverse("disclosure:consents", args=[rating.pk]),
            rating.assessment.application.facility.name,
        )
        for rating in undecided
    ]
