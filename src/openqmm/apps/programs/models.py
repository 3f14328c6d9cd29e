"""Rounds of a program, and the applications to them."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from openqmm.apps.accounts.models import User
from openqmm.apps.audit.models import Versioned
from openqmm.apps.facilities.models import Facility
from openqmm.apps.protocols.models import ProtocolVersion
from openqmm.core.programs import vocabulary
from openqmm.core.workflow import in_words
from openqmm.core.workflow.states import APPLICATION, ROUND


class ProgramConfiguration(Versioned):
    """A program of this installation's own, copied from another and changed: `source` is its file.

    Sealed by the first announcement of a round of it; what shall then change is copied anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    program_id = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    source = models.TextField()
    copied_from = models.CharField(max_length=60)
    sealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("program_id",)

    def __str__(self) -> str:
        return self.title


class Round(Versioned):
    """One opening of a program; `program_id` names its configuration, `cap` is copied from it.

    From its announcement on, `program_source` is the program as it was announced, and `seed_digest`
    the digest of the seed that its places will be drawn by; `seed` is empty until the draw is
    published. `draw` holds what the draw gave, by stratum, without naming anybody.
    """

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
    program_source = models.TextField(blank=True)
    program_digest = models.CharField(max_length=64, blank=True)
    seed_digest = models.CharField(max_length=64, blank=True)
    seed = models.CharField(max_length=64, blank=True)
    draw = models.JSONField(default=dict, blank=True)
    drawn_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opens_on", "name")

    def __str__(self) -> str:
        return self.name


class RoundSeed(models.Model):
    """The seed of a round's draw: the system's alone until the draw is published."""

    round = models.OneToOneField(
        Round, primary_key=True, on_delete=models.PROTECT, related_name="kept_seed"
    )
    seed = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"The seed of {self.round}"


class Application(Versioned):
    """A facility's request to take part in a round, and what became of it.

    `screening` holds the criteria as they stood when they were judged, with their records; `reason`
    the words of the last decision, `information` the facility's answer to a request, `answer_by_on`
    the day by which the facility must answer the request or the offer of a place. `confidential`
    names the parts the applicant marks as confidential commercial information. `draw_outcome`,
    `draw_rank` (from 1) and `draw_line` are its line of the draw, and `salt` that of the
    commitment published to it.
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
    contact_phone = models.CharField(max_length=40, blank=True)
    deputy_name = models.CharField(max_length=200, blank=True)
    deputy_email = models.EmailField(blank=True)
    activities = models.JSONField(default=list, blank=True)
    products = models.TextField(help_text="Products or ingredients made at the facility")
    size_band = models.CharField(
        max_length=10,
        choices=list(vocabulary.SIZE_BANDS.items()),
    )
    sector = models.CharField(max_length=20, blank=True, choices=list(vocabulary.SECTORS.items()))
    dosage_forms = models.JSONField(default=list, blank=True)
    last_inspected_on = models.DateField(null=True, blank=True)
    last_classification = models.CharField(max_length=10, blank=True)
    statement = models.TextField(help_text="Why the facility wants to take part")
    willing_visit = models.BooleanField(default=False)
    willing_observers = models.BooleanField(default=False)
    willing_data = models.BooleanField(default=False)
    confidential = models.JSONField(default=list, blank=True)
    clean_record = models.BooleanField(default=False)
    in_commerce = models.BooleanField(default=False)
    submitted_at = models.DateTimeField(null=True, blank=True)
    screening = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    information = models.TextField(blank=True)
    answer_by_on = models.DateField(null=True, blank=True)
    draw_outcome = models.CharField(max_length=20, blank=True)
    draw_rank = models.PositiveIntegerField(null=True, blank=True)
    draw_line = models.JSONField(default=dict, blank=True)
    salt = models.CharField(max_length=64, blank=True)

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


class CriterionDecision(models.Model):
    """What a person of the office found where the records left a criterion open, and why.

    `about` is what the records left open; a later screening that leaves another thing open is
    decided anew.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="criterion_decisions"
    )
    criterion = models.CharField(max_length=30)
    about = models.TextField()
    verdict = models.CharField(max_length=10, choices=[("met", "met"), ("not_met", "not met")])
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("decided_at",)

    def __str__(self) -> str:
        return f"{self.criterion} of {self.application}: {self.verdict}"


class Letter(models.Model):
    """A letter of the office to an applicant, as it was sent."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    recipients = models.JSONField(default=list)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ("sent_at",)

    def __str__(self) -> str:
        return f"{self.subject} ({self.application})"
