"""Disclosures: what a facility has signed to share, with whom and until when."""

from __future__ import annotations

from uuid import uuid4

from django.db import models

from openqmm.apps.accounts.models import Organisation
from openqmm.apps.audit.models import Versioned
from openqmm.apps.ratings.models import Rating
from openqmm.core.workflow import in_words
from openqmm.core.workflow.states import DISCLOSURE

SCOPES = [
    ("overall", "The overall level and score"),
    ("areas", "The overall level and the area profile"),
]
AUDIENCES = [("public", "Everybody"), ("named", "Named purchasers")]


class Disclosure(Versioned):
    """One signed consent and the publishing that follows from it; withdrawal stays on record."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    rating = models.ForeignKey(Rating, on_delete=models.PROTECT, related_name="disclosures")
    state = models.CharField(
        max_length=20,
        choices=[(s, in_words(s)) for s in DISCLOSURE.states],
        default=DISCLOSURE.initial,
    )
    scope = models.CharField(max_length=10, choices=SCOPES)
    audience = models.CharField(max_length=10, choices=AUDIENCES)
    recipients = models.ManyToManyField(
        Organisation, through="DisclosureRecipient", related_name="+", blank=True
    )
    until_on = models.DateField()
    consented_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("-consented_at",)

    def __str__(self) -> str:
        return f"Disclosure of {self.rating}"


class DisclosureRecipient(models.Model):
    """A purchaser whom a disclosure names.

    Its id is random: the trail shows ids, and a number counted up would tell how many purchasers
    others have named.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    disclosure = models.ForeignKey(Disclosure, on_delete=models.CASCADE)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE)

    class Meta:
        db_table = "disclosure_disclosure_recipients"
        constraints = (
            models.UniqueConstraint(
                fields=["disclosure", "organisation"], name="disclosure_names_each_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.organisation} of {self.disclosure}"
