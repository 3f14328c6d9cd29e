"""What a facility's area profile shows, taken from its rating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openqmm.core.protocols import Protocol
from openqmm.core.ratings import FacilityRating, shown_score
from openqmm.core.ratings.model import Status
from openqmm.reports.words import reason_sentence

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One area of a profile; scores are on the scale of 1 to 5 and None unless rated.

    `shown` is the score as people read it; `reason` says in words why there is none.
    """

    title: str
    status: Status
    score: float | None = None
    shown: str = ""
    arithmetic_level: int | None = None
    level: int | None = None
    reason: str = ""
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class ProfileScale:
    """The five levels' names and the four cut points between them."""

    names: tuple[str, ...]
    cut_points: tuple[float, ...]


def profile_rows(
    protocol: Protocol, rating: FacilityRating, intervals: Mapping[str, Interval] | None = None
) -> tuple[ProfileRow, ...]:
    """Return the rows of a facility's profile in protocol order; intervals by area id if known."""
    known = intervals or {}
    rows = []
    for area in protocol.areas:
        result = rating.areas[area.id]
        rows.append(
            ProfileRow(
                title=area.title,
                status=result.status,
                score=None if result.score is None else float(result.score),
                shown="" if result.score is None else shown_score(result.score),
                arithmetic_level=result.arithmetic_level,
                level=result.level,
                reason=" ".join(reason_sentence(code, protocol) for code in result.reasons),
                interval=known.get(area.id),
            )
        )
    return tuple(rows)


def profile_scale(protocol: Protocol) -> ProfileScale:
    """Return the scale that a protocol's profiles are drawn on."""
    cuts = tuple(float(cut) for cut in protocol.rules.cut_points)
    return ProfileScale(tuple(step.name for step in protocol.scale), cuts)
