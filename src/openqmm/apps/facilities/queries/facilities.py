"""Facilities as each role may see them."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from openqmm.apps.accounts import queries as accounts
from openqmm.apps.facilities.models import Facility
from openqmm.core.errors import NotFound
from openqmm.core.registry.identity import is_domestic_country
from openqmm.core.workflow import Actor, Role


def facilities(by: Actor) -> list[Facility]:
    """Return the facilities the actor may know of: a manufacturer's own; for the office those that
    have applied; none for anybody else."""
    return list(_visible_to(by))


def facility(by: Actor, facility_id: Any) -> Facility:
    """Return one facility the actor may know of (NotFound)."""
    found = _visible_to(by).filter(pk=facility_id).first()
    if found is None:
        raise NotFound("There is no such facility.")
    return found


def applied_feis(by: Actor) -> QuerySet[Facility, str]:
    """Return the FEIs of the facilities that applied, as far as this person of the office knows."""
    return _visible_to(by).order_by().values_list("fei", flat=True)


def require_office(by: Actor) -> None:
    """Refuse (NotFound) whoever is not the office's administrator: how records are linked, and
    which firms somebody looks at, is nobody else's business."""
    if by.role is not Role.PROGRAM_ADMINISTRATOR:
        raise NotFound("There is no such page.")


def country_words(country: str) -> str:
    """Return an alpha-3 code with which side of the border it is on."""
    domestic = is_domestic_country(country or None)
    if domestic is None:
        return ""
    return f"{country} (domestic)" if domestic else f"{country} (foreign)"


def has_facility(by: Actor, fei: str) -> bool:
    """Return whether the actor's own organisation has entered this FEI already."""
    return Facility.objects.filter(organisation_id=by.organisation_id, fei=fei).exists()


def _visible_to(by: Actor) -> QuerySet[Facility]:
    known = Facility.objects.select_related("organisation")
    if by.role in {Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY}:
        return known.filter(organisation_id=by.organisation_id)
    if by.role is Role.PROGRAM_ADMINISTRATOR:
        known = known.exclude(organisation__in=accounts.barred_organisations(by))
        return known.filter(applications__submitted_at__isnull=False).distinct()
    return known.none()
