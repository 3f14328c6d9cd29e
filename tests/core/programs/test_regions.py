"""Every country has one region, and a country that cannot be read has none."""

from __future__ import annotations

from openqmm.core.programs.regions import _COUNTRIES, region_of
from openqmm.core.registry.countries import alpha3_codes


def test_every_country_but_antarctica_has_one_region() -> None:
    listed = [code for codes in _COUNTRIES.values() for code in codes.split()]
    assert len(listed) == len(set(listed))
    assert set(listed) == alpha3_codes() - {"ATA"}


def test_a_country_is_read_in_any_spelling() -> None:
    assert region_of("India") == region_of("IN") == region_of("IND") == "asia"
    assert region_of("Puerto Rico") == "americas"
    assert region_of("Ruritania") is None
    assert region_of(None) is None
