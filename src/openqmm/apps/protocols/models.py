"""Sealed protocol versions: a round points at one, and it never changes."""

from __future__ import annotations

from uuid import uuid4

from django.db import models


class ProtocolVersion(models.Model):
    """A protocol as it was sealed; `source` is its self-contained authoring form."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    protocol_id = models.CharField(max_length=60)
    version = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    source = models.TextField()
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ("protocol_id", "version")
        constraints = (
            models.UniqueConstraint(
                fields=["protocol_id", "version"], name="protocol_version_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.version}"
