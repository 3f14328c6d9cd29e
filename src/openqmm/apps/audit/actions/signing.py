"""Signatures: a person's name under the exact content of a record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models

from openqmm.apps.audit.actions.events import OpenEvent
from openqmm.apps.audit.models import Signature
from openqmm.core.errors import NotPermitted
from openqmm.core.records import canonical_json, sha256_hex
from openqmm.core.workflow import Actor
from openqmm.web import clock


def sign(
    opened: OpenEvent, *, by: Actor, record: models.Model, content: Mapping[str, Any], meaning: str
) -> Signature:
    """Write `by`'s signature under the canonical form of `content`, within an open event.

    Refused (NotPermitted) for an actor who is not a person. That the person has just proved who
    they are is the caller's to check.
    """
    if by.person_id is None:
        raise NotPermitted("Only a person can sign.")
    return opened.create(
        Signature(
            signer_id=by.person_id,
            signer_name=by.name,
            signer_role=by.role,
            organisation_name=by.organisation_name,
            meaning=meaning,
            signed_at=clock.now(),
            record_type=record._meta.label,
            record_id=str(record.pk),
            digest=sha256_hex(canonical_json(dict(content))),
        )
    )
