"""Whose identity was checked, who has accepted what a signature means, whose factor is lost."""

from __future__ import annotations

from typing import Any

from openqmm.apps.accounts.models import FactorReset, IdentityCheck, User
from openqmm.apps.accounts.queries.acting import current
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor, OrganisationKind, Role

SIGNERS = frozenset({Role.RATING_BOARD_MEMBER, Role.AUTHORISED_SIGNATORY})
"""Roles whose steps are signed today."""

CONFIRMERS = frozenset({Role.PROGRAM_ADMINISTRATOR, Role.RATING_BOARD_MEMBER})


def own_identity(by: Actor) -> IdentityCheck | None:
    """Return what is on record of the actor's own identity."""
    return IdentityCheck.objects.filter(person=by.person_id).first()


def unchecked_signers(by: Actor) -> list[User]:
    """Return the people whose role signs and whose identity is not checked; for administrators."""
    if by.role is not Role.PROGRAM_ADMINISTRATOR:
        return []
    ids = current().filter(role__in=SIGNERS).order_by().values("person")
    return list(User.objects.filter(pk__in=ids, identity__isnull=True).order_by("full_name"))


def open_resets(by: Actor) -> list[FactorReset]:
    """Return the requests to remove a lost second factor that wait for a second person; for the
    office's administrators and board (NotFound)."""
    if by.role not in CONFIRMERS or by.organisation_kind is not OrganisationKind.PROGRAM_OFFICE:
        raise NotFound("There is no such page.")
    rows = FactorReset.objects.filter(confirmed_at__isnull=True)
    return list(rows.select_related("person", "asked_by"))


def can_be_confirmed(person_id: Any) -> bool:
    """Tell whether two other people of the office could reset somebody's second factor between
    them: an administrator who asks, and another administrator or board member who confirms."""
    others = current().exclude(person=person_id)
    askers = set(others.filter(role=Role.PROGRAM_ADMINISTRATOR).values_list("person", flat=True))
    confirmers = set(others.filter(role__in=CONFIRMERS).values_list("person", flat=True))
    return bool(askers) and len(askers | confirmers) > 1


def open_reset(by: Actor, reset_id: Any) -> FactorReset:
    """Return one such request (NotFound)."""
    found = next((row for row in open_resets(by) if str(row.pk) == str(reset_id)), None)
    if found is None:
        raise NotFound("There is no such request.")
    return found
