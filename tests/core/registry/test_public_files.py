"""Figures counted on the real public files (source: FDA), as of 2026-06-01."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openqmm.core.registry.coverage import coverage
from openqmm.core.registry.establishments import read_establishments
from openqmm.core.registry.importing import import_establishments, import_inspections
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.records import DRUG_QUALITY, Inspection
from openqmm.core.registry.summary import (
    ClassCounts,
    MakerCounts,
    Share,
    link_shares,
    makers,
    next_inspection_oai,
    summarise_window,
)
from openqmm.core.registry.windows import fiscal_year_start

pytestmark = pytest.mark.realdata

AS_OF = date(2026, 6, 1)


@pytest.fixture(scope="module")
def registry(public_data: Path) -> Registry:
    establishments = import_establishments([public_data / "drls_reg_2025-08_no_contacts.csv"])
    inspections = import_inspections([public_data / "inspections_drug_manufacturing.csv"])
    for imported in (establishments, inspections):
        assert imported.duplicates == 0
        assert not imported.files[0].rejected
        assert not imported.files[0].unrecognised_columns
    return Registry(establishments.records, inspections.records)


@pytest.fixture(scope="module")
def since_2020(registry: Registry) -> list[Inspection]:
    """Drug quality inspections from fiscal year 2020 on, where no rows are missing."""
    start = fiscal_year_start(2020)
    return [
        inspection
        for inspection in registry.inspections
        if inspection.project_area == DRUG_QUALITY and inspection.ended_on >= start
    ]


def test_files_are_read_whole(registry: Registry) -> None:
    assert len(registry.establishments) == 10_439
    assert len(registry.inspections) == 15_267
    assert sum(i.project_area == DRUG_QUALITY for i in registry.inspections) == 14_884
    assert all(establishment.country for establishment in registry.establishments)
    several = [
        fei
        for fei in registry.registered_feis
        if (record := registry.facility_record(fei)) and len(record.duns) > 1
    ]
    assert len(several) == 243


def test_window_of_five_years(registry: Registry) -> None:
    summary = summarise_window(registry, AS_OF)
    assert summary.inspected_feis == 4_590
    assert summary.current == ClassCounts(nai=1_032, vai=2_954, oai=604, unknown=0)
    assert summary.feis_with_oai == 695
    assert summary.registered == Share(3_178, 7_233)
    assert summary.registered.share == pytest.approx(0.439, abs=5e-4)
    assert summary.registered_foreign.total == 3_752
    assert summary.registered_foreign.share == pytest.approx(0.531, abs=5e-4)
    assert summary.registered_domestic.total == 3_481
    assert summary.registered_domestic.share == pytest.approx(0.340, abs=5e-4)
    assert summary.registered_current == ClassCounts(nai=664, vai=2_197, oai=317, unknown=0)


def test_registered_makers(registry: Registry) -> None:
    assert makers(registry.establishments) == MakerCounts(
        rows=7_598,
        feis=7_233,
        foreign=3_752,
        domestic=3_481,
        api=2_366,
        api_foreign=1_846,
        fdf=5_443,
        fdf_domestic=3_208,
    )


def test_next_inspection(since_2020: list[Inspection]) -> None:
    after = next_inspection_oai(since_2020)
    assert sum(share.total for share in after.values()) == 1_316
    assert after["OAI"].share == pytest.approx(0.54, abs=5e-3)
    assert after["VAI"].share == pytest.approx(0.138, abs=5e-4)
    assert after["NAI"].share == pytest.approx(0.065, abs=5e-4)


def test_links_to_the_registration_file(registry: Registry, since_2020: list[Inspection]) -> None:
    shares = link_shares(since_2020, registry.registered_feis)
    assert shares.all.share == pytest.approx(0.85, abs=5e-3)
    assert shares.foreign.share == pytest.approx(0.94, abs=5e-3)
    assert shares.domestic.share == pytest.approx(0.76, abs=5e-3)


def test_known_hole_is_found(registry: Registry) -> None:
    covered = coverage(registry.inspections, DRUG_QUALITY)
    assert covered is not None
    assert (covered.first_on, covered.last_on) == (date(2008, 10, 1), date(2026, 5, 28))
    assert [(gap.classification, gap.first_after.year) for gap in covered.gaps] == [
        ("NAI", 2019),
        ("VAI", 2019),
    ]


def test_bioresearch_inspections_change_nothing(registry: Registry, public_data: Path) -> None:
    bimo = import_inspections([public_data / "inspections_bimo_names_removed.csv"])
    assert bimo.rows == 7_290
    both = Registry(registry.establishments, registry.inspections + bimo.records)
    assert summarise_window(both, AS_OF) == summarise_window(registry, AS_OF)


def test_the_one_address_without_a_code_is_read_by_name(public_data: Path) -> None:
    read = read_establishments(public_data / "drls_reg_2025-08_no_contacts.csv")
    assert [r.country for r in read.records if not r.address.endswith(")")] == ["CZE"]
