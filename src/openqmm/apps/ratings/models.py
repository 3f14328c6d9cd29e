"""Ratings: each a sealed bundle that anybody can recompute, and its life."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from openqmm.apps.assessments.models import Assessment
from openqmm.apps.audit.models import Versioned
from openqmm.core.workflow import in_words
from openqmm.core.workflow.states import RATING


class Rating(Versioned):
    """A facility's rating: `bundle` is the canonical text of what it was computed from and to,
    `digest` that text's SHA-256.

    `level` and `score_shown` repeat what the bundle says, for lists only.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assessment = models.OneToOneField(Assessment, on_delete=models.PROTECT, related_name="rating")
    state = models.CharField(
        max_length=20, choices=[(s, in_words(s)) for s in RATING.states], default=RATING.initial
    )
    bundle = models.TextField()
    digest = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField(null=True)
    score_shown = models.CharField(max_length=4, blank=True)
    proposed_at = models.DateTimeField()
    review_note = models.TextField(blank=True)
    decision_reason = models.TextField(blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-proposed_at",)

    def __str__(self) -> str:
        return f"Rating of {self.assessment.application.facility}"
