"""Facilities, and the public regulatory records known about any of them."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from openqmm.apps.accounts.models import Organisation
from openqmm.apps.audit.models import Versioned


class Facility(Versioned):
    """A site that may be rated. `fei` and `duns` are text: they are names, not numbers.

    An FEI is unique within an organisation only: refusing one that a rival has entered would tell
    that the rival is here. Two applications for one FEI meet in screening.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="facilities"
    )
    name = models.CharField(max_length=200)
    fei = models.CharField("FEI", max_length=10)
    duns = models.CharField("DUNS", max_length=9)
    address = models.CharField(max_length=300)
    country = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3")
    facility_type = models.CharField(
        max_length=20,
        choices=[
            ("API", "Active pharmaceutical ingredient"),
            ("API_INTERMEDIATE", "API intermediate"),
            ("FDF", "Finished dosage form"),
        ],
    )

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "facilities"
        constraints = (
            models.UniqueConstraint(fields=["organisation", "fei"], name="facility_fei_once"),
        )

    def __str__(self) -> str:
        return self.name


class RecordSource(models.Model):
    """One public file as it was loaded: which days it speaks for, and what was read of it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(
        max_length=20,
        choices=[("establishments", "Registrations"), ("inspections", "Inspections")],
    )
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    replaced = models.PositiveIntegerField()
    covers_from = models.DateField(null=True)
    covers_until = models.DateField(null=True)
    gaps = models.JSONField(default=list)

    class Meta:
        ordering = ("-loaded_at",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.file_name}"


class Establishment(models.Model):
    """A row of the public establishment registration file; no country where it names none."""

    fei = models.CharField(max_length=10, db_index=True)
    duns = models.CharField(max_length=9, blank=True)
    name = models.CharField(max_length=300)
    address = models.CharField(max_length=500)
    country = models.CharField(max_length=3, blank=True)
    operations = models.JSONField(default=list)
    expires_on = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["fei", "duns", "name"], name="establishment_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.fei})"


class Inspection(models.Model):
    """A row of the public inspections file: one inspection in one project area.

    Files may contradict each other about an inspection; every version is kept, and the least
    favourable stands. An empty class is one that could not be read.
    """

    fei = models.CharField(max_length=10, db_index=True)
    inspection_id = models.CharField(max_length=20)
    ended_on = models.DateField()
    classification = models.CharField(max_length=3, blank=True)
    project_area = models.CharField(max_length=100)
    legal_name = models.CharField(max_length=300)

    class Meta:
        ordering = ("-ended_on",)
        constraints = (
            models.UniqueConstraint(
                fields=["fei", "inspection_id", "project_area", "ended_on", "classification"],
                name="inspection_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.fei} {self.ended_on} {self.classification}"
