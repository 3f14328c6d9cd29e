"""The directory: what is published to the public, and to a purchaser by name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from openqmm.apps.disclosure.models import Disclosure
from openqmm.apps.disclosure.queries.projection import DisclosedRating, projection
from openqmm.core.errors import NotFound
from openqmm.core.workflow import Actor, Role
from openqmm.reports.words import FACILITY_TYPE_NAMES
from openqmm.web import clock, tenancy

LONGEST_SEARCH = 100
_MOST_WORDS = 8

_FACILITY = "rating__assessment__application__facility__"


@dataclass(frozen=True, slots=True)
class DirectoryFilters:
    """What a reader looks for: words of a name or place, a level ("1".."5"), an activity."""

    text: str = ""
    level: str = ""
    activity: str = ""


@dataclass(frozen=True, slots=True)
class DirectoryRow:
    """A disclosed rating in the directory; `level` and `score` are None when not rated."""

    id: UUID
    facility: str
    address: str
    country: str
    activity: str
    level: int | None
    score: str | None
    issued_on: date
    valid_until: date
    named: bool
    scope: str = field(repr=False)


def directory(by: Actor, filters: DirectoryFilters | None = None) -> list[DirectoryRow]:
    """Return the disclosed ratings the actor may see, by name; one row a rating.

    Everybody sees the public ones, a purchaser also those that name its organisation; where
    both exist, the one that shows more stands.
    """
    wanted = filters or DirectoryFilters()
    found = _filtered(still_published(by), wanted).values_list(
        "rating_id",
        "pk",
        *(f"{_FACILITY}{name}" for name in ("name", "address", "country", "facility_type")),
        "rating__level",
        "rating__score_shown",
        "rating__issued_at",
        "rating__valid_until",
        "audience",
        "scope",
    )
    with tenancy.published(by):
        disclosed = list(found)
    rows: dict[Any, DirectoryRow] = {}
    for values in disclosed:
        rating_id, row = values[0], _row(*values[1:])
        known = rows.get(rating_id)
        if known is None or (known.scope, row.scope) == ("overall", "areas"):
            rows[rating_id] = row
    return list(rows.values())


def disclosed_rating(by: Actor, disclosure_id: Any) -> DisclosedRating:
    """Return what one disclosure shows (NotFound when withdrawn, expired, of a rating that is no
    longer valid, not meant for the actor, or not there)."""
    meant = still_published(by).select_related(
        "rating__assessment__application__facility",
        "rating__assessment__application__round",
    )
    with tenancy.published(by):
        found = meant.filter(pk=disclosure_id).first()
        if found is None:
            raise NotFound("There is no such rated facility.")
        return projection(found.rating, found.scope)


def still_published(by: Actor) -> QuerySet[Disclosure]:
    """Return the disclosures in effect today that the actor is an audience of, to be read within
    `tenancy.published`."""
    today = clock.today()
    audience = Q(audience="public")
    if by.role is Role.PURCHASER_ANALYST:
        audience |= Q(audience="named", recipients=by.organisation_id)
    return (
        Disclosure.objects.filter(
            audience,
            state="published",
            until_on__gte=today,
            rating__state="valid",
            rating__valid_until__gte=today,
        )
        .order_by(f"{_FACILITY}name", "rating_id", "consented_at")
        .distinct()
    )


def _filtered(found: QuerySet[Disclosure], wanted: DirectoryFilters) -> QuerySet[Disclosure]:
    for word in wanted.text[:LONGEST_SEARCH].split()[:_MOST_WORDS]:
        found = found.filter(
            Q(**{f"{_FACILITY}name__icontains": word})
            | Q(**{f"{_FACILITY}address__icontains": word})
            | Q(**{f"{_FACILITY}country__iexact": word})
        )
    if wanted.level:
        found = found.filter(rating__level=wanted.level)
    if wanted.activity:
        found = found.filter(**{f"{_FACILITY}facility_type": wanted.activity})
    return found


def _row(id_: UUID, *values: Any) -> DirectoryRow:
    name, address, country, kind, level, score, issued_at, valid_until, audience, scope = values
    return DirectoryRow(
        id=id_,
        facility=name,
        address=address,
        country=country,
        activity=FACILITY_TYPE_NAMES[kind],
        level=level,
        score=score or None,
        issued_on=issued_at.date(),
        valid_until=valid_until,
        named=audience == "named",
        scope=scope,
    )
