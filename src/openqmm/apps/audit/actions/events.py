"""Writing the trail. Every change of a record happens inside an open event; the database's
triggers capture it, and refuse it anywhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.contrib.auth import get_user_model
from django.db import models, transaction

from openqmm.apps.audit.actions import once
from openqmm.apps.audit.actions.trail import Act, append
from openqmm.apps.audit.actions.versions import is_versioned, stale
from openqmm.apps.audit.models import INSTALLATION
from openqmm.core.errors import NotPermitted
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock, tenancy

Record = TypeVar("Record", bound=models.Model)


@dataclass(frozen=True, slots=True)
class OpenEvent:
    """An event being written; whatever is saved, updated or deleted until it closes is part of
    it. These are the plain ways to do so."""

    id: UUID

    def create(self, record: Record) -> Record:
        """Insert `record`."""
        record.save(force_insert=True)
        return record

    def create_many(self, records: Sequence[Record]) -> None:
        """Insert records of one model together."""
        if records:
            type(records[0])._default_manager.bulk_create(records)

    def update(self, record: Record, **fields: Any) -> Record:
        """Set `fields` of `record` and save those that are new; what stays as it was is not
        written.

        The one place where versions are raised: a record that has one is written only as the next
        of the version it was read at (Stale), whatever an action locked or forgot to lock.
        """
        changed = [name for name, value in fields.items() if _stored(record, name) != value]
        for name, value in fields.items():
            setattr(record, name, value)
        if changed and is_versioned(record):
            _save_next(record, changed)
        elif changed:
            record.save(update_fields=changed)
        return record

    def delete(self, record: models.Model) -> None:
        """Remove `record`; its last content stays on the trail."""
        record.delete()


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
    """Open an audit event and the transaction it shares with the changes made within it.

    `what` is the event's code, `sentence` its past tense ("issued the rating"), `why` the reason in
    the actor's words, `organisation_id` the organisation whose trail it is on (the actor's own
    when not said, the installation's where there is none). If anything in the block fails, or the
    transaction is marked for rollback, neither event nor change remains. Events do not nest.
    """
    trail_id = UUID(str(organisation_id or by.organisation_id or INSTALLATION))
    opened = OpenEvent(uuid4())
    act = Act(
        id=opened.id,
        trail_id=trail_id,
        actor=by,
        what=what,
        sentence=sentence,
        why=why,
        subject_type=on._meta.label,
        subject_id=str(on.pk),
    )
    # Written as the one who acts, whoever else the request reads as.
    with transaction.atomic(), tenancy.scope(by):
        connection = transaction.get_connection()
        if connection.audit_event is not None:
            raise RuntimeError(f"The event {what} was opened inside another one.")
        _require_still_there(by)
        connection.open_audit_event(opened.id, trail_id)
        try:
            once.bind(opened.id)
            yield opened
            if not connection.needs_rollback:
                append(act)
        finally:
            connection.close_audit_event()


def _require_still_there(by: Actor) -> None:
    """Refuse (NotPermitted) whoever was switched off, or lost the role, after the request began.

    The person is held until the transaction ends: switching off waits for it, or it for that.
    """
    if by.person_id is None or by.role in {Role.PUBLIC, Role.SYSTEM}:
        return
    day = clock.today()
    still = models.Q(memberships__until_on__isnull=True) | models.Q(memberships__until_on__gte=day)
    there = (
        get_user_model()
        .objects.select_for_update(of=("self",))
        .filter(
            still,
            pk=by.person_id,
            is_active=True,
            memberships__organisation_id=by.organisation_id,
            memberships__role=by.role,
            memberships__from_on__lte=day,
            memberships__ended_at__isnull=True,
        )
    )
    if not there.values_list("pk", flat=True):
        raise NotPermitted("Your account or your role ended meanwhile. Nothing was changed.")


def _save_next(record: models.Model, changed: list[str]) -> None:
    read = record.version
    values = {name: getattr(record, name) for name in changed}
    rows = type(record)._default_manager.filter(pk=record.pk, version=read)
    if rows.update(**values, version=read + 1) != 1:
        raise stale(record, read)
    record.version = read + 1


def _stored(record: models.Model, name: str) -> Any:
    field = record._meta.get_field(name)
    return getattr(record, getattr(field, "attname", name) if name != field.name else name)
