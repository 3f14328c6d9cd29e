"""Writing the trail. Every change of a record happens inside an open event, through it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from openqmm.apps.audit import queries
from openqmm.apps.audit.models import AuditChange, AuditEvent, Signature
from openqmm.core.errors import NotPermitted
from openqmm.core.records import canonical_json, sha256_hex
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock

Record = TypeVar("Record", bound=models.Model)

# Never written to a trail that people read and export. A bundle holds every assessor's marks; the
# trail knows it by the digest beside it.
_SECRET_FIELDS = frozenset({"password", "bundle"})


class OpenEvent:
    """An event being written: records are made and changed through it, and so are on the trail."""

    def __init__(self, row: AuditEvent) -> None:
        self.row = row

    def create(self, record: Record) -> Record:
        """Insert `record`."""
        record.save(force_insert=True)
        self._note(record, before=None, after=_fields(record))
        return record

    def create_many(self, records: Sequence[Record]) -> None:
        """Insert records of one model together."""
        if records:
            type(records[0])._default_manager.bulk_create(records)
            AuditChange.objects.bulk_create(
                [self._change(record, None, _fields(record)) for record in records]
            )

    def update(self, record: Record, **fields: Any) -> Record:
        """Set `fields` of `record` and save them; what stays as it was leaves no trace."""
        before = _fields(record, fields)
        for name, value in fields.items():
            setattr(record, name, value)
        after = _fields(record, fields)
        changed = {name for name in after if after[name] != before[name]}
        if changed:
            record.save(update_fields=changed)
            self._note(
                record,
                before={name: before[name] for name in changed},
                after={name: after[name] for name in changed},
            )
        return record

    def delete(self, record: models.Model) -> None:
        """Remove `record`; its last content stays on the trail."""
        before = _fields(record)
        change = self._change(record, before, None)
        record.delete()
        change.save()

    def _note(self, record: models.Model, **content: Any) -> None:
        self._change(record, content["before"], content["after"]).save(force_insert=True)

    def _change(self, record: models.Model, before: Any, after: Any) -> AuditChange:
        return AuditChange(
            event=self.row,
            record_type=record._meta.label,
            record_id=str(record.pk),
            before=before,
            after=after,
        )


@contextmanager
def event(
    *,
    by: Actor,
    what: str,
    on: models.Model,
    sentence: str,
    why: str = "",
    organisation_id: Any = None,
) -> Iterator[OpenEvent]:
    """Open an audit event and the transaction it shares with the changes made through it.

    `what` is the event's code, `sentence` its past tense ("issued the rating"), `why` the reason in
    the actor's words, `organisation_id` the organisation whose trail it is on (the actor's own
    when not said). If anything in the block fails, neither event nor change remains.
    """
    with transaction.atomic():
        row = AuditEvent(
            at=clock.now(),
            actor_id=by.person_id,
            actor_name=by.name,
            actor_role=by.role,
            actor_organisation_id=by.organisation_id,
            organisation_id=organisation_id or by.organisation_id,
            what=what,
            sentence=sentence,
            why=why,
            subject_type=on._meta.label,
            subject_id=str(on.pk),
        )
        row.save(force_insert=True)
        yield OpenEvent(row)


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


def export_trail(*, by: Actor, what: str = "", text: str = "") -> Iterator[str]:
    """Return the filtered trail as lines of CSV, as it stood before the export.

    A records auditor may (NotPermitted). Event `trail.exported` under the auditor's own name, with
    the filters as its reason.
    """
    if by.role is not Role.RECORDS_AUDITOR:
        raise NotPermitted("Only a records auditor exports the trail.")
    found = queries.trail(by, what=what, text=text)
    filters = [f"event {what}" if what else "", f"words “{text}”" if text else ""]
    with event(
        by=by,
        what="trail.exported",
        on=get_user_model()(pk=by.person_id),
        sentence=f"exported {found.count():,} entries of the audit trail",
        why=", ".join(filter(None, filters)) or "no filter",
    ) as opened:
        before = found.filter(pk__lt=opened.row.pk)
    return queries.trail_csv(before)


def _fields(record: models.Model, names: Mapping[str, Any] | None = None) -> dict[str, Any]:
    fields = {
        field.name: field.value_from_object(record)
        for field in record._meta.concrete_fields
        if (names is None or field.name in names) and field.name not in _SECRET_FIELDS
    }
    plain: dict[str, Any] = json.loads(json.dumps(fields, cls=DjangoJSONEncoder))
    return plain
