"""What is known of each file of evidence. The bytes themselves are in the store, by digest."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from openqmm.apps.accounts.models import Organisation, User
from openqmm.apps.facilities.models import Facility
from openqmm.core.workflow import Role

KEEPERS = frozenset({Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY})
"""Who keeps a manufacturer's evidence, and reads all of it."""

INTERNAL = "internal"
MARKS = [
    ("confidential", "Confidential"),
    (INTERNAL, "Internal"),
    ("public", "Public"),
]


class EvidenceFile(models.Model):
    """One version of one file. Nothing in it changes but that it is withdrawn, once.

    All versions of a file share `series`, the id of the first. `derived_from` marks a file that was
    made from another; only one without it is an original.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="evidence")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(help_text="bytes")
    sha256 = models.CharField(max_length=64, db_index=True)
    pages = models.PositiveIntegerField(null=True)
    confidentiality = models.CharField(max_length=20, choices=MARKS)
    period_from = models.DateField(null=True)
    period_until = models.DateField(null=True)
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    scanned_at = models.DateTimeField(null=True, help_text="null: no virus scanner was set up")
    series = models.UUIDField(db_index=True)
    version = models.PositiveIntegerField(default=1)
    replaces = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="replaced_by"
    )
    derived_from = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="renditions"
    )
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)

    class Meta:
        ordering = ("name", "version")
        constraints = (
            models.UniqueConstraint(fields=["series", "version"], name="evidence_version_once"),
            models.CheckConstraint(
                condition=models.Q(period_until__gte=models.F("period_from"))
                | models.Q(period_from=None)
                | models.Q(period_until=None),
                name="evidence_period_in_order",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name}, version {self.version}"
