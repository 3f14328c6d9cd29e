"""The quarterly recertification: which memberships wait for it, by when, and before whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from openqmm.apps.accounts.models import AccessReview, Membership, Organisation
from openqmm.apps.accounts.queries.acting import current, may_read_access
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock

EVERY_DAYS = 90
"""How often each membership is confirmed or ended."""


@dataclass(frozen=True, slots=True)
class ToReview:
    """A membership that holds, when it was last confirmed or given, and when that is due anew."""

    membership: Membership
    id: str
    person: str
    email: str
    role: str
    since: date
    due_on: date


@dataclass(frozen=True, slots=True)
class ReviewRow:
    """An organisation in the list: how many memberships it has, the earliest of their due days,
    and when it was last reviewed."""

    id: UUID
    organisation: str
    memberships: int
    due_on: date | None
    late: bool
    reviewed_at: datetime | None
    reviewable: int


def review_rows(by: Actor) -> list[ReviewRow]:
    """Return the organisations whose memberships the actor may see for recertification, what is
    due first on top: all for the office's administrators and auditor, the own office for its board
    (NotFound for anybody else)."""
    by_organisation: dict[UUID, list[ToReview]] = {}
    for item in _waiting(_shown(by)):
        by_organisation.setdefault(item.membership.organisation_id, []).append(item)
    latest = dict(
        AccessReview.objects.order_by().values_list("organisation").annotate(Max("reviewed_at"))
    )
    rows = []
    for id_, items in by_organisation.items():
        due_on = min(item.due_on for item in items)
        rows.append(
            ReviewRow(
                id=id_,
                organisation=items[0].membership.organisation.name,
                memberships=len(items),
                due_on=due_on,
                late=due_on < clock.today(),
                reviewed_at=latest.get(id_),
                reviewable=sum(_may_certify(by, item.membership) for item in items),
            )
        )
    return sorted(rows, key=lambda row: (row.due_on, row.organisation))


def to_review(by: Actor, organisation_id: Any) -> list[ToReview]:
    """Return the memberships of an organisation that the actor may confirm or end, never their own
    (NotFound when there is none)."""
    rows = _shown(by).filter(organisation=organisation_id)
    found = [item for item in _waiting(rows) if _may_certify(by, item.membership)]
    if not found:
        raise NotFound("There is nothing here to recertify.")
    return found


def reviewed_organisation(by: Actor, organisation_id: Any) -> Organisation:
    """Return an organisation whose memberships the actor may see for recertification (NotFound)."""
    row = _shown(by).filter(organisation=organisation_id).first()
    if row is None:
        raise NotFound("There is nothing here to recertify.")
    return row.organisation


def earliest_due(by: Actor) -> tuple[date, int] | None:
    """Return when the actor's next recertification is due and how many memberships it is about."""
    if by.role not in {Role.PROGRAM_ADMINISTRATOR, Role.RATING_BOARD_MEMBER}:
        return None
    items = [item for item in _waiting(_shown(by)) if _may_certify(by, item.membership)]
    if not items:
        return None
    due_on = min(item.due_on for item in items)
    soon = clock.today() + timedelta(days=14)
    return due_on, sum(item.due_on <= max(due_on, soon) for item in items)


def _shown(by: Actor) -> Any:
    if may_read_access(by):
        return current()
    if by.role is Role.RATING_BOARD_MEMBER:
        administrators = current().filter(role=Role.PROGRAM_ADMINISTRATOR)
        return administrators.filter(organisation=by.organisation_id)
    raise NotFound("There is no such page.")


def _may_certify(by: Actor, membership: Membership) -> bool:
    if membership.person_id == by.person_id:
        return False
    return by.role is Role.PROGRAM_ADMINISTRATOR or (
        by.role is Role.RATING_BOARD_MEMBER and membership.role == Role.PROGRAM_ADMINISTRATOR
    )


def _waiting(rows: Any) -> Sequence[ToReview]:
    items = []
    for row in rows.annotate(confirmed_at=Max("reviews__review__reviewed_at")):
        known = [moment.date() for moment in (row.given_at, row.confirmed_at) if moment]
        since = max(known, default=row.from_on)
        items.append(
            ToReview(
                membership=row,
                id=str(row.pk),
                person=row.person.full_name,
                email=row.person.email,
                role=row.get_role_display(),
                since=since,
                due_on=max(since, row.from_on) + timedelta(days=EVERY_DAYS),
            )
        )
    return items
