"""The trail's rows. They hold no foreign keys into the records they tell of, so that they never
interfere with them and outlive them."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from openqmm.core.workflow import Role


class AuditEvent(models.Model):
    """One act: who did what, to which record, when by the server's clock, and why."""

    at = models.DateTimeField(db_index=True)
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=40, choices=[(r.value, r.title) for r in Role])
    actor_organisation_id = models.UUIDField(null=True, db_index=True)
    organisation_id = models.UUIDField(null=True, db_index=True)
    what = models.CharField(max_length=60, db_index=True)
    sentence = models.TextField()
    why = models.TextField(blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60, db_index=True)

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["subject_type", "subject_id"], name="audit_subject"),)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.sentence}"


class AuditChange(models.Model):
    """One record that an event made, changed or removed: its fields before and after."""

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="changes")
    record_type = models.CharField(max_length=60)
    record_id = models.CharField(max_length=60)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"


class Signature(models.Model):
    """A person's signature under the exact content of a record, known by its digest."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    signer_id = models.UUIDField()
    signer_name = models.CharField(max_length=200)
    signer_role = models.CharField(max_length=40, choices=[(r.value, r.title) for r in Role])
    organisation_name = models.CharField(max_length=200)
    meaning = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    record_type = models.CharField(max_length=60)
    record_id = models.CharField(max_length=60, db_index=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ("signed_at",)

    def __str__(self) -> str:
        return f"{self.signer_name}, {self.signed_at:%Y-%m-%d %H:%M} UTC: {self.meaning}"
