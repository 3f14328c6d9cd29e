"""Which events a reader may read, and which of them they look for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from openqmm.apps.audit.models import INSTALLATION, AuditChange, AuditEvent
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor, OrganisationKind, Role

SYSTEM_ITSELF = "system"
ONLY = ("changes", "signatures", "refusals")
_REFUSALS = ("denied", "refused", "failed", "locked_out")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reader looks for; empty for anything.

    `who` is a person's id or `system`, `record` a kind of record, `only` one of `ONLY`, the days
    are in UTC and both inside.
    """

    text: str = ""
    what: str = ""
    who: str = ""
    record: str = ""
    from_on: date | None = None
    until_on: date | None = None
    only: str = ""

    def in_words(self) -> str:
        """Return the filters as an export states them."""
        said = {
            "words": f"“{self.text}”" if self.text else "",
            "event": self.what,
            "by": self.who,
            "about": self.record,
            "from": self.from_on and self.from_on.isoformat(),
            "until": self.until_on and self.until_on.isoformat(),
            "only": self.only,
        }
        found = ", ".join(f"{name} {value}" for name, value in said.items() if value)
        return found or "no filter"

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole trail a reader may take away: its id and whose it is."""

    id: UUID
    name: str


def readable(by: Actor, prefix: str = "") -> Q:
    """Return the condition for events the actor may read: an auditor those of the own
    organisation, the office's auditor also those done by the office anywhere, and the
    installation's own; anybody else none."""
    if by.role is not Role.RECORDS_AUDITOR or by.organisation_id is None:
        return Q(pk__in=[])
    own = Q(**{f"{prefix}trail_id": by.organisation_id})
    if by.organisation_kind is OrganisationKind.PROGRAM_OFFICE:
        own |= Q(**{f"{prefix}actor_organisation_id": by.organisation_id})
        own |= Q(**{f"{prefix}trail_id": INSTALLATION})
    return own


def trail(by: Actor, wanted: Wanted | None = None) -> QuerySet[AuditEvent]:
    """Return the events that the actor may read and looks for, newest first."""
    events = AuditEvent.objects.filter(readable(by)).order_by("-at", "-seq")
    return events.filter(_condition(wanted)) if wanted else events


def event_of(by: Actor, event_id: Any) -> AuditEvent:
    """Return one event that the actor may read (NotFound)."""
    found = trail(by).filter(pk=event_id).first()
    if found is None:
        raise NotFound("There is no such event.")
    return found


def whole_trails(by: Actor) -> list[Whole]:
    """Return the trails the actor may take away whole: the own, and the office's auditor the
    installation's."""
    if by.role is not Role.RECORDS_AUDITOR or by.organisation_id is None:
        return []
    found = [Whole(by.organisation_id, by.organisation_name)]
    if by.organisation_kind is OrganisationKind.PROGRAM_OFFICE:
        found.append(Whole(INSTALLATION, "The installation"))
    return found


def whole_trail(by: Actor, trail_id: Any = None) -> Whole:
    """Return one of the actor's whole trails, the own when not said (NotFound)."""
    for known in whole_trails(by):
        if trail_id in (None, "", known.id, str(known.id)):
            return known
    raise NotFound("There is no such trail.")


def event_kinds(by: Actor) -> list[str]:
    """Return the kinds of event on the trail that the actor may read, in alphabetical order."""
    return _distinct(by, "what")


def record_kinds(by: Actor) -> list[str]:
    """Return the kinds of record that the readable events are about."""
    return _distinct(by, "subject_type")


def people(by: Actor) -> list[tuple[str, str]]:
    """Return who acted on the readable trail, each with the latest name, by name."""
    rows = trail(by).order_by("at").values_list("actor_id", "actor_name").distinct()
    named = {str(id_) if id_ else SYSTEM_ITSELF: name for id_, name in rows}
    return sorted(named.items(), key=lambda pair: pair[1].casefold())


def _distinct(by: Actor, column: str) -> list[str]:
    return list(trail(by).order_by(column).values_list(column, flat=True).distinct())


def _condition(wanted: Wanted) -> Q:
    found = Q()
    if wanted.what:
        found &= Q(what=wanted.what)
    if wanted.who:
        person = None if wanted.who == SYSTEM_ITSELF else wanted.who
        found &= Q(actor_id=person)
    if wanted.record:
        found &= Q(subject_type=wanted.record)
    if wanted.from_on:
        found &= Q(at__gte=_begin(wanted.from_on))
    if wanted.until_on:
        found &= Q(at__lt=_begin(wanted.until_on + timedelta(days=1)))
    if wanted.text:
        found &= _words(wanted.text)
    return found & _only(wanted.only)


def _words(text: str) -> Q:
    return (
        Q(sentence__icontains=text)
        | Q(actor_name__icontains=text)
        | Q(why__icontains=text)
        | Q(subject_id__istartswith=text)
    )


def _only(kind: str) -> Q:
    changes = AuditChange.objects.filter(event=OuterRef("pk"))
    match kind:
        case "changes":
            return Q(Exists(changes))
        case "signatures":
            return Q(Exists(changes.filter(table_name="audit_signature")))
        case "refusals":
            return _any(Q(what__endswith=word) for word in _REFUSALS)
    return Q()


def _any(conditions: Iterable[Q]) -> Q:
    found = Q()
    for condition in conditions:
        found |= condition
    return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
