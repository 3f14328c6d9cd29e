"""Records auditors of the two rivals, who are not in the cast."""

from __future__ import annotations

from datetime import date

from openqmm.apps.accounts.actions import add_membership, add_person
from openqmm.apps.accounts.models import Membership
from openqmm.apps.accounts.queries import actor_as
from openqmm.core.workflow import SYSTEM, Actor, Role
from tests.people import PASSWORD, Cast


def auditor_of(cast: Cast, organisation: str, name: str) -> Actor:
    """Add a records auditor to an organisation; they join the cast under their name."""
    person = add_person(
        by=SYSTEM,
        email=f"{name}@example.org",
        full_name=f"{name.capitalize()} Test",
        password=PASSWORD,
    )
    membership = add_membership(
        by=SYSTEM,
        person=person,
        organisation=cast.organisations[organisation],
        role=Role.RECORDS_AUDITOR,
        from_on=date(2020, 1, 1),
    )
    rows = Membership.objects.select_related("person", "organisation")
    cast.actors[name] = actor_as(rows.get(pk=membership.pk))
    return cast.actors[name]
