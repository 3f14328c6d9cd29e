"""Whose records a person must not read or decide on, because of other work they do or did."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from openqmm.apps.accounts.models import Interest, Membership, Organisation
from openqmm.core.workflow import Actor, OrganisationKind, Role, earliest_last_day
from openqmm.web import clock

BARRED_ROLES = frozenset(
    {
        Role.PROGRAM_ADMINISTRATOR,
        Role.RATING_BOARD_MEMBER,
        Role.OBSERVER,
        Role.LEAD_ASSESSOR,
        Role.ASSESSOR,
    }
)
"""Those who see manufacturers' records because of the program, not as the manufacturer's own."""


def barred_organisations(by: Actor) -> QuerySet[Organisation]:
    """Return the organisations of which the actor sees nothing that is not public: manufacturers
    they hold a role at, those they declared work for, and either for 36 months afterwards. To be
    left out of another query, which it costs no query of its own."""
    if by.person_id is None or by.role not in BARRED_ROLES:
        return Organisation.objects.none()
    worked = _barring(Membership.objects.filter(person=by.person_id))
    declared = _barring(Interest.objects.filter(person=by.person_id))
    makes = Q(kind=OrganisationKind.MANUFACTURER)
    return Organisation.objects.filter((makes & Exists(worked)) | Exists(declared)).values("pk")


def _barring(rows: QuerySet) -> QuerySet:
    """Return the rows of work that bar today, as `openqmm.core.workflow.is_barred` has it."""
    today = clock.today()
    late_enough = Q(until_on__isnull=True) | Q(until_on__gte=earliest_last_day(today))
    return rows.filter(late_enough, from_on__lte=today, organisation=OuterRef("pk"))


def has_declared_interest(person_id: object, organisation_id: UUID) -> bool:
    """Tell whether the person ever declared work for an organisation."""
    return Interest.objects.filter(person=person_id, organisation=organisation_id).exists()
