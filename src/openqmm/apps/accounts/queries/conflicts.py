"""Whose records a person must not read or decide on, because of other work they do or did."""

from __future__ import annotations

from uuid import UUID

from openqmm.apps.accounts.models import Interest, Membership
from openqmm.core.workflow import Actor, OrganisationKind, Period, Role, is_barred
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


def barred_organisations(by: Actor) -> list[UUID]:
    """Return the organisations of which the actor sees nothing that is not public: manufacturers
    they hold a role at, those they declared work for, and either for 36 months afterwards."""
    if by.person_id is None or by.role not in BARRED_ROLES:
        return []
    today = clock.today()
    worked: dict[UUID, list[Period]] = {}
    memberships = Membership.objects.filter(
        person=by.person_id, organisation__kind=OrganisationKind.MANUFACTURER
    ).values_list("organisation_id", "from_on", "until_on")
    interests = Interest.objects.filter(person=by.person_id).values_list(
        "organisation_id", "from_on", "until_on"
    )
    for organisation_id, from_on, until_on in [*memberships.order_by(), *interests.order_by()]:
        worked.setdefault(organisation_id, []).append(Period(from_on, until_on))
    return [id_ for id_, periods in worked.items() if is_barred(periods, today)]


def has_declared_interest(person_id: object, organisation_id: UUID) -> bool:
    """Tell whether the person ever declared work for an organisation."""
    return Interest.objects.filter(person=person_id, organisation=organisation_id).exists()
