"""Assessments: the team, its blind scores, its consensus and what the report says."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from openqmm.apps.accounts.models import Organisation, User
from openqmm.apps.audit.models import Versioned
from openqmm.apps.programs.models import Application
from openqmm.core.workflow import Role, in_words
from openqmm.core.workflow.states import ASSESSMENT

MARKS = [(mark, mark) for mark in ("1", "2", "3", "4", "5", "NR", "NA")]


class Assessment(Versioned):
    """The assessment of one accepted facility by a contractor's team under the round's protocol.

    `suspended_from` is the state it goes back to when it is resumed.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    application = models.OneToOneField(
        Application, on_delete=models.PROTECT, related_name="assessment"
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="assessments"
    )
    state = models.CharField(
        max_length=20,
        choices=[(s, in_words(s)) for s in ASSESSMENT.states],
        default=ASSESSMENT.initial,
    )
    suspended_from = models.CharField(max_length=20, blank=True)
    visit_from = models.DateField(null=True, blank=True)
    visit_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("application__facility__name",)

    def __str__(self) -> str:
        return f"Assessment of {self.application.facility}"


class TeamMember(models.Model):
    """A person on an assessment: lead, assessor or accompanying observer, from a day until a day.

    Outside these days the assessment does not exist for them. No first day: since they were
    appointed, before this was recorded.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="team")
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="teams")
    role = models.CharField(
        max_length=20,
        choices=[(r.value, r.title) for r in (Role.LEAD_ASSESSOR, Role.ASSESSOR, Role.OBSERVER)],
    )
    from_on = models.DateField(null=True)
    until_on = models.DateField(null=True, blank=True)
    no_conflict_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("person__full_name",)
        constraints = (
            models.UniqueConstraint(fields=["assessment", "person"], name="team_member_once"),
            models.UniqueConstraint(
                fields=["assessment"],
                condition=models.Q(role=Role.LEAD_ASSESSOR.value),
                name="one_lead_an_assessment",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person} on {self.assessment}"


class Score(Versioned):
    """One assessor's mark for one question, kept as far as it has come.

    `version` counts its changes, so that none is lost; `complete` says that nothing its mark calls
    for is missing (a blank mark is a score begun, never a level).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="scores")
    assessor = models.ForeignKey(User, on_delete=models.PROTECT, related_name="scores")
    question_id = models.CharField(max_length=60)
    mark = models.CharField(max_length=2, choices=MARKS, blank=True)
    rationale = models.TextField(blank=True)
    evidence_types = models.JSONField(default=list, blank=True)
    complete = models.BooleanField(default=False)
    scored_at = models.DateTimeField()

    class Meta:
        ordering = ("question_id",)
        constraints = (
            models.UniqueConstraint(
                fields=["assessment", "assessor", "question_id"], name="score_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.question_id}: {self.mark or 'no mark yet'}"


class Consensus(Versioned):
    """The team's mark for one question, with the reason for it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="consensus")
    question_id = models.CharField(max_length=60)
    mark = models.CharField(max_length=2, choices=MARKS)
    reason = models.TextField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ("question_id",)
        verbose_name_plural = "consensus"
        constraints = (
            models.UniqueConstraint(fields=["assessment", "question_id"], name="consensus_once"),
        )

    def __str__(self) -> str:
        return f"{self.question_id}: {self.mark}"


class Remark(Versioned):
    """A strength or an opportunity that the report names, in one area."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="remarks")
    kind = models.CharField(
        max_length=20, choices=[("strength", "Strength"), ("opportunity", "Opportunity")]
    )
    area_id = models.CharField(max_length=60)
    text = models.TextField()

    class Meta:
        ordering = ("kind", "area_id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} in {self.area_id}"
