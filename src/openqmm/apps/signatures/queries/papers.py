"""What lies before a person to be signed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from openqmm.core.records import signatures as records
from openqmm.core.workflow import Actor


@dataclass(frozen=True, slots=True)
class Paper:
    """The content of a record as it would be signed, and what a signature under it would mean.

    `reading` says the same in labels and values, for people. `record` need not be stored yet.
    """

    record: models.Model
    content: Mapping[str, Any]
    meaning: str
    reading: tuple[tuple[Any, Any], ...] = field(default=(), compare=False)

    def statement(self, by: Actor) -> str:
        """Return the canonical text that this person's signature would be bound to."""
        signer = records.Signer(str(by.person_id), by.name, str(by.role), by.organisation_name)
        record = (self.record._meta.label, str(self.record.pk))
        return records.statement(self.content, meaning=self.meaning, record=record, signer=signer)

    def digest(self, by: Actor) -> str:
        """Return the digest of that text."""
        return records.statement_digest(self.statement(by))
