"""Who held which role where on a day: from the memberships, and the trail's switching off."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from openqmm.apps.accounts.models import Membership, User
from openqmm.apps.accounts.queries.acting import require_reader
from openqmm.apps.audit.models import AuditEvent
from openqmm.core.workflow import Actor, Role
from openqmm.reports.spreadsheet import spreadsheet_safe

SWITCHED_OFF, SWITCHED_ON = "person.deactivated", "person.reactivated"
COLUMNS = ("on", "person", "email", "organisation", "role", "from", "until", "person_id")

Span = tuple[datetime, datetime]
_NEVER_BEFORE = datetime.min.replace(tzinfo=UTC)
_ALWAYS = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """A role that a person held on a day, at some time of it."""

    membership_id: UUID
    person_id: UUID
    person: str
    email: str
    organisation: str
    role: Role
    from_on: date
    until_on: date | None


def access_on(by: Actor, day: date) -> list[Held]:
    """Return who held which role where on any day, past or to come as it stands now; for the
    office's administrators and its records auditor (NotFound).

    A role counts for the days on which it could be used: from when it was recorded, to the moment
    it was ended, and not while the person was switched off. Days are those of UTC.
    """
    require_reader(by)
    rows = (
        Membership.objects.filter(from_on__lte=day)
        .filter(Q(until_on__isnull=True) | Q(until_on__gte=day))
        .select_related("person", "organisation")
        .order_by("organisation__name", "person__full_name", "role")
    )
    off = _switched_off()
    begins = datetime.combine(day, time.min, UTC)
    whole = (begins, begins + timedelta(days=1))
    return [_held(row) for row in rows if _usable(row, off.get(row.person_id, []), whole)]


def access_csv(held: Iterable[Held], day: date) -> str:
    """Return the roles held on a day as CSV; cells are guarded against being run as formulas."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in held:
        cells = (
            day.isoformat(),
            row.person,
            row.email,
            row.organisation,
            row.role.title,
            row.from_on.isoformat(),
            row.until_on.isoformat() if row.until_on else "",
            str(row.person_id),
        )
        writer.writerow([spreadsheet_safe(cell) for cell in cells])
    return text.getvalue()


def _usable(row: Membership, off: list[Span], day: Span) -> bool:
    """Tell whether any moment of the day is inside the membership and outside every time the
    person was switched off."""
    first = max(day[0], row.given_at or _NEVER_BEFORE)
    last = min(day[1], row.ended_at or _ALWAYS)
    for begins, ends in off:
        if begins <= first:
            first = max(first, ends)
    return first < last


def _switched_off() -> dict[UUID, list[Span]]:
    """Return the spans in which each person was switched off, in order, from the trail."""
    events = AuditEvent.objects.filter(
        subject_type=User._meta.label, what__in=(SWITCHED_OFF, SWITCHED_ON)
    ).order_by("at", "seq")
    spans: dict[UUID, list[Span]] = {}
    for what, subject_id, at in events.values_list("what", "subject_id", "at"):
        of_person = spans.setdefault(UUID(subject_id), [])
        if what == SWITCHED_OFF:
            of_person.append((at, _ALWAYS))
        elif of_person:
            of_person[-1] = (of_person[-1][0], at)
    return spans


def _held(row: Membership) -> Held:
    return Held(
        membership_id=row.pk,
        person_id=row.person_id,
        person=row.person.full_name,
        email=row.person.email,
        organisation=row.organisation.name,
        role=Role(row.role),
        from_on=row.from_on,
        until_on=row.until_on,
    )
