"""Facilities, and the public regulatory records known about any of them."""

from __future__ import annotations

from typing import ClassVar
from uuid import uuid4

from django.conf import settings
from django.db import models

from openqmm.apps.accounts.models import Organisation
from openqmm.apps.audit.models import Versioned
from openqmm.core.registry.kinds import KINDS


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
    """One public file as it was loaded: which days it speaks for, and what was read of it.

    `covers_from`, `covers_until` and `gaps` are of everything loaded of the kind until then, not of
    this file alone. `told_on` is the day the list shows; None for files of events.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField(
        max_length=20, choices=[(kind.name, kind.title) for kind in KINDS.values()]
    )
    file_name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    rejected = models.PositiveIntegerField()
    added = models.PositiveIntegerField()
    replaced = models.PositiveIntegerField()
    gone = models.PositiveIntegerField(default=0)
    told_on = models.DateField(null=True)
    covers_from = models.DateField(null=True)
    covers_until = models.DateField(null=True)
    gaps = models.JSONField(default=list)
    notes = models.JSONField(default=list)

    class Meta:
        ordering = ("-loaded_at",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.file_name}"


class PublicRow(models.Model):
    """A record as a public file tells it: which file told it first, which last, and when.

    `gone_on` is the day of the first list that no longer had it; the row stays. Rows loaded before
    their files were kept with them name none.
    """

    first_source = models.ForeignKey(
        RecordSource, on_delete=models.PROTECT, null=True, related_name="+"
    )
    last_source = models.ForeignKey(
        RecordSource, on_delete=models.PROTECT, null=True, related_name="+"
    )
    last_seen_on = models.DateField(null=True)
    gone_on = models.DateField(null=True)

    KEY: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True


class KeyedRow(PublicRow):
    """A record known by its natural key, kept as a digest: the words of some keys are long.

    `fei` is empty where the source has none; `subject` then stands for what the record says of its
    firm, and is what a link is made for.
    """

    natural_key = models.CharField(max_length=64, unique=True)
    fei = models.CharField(max_length=10, blank=True, db_index=True)
    subject = models.CharField(max_length=64, blank=True, db_index=True)

    KEY = ("natural_key",)

    class Meta:
        abstract = True


class Establishment(PublicRow):
    """A row of the public establishment registration file; no country where it names none."""

    fei = models.CharField(max_length=10, db_index=True)
    duns = models.CharField(max_length=9, blank=True)
    name = models.CharField(max_length=300)
    address = models.CharField(max_length=500)
    country = models.CharField(max_length=3, blank=True)
    operations = models.JSONField(default=list)
    expires_on = models.DateField(null=True)

    KEY = ("fei", "duns", "name")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["fei", "duns", "name"], name="establishment_once"),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.fei})"


class Inspection(PublicRow):
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
    city = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=3, blank=True)

    KEY = ("fei", "inspection_id", "project_area", "ended_on", "classification")

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


class Citation(KeyedRow):
    """A rule that an inspection found broken."""

    inspection_id = models.CharField(max_length=20)
    legal_name = models.TextField(blank=True)
    ended_on = models.DateField()
    act_cfr = models.TextField(blank=True)
    short_description = models.TextField()
    long_description = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.inspection_id} {self.act_cfr}"


class ComplianceAction(KeyedRow):
    """A warning letter, injunction or seizure."""

    legal_name = models.TextField()
    country = models.CharField(max_length=3, blank=True)
    product_type = models.TextField(blank=True)
    taken_on = models.DateField()
    action_type = models.CharField(max_length=20)
    case_id = models.CharField(max_length=60)

    def __str__(self) -> str:
        return f"{self.action_type} {self.case_id}"


class Form483(KeyedRow):
    """A published form of what inspectors wrote at the end of an inspection."""

    legal_name = models.TextField()
    record_date = models.DateField(null=True)
    posted_on = models.DateField()
    download = models.TextField()

    def __str__(self) -> str:
        return f"483 of {self.legal_name}, {self.record_date}"


class Recall(KeyedRow):
    """One recalled product; the products of an event share its number."""

    event_id = models.CharField(max_length=40, db_index=True)
    recall_number = models.CharField(max_length=60, blank=True)
    product_id = models.CharField(max_length=60, blank=True)
    firm = models.TextField()
    city = models.TextField(blank=True)
    country = models.CharField(max_length=3, blank=True)
    classification = models.CharField(max_length=3, blank=True)
    status = models.TextField(blank=True)
    initiated_on = models.DateField(null=True)
    classified_on = models.DateField(null=True)
    reported_on = models.DateField(null=True)
    terminated_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    product = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"Recall {self.event_id} {self.recall_number}"


class Shortage(KeyedRow):
    """One presentation of a drug by one company on the list of shortages."""

    generic_name = models.TextField()
    company = models.TextField()
    presentation = models.TextField(blank=True)
    ndc = models.CharField(max_length=20, blank=True)
    status = models.CharField(max_length=30)
    posted_on = models.DateField()
    updated_on = models.DateField()
    changed_on = models.DateField(null=True)
    discontinued_on = models.DateField(null=True)
    availability = models.TextField(blank=True)
    reason = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.generic_name}, {self.company}"


class ImportAlertEntry(KeyedRow):
    """One firm on an import alert's list."""

    alert = models.CharField(max_length=40)
    firm = models.TextField()
    address = models.TextField(blank=True)
    country = models.CharField(max_length=3, blank=True)
    published_on = models.DateField(null=True)
    products = models.JSONField(default=list)

    class Meta:
        verbose_name_plural = "import alert entries"

    def __str__(self) -> str:
        return f"{self.alert} {self.firm}"


class DrugProduct(KeyedRow):
    """One product as its labeler listed it."""

    product_ndc = models.CharField(max_length=20)
    product_type = models.TextField(blank=True)
    proprietary_name = models.TextField(blank=True)
    generic_name = models.TextField(blank=True)
    labeler = models.TextField()
    dosage_form = models.TextField(blank=True)
    started_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    application_number = models.CharField(max_length=60, blank=True)

    def __str__(self) -> str:
        return f"{self.product_ndc} {self.proprietary_name}"


class RecordLink(models.Model):
    """Which site the records told of one firm are about: by a rule, or by a person's decision.

    `subject` stands for what records of the kind say of their firm; all that say the same share
    its links, those to come too. A rule's link is accepted at once; what a rule only finds
    similar is proposed until a person accepts or rejects it.
    """

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=64)
    firm = models.JSONField()
    fei = models.CharField(max_length=10, db_index=True)
    site_name = models.TextField(blank=True)
    method = models.CharField(max_length=20)
    score = models.FloatField()
    evidence = models.TextField(blank=True)
    state = models.CharField(
        max_length=10,
        choices=[("proposed", "Proposed"), ("accepted", "Accepted"), ("rejected", "Rejected")],
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "subject", "fei"], name="link_once"),
        )
        indexes = (models.Index(fields=["state", "kind"], name="link_state_kind"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.firm.get('name', '')} to {self.fei}"
