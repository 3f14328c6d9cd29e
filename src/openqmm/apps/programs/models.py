"""Rounds of a program, and the applications to them."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from openqmm.apps.audit.models import Versioned
from openqmm.apps.facilities.models import Facility
from openqmm.apps.protocols.models import ProtocolVersion
from openqmm.core.workflow import in_words
from openqmm.core.workflow.states import APPLICATION, ROUND


class Round(Versioned):
    """One opening of a program; `program_id` names its configuration, `cap` is copied from it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    program_id = models.CharField(max_length=60)
    name = models.CharField(max_length=120, unique=True)
    state = models.CharField(
        max_length=20, choices=[(s, in_words(s)) for s in ROUND.states], default=ROUND.initial
    )
    protocol = models.ForeignKey(ProtocolVersion, on_delete=models.PROTECT, related_name="rounds")
    cap = models.PositiveIntegerField()
    opens_on = models.DateField()
    closes_on = models.DateField()
    announced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opens_on", "name")

    def __str__(self) -> str:
        return self.name


class Application(Versioned):
    """A facility's request to take part in a round, and what became of it.

    `screening` holds the criteria as they stood when they were judged, with their records; `reason`
    the words of the last decision, `information` the facility's answer to a request, `answer_by_on`
    the day by which the facility must answer the request or the offer of a place.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="applications")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="applications")
    state = models.CharField(
        max_length=20,
        choices=[(s, in_words(s)) for s in APPLICATION.states],
        default=APPLICATION.initial,
    )
    contact_name = models.CharField(max_length=200)
    contact_email = models.EmailField()
    products = models.TextField(help_text="Products or ingredients made at the facility")
    size_band = models.CharField(
        max_length=10,
        choices=[("small", "Up to 100 people"), ("medium", "101-500"), ("large", "Over 500")],
    )
    statement = models.TextField(help_text="Why the facility wants to take part")
    clean_record = models.BooleanField(default=False)
    in_commerce = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    screening = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    information = models.TextField(blank=True)
    answer_by_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("submitted_at", "facility__name")
        constraints = (
            models.UniqueConstraint(
                fields=["round", "facility"],
                condition=~models.Q(state="withdrawn"),
                name="application_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.facility} for {self.round}"
