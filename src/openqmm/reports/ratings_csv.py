"""Ratings as a table for spreadsheets: a row for the facility as a whole and one for each area."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import lru_cache

from openqmm.core.protocols import Protocol
from openqmm.core.ratings import (
    METHOD_VERSION,
    Ratings,
    Result,
)
from openqmm.core.records import line_writer
from openqmm.reports.spreadsheet import spreadsheet_safe
from openqmm.reports.words import decimal_text

COLUMNS = (
    "facility_id",
    "facility_type",
    "scope",
    "area_id",
    "status",
    "level",
    "level_name",
    "score",
    "score_exact",
    "arithmetic_level",
    "coverage",
    "reasons",
    "gates",
    "flags",
    "protocol_id",
    "protocol_version",
    "method_version",
)


def ratings_csv(
    protocol: Protocol, ratings: Ratings, *, signed: str | None = None
) -> Iterator[str]:
    """Yield `ratings.csv` line by line, header first, in the order of `ratings`.

    Numbers are written as in `ratings.json`; several codes in one cell are separated by "; ", a
    gate reads "rule from>to cause". `protocol` is the one rated under; it names the levels.
    `signed` adds a last column, `signatures`, that says in each row who signed.
    """
    if protocol.digest != ratings.protocol_digest:
        raise ValueError(f"The ratings were not made under this {protocol.id} {protocol.version}.")
    writer = line_writer()
    names = {step.level: spreadsheet_safe(step.name) for step in protocol.scale}
    area_ids = {area.id: spreadsheet_safe(area.id) for area in protocol.areas}
    version = (spreadsheet_safe(protocol.id), spreadsheet_safe(protocol.version), METHOD_VERSION)
    signatures = () if signed is None else (spreadsheet_safe(signed),)
    yield writer.writerow(COLUMNS if signed is None else (*COLUMNS, "signatures"))
    for rating in ratings.facilities:
        facility = (spreadsheet_safe(rating.facility_id), rating.facility_type or "")
        overall = _result_cells(rating.overall, names)
        yield writer.writerow((*facility, "overall", "", *overall, *version, *signatures))
        for area_id, result in rating.areas.items():
            area = _result_cells(result, names)
            cells = (*facility, "area", area_ids[area_id], *area, *version, *signatures)
            yield writer.writerow(cells)


def _result_cells(result: Result, names: Mapping[int, str]) -> tuple[object, ...]:
    score, coverage = result.score, result.coverage
    gates = (f"{gate.rule} {gate.from_level}>{gate.to_level} {gate.cause}" for gate in result.gates)
    return (
        result.status,
        result.level,
        names[result.level] if result.level else "",
        *(_number_cells(score.numerator, score.denominator) if score is not None else ("", "")),
        result.arithmetic_level,
        "" if coverage is None else _number_cells(coverage.numerator, coverage.denominator)[0],
        "; ".join(result.reasons),
        "; ".join(gates),
        "; ".join(result.flags),
    )


# Keyed by whole numbers: hashing a fraction costs more than writing it.
@lru_cache(maxsize=100_000)
def _number_cells(top: int, bottom: int) -> tuple[str, str]:
    return decimal_text(Fraction(top, bottom)), f"{top}/{bottom}"
