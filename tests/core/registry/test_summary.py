"""Counts over sites, on cases small enough to count by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from openqmm.core.registry.coverage import coverage
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.records import DRUG_QUALITY, Establishment, Inspection
from openqmm.core.registry.summary import (
    ClassCounts,
    Share,
    link_shares,
    makers,
    next_inspection_oai,
    summarise_window,
)

MakeInspection = Callable[..., Inspection]


def site(fei: str | None, country: str | None, *operations: str) -> Establishment:
    duns = f"{int(fei or 0) + 1:09d}"
    return Establishment(fei, duns, f"Site {fei}", "1 Road", country, operations, None)


def test_window_summary_counts_sites_once(inspection: MakeInspection) -> None:
    establishments = [
        site("1", "IND", "API MANUFACTURE"),
        site("2", "USA", "MANUFACTURE"),
        site("3", "USA", "MANUFACTURE", "API MANUFACTURE"),
        site("4", None, "MANUFACTURE"),
        site("5", "USA", "MEDICATED ANIMAL FEED MANUFACTURE"),
        site(None, "IND", "MANUFACTURE"),
    ]
    inspections = [
        inspection("2024-01-01", "OAI", fei="1"),
        inspection("2025-01-01", "VAI", fei="1"),
        inspection("2024-01-01", "NAI", fei="3"),
        inspection("2024-01-01", None, fei="9"),
        inspection("2019-01-01", "OAI", fei="2"),
    ]
    registry = Registry(establishments, inspections)
    summary = summarise_window(registry, date(2026, 6, 1))
    assert (summary.inspections, summary.inspected_feis, summary.feis_with_oai) == (4, 3, 1)
    assert summary.current == ClassCounts(nai=1, vai=1, oai=0, unknown=1)
    assert summary.registered == Share(2, 4)
    assert summary.registered_foreign == Share(1, 1)
    assert summary.registered_domestic == Share(1, 2)
    assert summary.registered_current == ClassCounts(nai=1, vai=1, oai=0, unknown=0)

    counts = makers(establishments)
    assert (counts.rows, counts.feis, counts.foreign, counts.domestic) == (5, 4, 1, 2)
    assert (counts.api, counts.api_foreign, counts.fdf, counts.fdf_domestic) == (2, 1, 3, 2)


def test_share_of_nothing_is_unknown() -> None:
    assert Share(0, 0).share is None
    assert Share(1, 4).share == 0.25


def test_link_shares_by_place(inspection: MakeInspection) -> None:
    rows = [
        inspection("2024-01-01", fei="1", is_domestic=True),
        inspection("2024-01-01", fei="2", is_domestic=False),
        inspection("2024-01-01", fei="3", is_domestic=False),
        inspection("2024-01-01", fei="1", is_domestic=None),
    ]
    shares = link_shares(rows, frozenset({"1", "2"}))
    assert (shares.all, shares.foreign, shares.domestic) == (Share(3, 4), Share(1, 2), Share(1, 1))


def test_next_inspection_pairs_stay_within_a_site(inspection: MakeInspection) -> None:
    rows = [
        inspection("2020-01-01", "OAI", fei="1"),
        inspection("2021-01-01", "OAI", fei="1"),
        inspection("2021-01-01", "NAI", fei="1", inspection_id="same day, lesser class"),
        inspection("2022-01-01", "VAI", fei="1"),
        inspection("2020-01-01", "NAI", fei="2"),
        inspection("2021-01-01", None, fei="2"),
        inspection("2022-01-01", "OAI", fei="2"),
    ]
    assert next_inspection_oai(rows) == {
        "NAI": Share(0, 0),
        "VAI": Share(0, 0),
        "OAI": Share(1, 2),
    }


def test_coverage_finds_the_hole_a_cut_answer_leaves(inspection: MakeInspection) -> None:
    def days(start: date, n: int) -> list[str]:
        return [(start + timedelta(days=i)).isoformat() for i in range(n)]

    vai = [inspection(day, "VAI") for day in days(date(2018, 1, 1), 1200)]
    nai = [inspection(day, "NAI") for day in days(date(2018, 1, 1), 250)]
    nai += [inspection(day, "NAI") for day in days(date(2020, 1, 1), 250)]
    few = [inspection("2018-01-01", "OAI"), inspection("2020-01-01", "OAI")]
    covered = coverage([*vai, *nai, *few], DRUG_QUALITY)
    assert covered is not None
    assert (covered.first_on, covered.last_on) == (date(2018, 1, 1), date(2021, 4, 14))
    (gap,) = covered.gaps
    assert (gap.classification, gap.first_after) == ("NAI", date(2020, 1, 1))
    assert "between 2018-09-07 and 2020-01-01" in str(gap)
    assert coverage(vai, "Bioresearch Monitoring") is None
