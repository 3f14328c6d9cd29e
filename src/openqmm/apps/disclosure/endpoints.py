"""The directory by the API: what is disclosed, to everybody and to purchasers by name."""

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema

from openqmm.api import allow
from openqmm.apps.disclosure import queries
from openqmm.apps.disclosure.queries.published import LONGEST_SEARCH
from openqmm.core.workflow import Scope
from openqmm.web.access import EVERYONE

router = Router(tags=["directory"])

LONGEST_PAGE = 500


class Wanted(Schema):
    """Filters and the part of the list."""

    text: Annotated[str, Query(max_length=LONGEST_SEARCH)] = ""
    level: Literal["", "1", "2", "3", "4", "5"] = ""
    activity: Literal["", "API", "API_INTERMEDIATE", "FDF"] = ""
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 100
    offset: Annotated[int, Query(ge=0)] = 0


class RowOut(Schema):
    """A disclosed rating in the list; `level` and `score` are null when not rated."""

    id: UUID
    facility: str
    address: str
    country: str
    activity: str
    level: int | None
    score: str | None
    issued_on: date
    valid_until: date


class DirectoryOut(Schema):
    """A part of the directory, and how long it is as a whole."""

    count: int
    items: list[RowOut]


class AreaOut(Schema):
    """One area of a disclosed profile."""

    title: str
    status: str
    level: int | None
    level_name: str
    score: str | None


class RatedOut(Schema):
    """A disclosed rating: everything that anybody outside the program sees of one."""

    facility: str
    fei: str
    address: str
    country: str
    activity: str
    scope: Literal["overall", "areas"]
    status: str
    level: int | None
    level_name: str
    score: str | None
    reasons: list[str]
    areas: list[AreaOut]
    coverage: str
    assessors: int | None
    protocol_id: str
    protocol_title: str
    protocol_version: str
    method_id: str
    method_version: str
    assessed_on: date | None
    issued_on: date
    valid_until: date
    signed_by: str
    signed_meaning: str
    signed_at: str
    signature_state: Literal["holds", "superseded", "does not hold"]


@router.get("/", url_name="directory", response=DirectoryOut, summary="Disclosed ratings")
@allow(EVERYONE, scope=Scope.DIRECTORY_READ)
def directory(request: HttpRequest, wanted: Query[Wanted]) -> dict[str, Any]:
    """Return the disclosed ratings that fit, by name."""
    filters = queries.DirectoryFilters(wanted.text, wanted.level, wanted.activity)
    rows = queries.directory(request.actor, filters)
    part = rows[wanted.offset : wanted.offset + wanted.limit]
    return {"count": len(rows), "items": [asdict(row) for row in part]}


@router.get(
    "/{uuid:disclosure_id}", url_name="disclosed", response=RatedOut, summary="One disclosed rating"
)
@allow(EVERYONE, scope=Scope.DIRECTORY_READ)
def disclosed(request: HttpRequest, disclosure_id: UUID) -> dict[str, Any]:
    """Return one disclosed rating within the scope its facility consented to."""
    return asdict(queries.disclosed_rating(request.actor, disclosure_id))
