"""What others see of a rating: an allow-list, narrowed to the scope consented to.

Rating method, section 11. A field that is not named here cannot be published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openqmm.apps.ratings import queries as ratings
from openqmm.apps.ratings.models import Rating
from openqmm.apps.signatures.queries import DOES_NOT_HOLD
from openqmm.core.protocols import Protocol
from openqmm.core.ratings import Result, shown_score
from openqmm.core.ratings.model import NOT_RATED, RATED
from openqmm.reports.profile import ProfileRow, profile_scale
from openqmm.reports.svg import area_profile
from openqmm.reports.words import FACILITY_TYPE_NAMES, percent, reason_sentence


@dataclass(frozen=True, slots=True)
class DisclosedArea:
    """One area of a disclosed profile; `level` and `score` are None unless rated."""

    title: str
    status: str
    level: int | None
    level_name: str
    score: str | None


@dataclass(frozen=True, slots=True)
class DisclosedRating:
    """A disclosed rating: all that anybody outside the program ever sees of one.

    `score` is to one decimal. `areas` is empty unless consented to, and so are `reasons`, which say
    why there is no level. `signed_by` names the office that signed, not the person; what state its
    signature is in is everybody's to know. `chart` draws the areas that stand here.
    """

    facility: str
    fei: str
    address: str
    country: str
    activity: str
    scope: str
    status: str
    level: int | None
    level_name: str
    score: str | None
    reasons: tuple[str, ...]
    areas: tuple[DisclosedArea, ...]
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
    signature_state: str
    chart: str


def projection(rating: Rating, scope: str) -> DisclosedRating:
    """Return what an issued rating shows within a scope; numbers are read from its bundle."""
    bundle, protocol = ratings.bundle_of(rating), ratings.protocol_of(rating)
    facility = rating.assessment.application.facility
    overall, rated = bundle.rating.overall, bundle.rating.overall.status == RATED
    wide = scope == "areas"
    areas = _areas(bundle.rating.areas, protocol) if wide and rated else ()
    method = bundle.document["method"]
    return DisclosedRating(
        facility=facility.name,
        fei=facility.fei,
        address=facility.address,
        country=facility.country,
        activity=FACILITY_TYPE_NAMES[facility.facility_type],
        scope=scope,
        status=overall.status,
        level=overall.level,
        level_name=_name(overall, protocol),
        score=None if overall.score is None else shown_score(overall.score),
        # Not rated: nothing but that, and why only where the facility agrees.
        reasons=_reasons(bundle.rating.overall, protocol) if wide and not rated else (),
        areas=areas,
        coverage=percent(overall.coverage) if rated and overall.coverage is not None else "",
        assessors=bundle.assessors if rated else None,
        protocol_id=protocol.id,
        protocol_title=protocol.title,
        protocol_version=protocol.version,
        method_id=method["id"],
        method_version=method["version"],
        assessed_on=rating.assessment.visit_to,
        issued_on=rating.issued_at.date(),
        valid_until=rating.valid_until,
        **_signature(rating),
        chart=_chart(areas, protocol),
    )


def _signature(rating: Rating) -> dict[str, str]:
    signatures = ratings.signatures_of(rating)
    if not signatures:
        names = ("signed_by", "signed_meaning", "signed_at")
        return dict.fromkeys(names, "") | {"signature_state": DOES_NOT_HOLD}
    signature = signatures[-1]
    return {
        "signed_by": f"{signature.role}, {signature.organisation}",
        "signed_meaning": signature.meaning,
        "signed_at": signature.when,
        "signature_state": signature.state,
    }


def _chart(areas: tuple[DisclosedArea, ...], protocol: Protocol) -> str:
    """Return the profile as a drawing of what is disclosed, from nothing else."""
    rows = [
        ProfileRow(
            title=area.title,
            status=area.status,
            score=None if area.score is None else float(area.score),
            shown=area.score or "",
            # The level alone is disclosed: which gate lowered it is the facility's to know.
            arithmetic_level=area.level,
            level=area.level,
        )
        for area in areas
    ]
    return area_profile("profile", rows, profile_scale(protocol)) if rows else ""


def _areas(results: dict[str, Result], protocol: Protocol) -> tuple[DisclosedArea, ...]:
    return tuple(
        DisclosedArea(
            title=area.title,
            status=(result := results[area.id]).status,
            level=result.level,
            level_name=_name(result, protocol),
            score=None if result.score is None else shown_score(result.score),
        )
        for area in protocol.areas
    )


def _name(result: Result, protocol: Protocol) -> str:
    if result.level is not None:
        return protocol.level_name(result.level)
    return "Not rated" if result.status == NOT_RATED else "Not applicable"


def _reasons(overall: Result, protocol: Protocol) -> tuple[str, ...]:
    return tuple(reason_sentence(code, protocol) for code in overall.reasons)
