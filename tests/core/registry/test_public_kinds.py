"""Figures counted on the real public files of all kinds (source: FDA)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from openqmm.core.registry.covers import Cover
from openqmm.core.registry.enforcement import count_events
from openqmm.core.registry.firm_names import fold_place, folded_names
from openqmm.core.registry.kinds import KINDS, kind_of, told_on
from openqmm.core.registry.linkage import Link, Linker, Named, count_links, sites_of
from openqmm.core.registry.merging import ImportedRecords
from openqmm.core.registry.records import DRUG_QUALITY
from openqmm.core.registry.shortages import repeated_listings

pytestmark = pytest.mark.realdata

KIND_OF_FILE = {
    "inspections_drug_manufacturing.csv": "inspections",
    "inspections_bimo_names_removed.csv": "inspections",
    "citations_drugs.csv": "citations",
    "compliance_actions_drugs_2024-07.csv": "compliance",
    "published_483s_2024-07.csv": "form483",
    "published_483s_2025-07.xlsx": "form483",
    "drls_reg_2025-08_no_contacts.csv": "establishments",
    "drug-enforcement-2023-08.json.zip": "enforcement",
    "drug-shortages-2026-06-19.json": "shortages",
    "Drugshortages_2025-26.csv": "shortages",
}
Import = Callable[..., ImportedRecords[Any]]


@pytest.fixture(scope="module")
def imported(public_data: Path) -> Import:
    """Import public files of one kind, by their names; no row is rejected, no column unknown."""

    def read(*names: str) -> ImportedRecords[Any]:
        kind = KINDS[KIND_OF_FILE[names[0]]]
        imported = kind.import_files([public_data / name for name in names])
        for file in imported.files:
            assert not file.rejected
            assert not file.unrecognised_columns
        return imported

    return read


def covered(imported: ImportedRecords[Any], kind: str) -> Cover | None:
    return KINDS[kind].covers(imported.records, told_on(imported))


@pytest.mark.parametrize("name", KIND_OF_FILE)
def test_kind_is_told(public_data: Path, name: str) -> None:
    assert kind_of(public_data / name) == KIND_OF_FILE[name]


def test_other_files_are_of_no_kind(public_data: Path) -> None:
    assert kind_of(public_data / "MANIFEST.md") is None


def test_citations(imported: Import) -> None:
    citations = imported("citations_drugs.csv")
    assert (citations.rows, len(citations.records)) == (9_994, 9_994)
    assert not any(record.act_cfr for record in citations.records)
    assert covered(citations, "citations") == Cover(date(2008, 10, 2), date(2026, 4, 14))


def test_compliance_actions(imported: Import) -> None:
    actions = imported("compliance_actions_drugs_2024-07.csv")
    assert (actions.rows, len(actions.records)) == (2_341, 2_341)
    assert Counter(record.action_type for record in actions.records) == {
        "Warning Letter": 2_266,
        "Injunction": 51,
        "Seizure": 24,
    }
    # None of the rows lacks an FEI; 57 lack the country, and with it whether they are domestic.
    assert all(record.fei for record in actions.records)
    assert sum(record.country is None for record in actions.records) == 57
    assert sum(record.is_domestic is None for record in actions.records) == 57
    # 184 repeats among 4,233 rows are documented for all product types; of drugs alone there are
    # 127: 87 cases are told more than once.
    cases = Counter(record.case_id for record in actions.records)
    assert len(actions.records) - len(cases) == 127
    assert sum(count > 1 for count in cases.values()) == 87
    assert covered(actions, "compliance") == Cover(date(2008, 10, 1), date(2024, 6, 27))


def test_published_483s(imported: Import) -> None:
    old = imported("published_483s_2024-07.csv")
    new = imported("published_483s_2025-07.xlsx")
    assert (old.rows, new.rows) == (1_723, 1_851)
    # 24 FEIs are blank in each; three and two more are a name or a number too long.
    assert sum(record.fei is None for record in old.records) == 27
    assert sum(record.fei is None for record in new.records) == 26
    assert [len(snapshot.files[0].doubts) for snapshot in (old, new)] == [3, 2]
    for snapshot in (old, new):
        assert sum(record.record_date is None for record in snapshot.records) == 19
    assert (_repeated_pairs(old), _repeated_pairs(new)) == (173, 170)
    assert covered(new, "form483") == Cover(date(2012, 1, 4), date(2025, 6, 19))


def _repeated_pairs(forms: ImportedRecords[Any]) -> int:
    """Count the rows that repeat FEI and day of another."""
    rows = forms.files[0].records
    return len(rows) - len({(record.fei, record.record_date) for record in rows})


def test_483s_of_two_years_are_merged_by_their_address(imported: Import) -> None:
    both = imported("published_483s_2024-07.csv", "published_483s_2025-07.xlsx")
    assert both.rows == 3_574
    # 98 addresses of the older list are not on the newer; record numbers were given anew.
    addresses = {record.download for record in both.records}
    assert len(addresses) == 1_850 + 98
    # One address stands for two sites, and of one form the FEI was put right.
    assert len(both.records) == len(addresses) + 2
    assert both.duplicates == 0


def test_recalls(imported: Import) -> None:
    recalls = imported("drug-enforcement-2023-08.json.zip")
    assert (recalls.rows, len(recalls.records)) == (15_542, 15_542)
    assert count_events(recalls.records) == 3_673
    assert Counter(record.classification for record in recalls.records) == {
        "II": 12_521,
        "I": 1_523,
        "III": 1_497,
        None: 1,
    }
    assert Counter(record.voluntary for record in recalls.records) == {
        True: 15_481,
        None: 32,
        False: 29,
    }
    ended = sum(record.terminated_on is not None for record in recalls.records)
    assert ended / len(recalls.records) == pytest.approx(0.76, abs=5e-3)
    # Twelve repeated recall numbers are documented of an older file; this one repeats none.
    assert (recalls.duplicates, recalls.restated) == (0, 0)
    assert told_on(recalls) == date(2023, 8, 5)
    assert covered(recalls, "enforcement") == Cover(date(2012, 6, 20), date(2023, 7, 26))


def test_shortages(imported: Import) -> None:
    shortages = imported("drug-shortages-2026-06-19.json")
    (file,) = shortages.files
    assert file.rows == 1_640
    assert Counter(record.status for record in file.records) == {
        "Current": 1_151,
        "To Be Discontinued": 464,
        "Resolved": 25,
    }
    assert sum(record.is_shortage for record in file.records) == 1_176
    assert all(record.ndc for record in file.records)
    assert repeated_listings(file.records) == 39
    # Of the repeated ones 36 are a shortage and its discontinuation, which are two records.
    assert (len(shortages.records), shortages.duplicates, shortages.restated) == (1_637, 1, 2)
    assert covered(shortages, "shortages") == Cover(date(2026, 6, 19), date(2026, 6, 19))


def test_shortages_download(imported: Import) -> None:
    shortages = imported("Drugshortages_2025-26.csv")
    assert shortages.rows == 1_688
    assert all(record.ndc for record in shortages.records)
    assert covered(shortages, "shortages") == Cover(date(2026, 5, 11), date(2026, 5, 11))


@pytest.mark.parametrize("name", KIND_OF_FILE)
def test_normalised_records_come_back_unchanged(
    imported: Import, tmp_path: Path, name: str
) -> None:
    kind = KINDS[KIND_OF_FILE[name]]
    records = imported(name).records
    path = tmp_path / f"{kind.name}.csv"
    path.write_text("".join(kind.lines(records)), encoding="utf-8", newline="")
    assert set(kind.import_files([path]).records) == set(records)


def test_linkage_of_recalls(imported: Import) -> None:
    establishments = imported("drls_reg_2025-08_no_contacts.csv").records
    inspections = imported("inspections_drug_manufacturing.csv").records
    recalls = imported("drug-enforcement-2023-08.json.zip").records
    linker = Linker(sites_of(establishments, inspections))
    counts = count_links(map(KINDS["enforcement"].named, recalls), linker)
    # Documented: folded name and city link 57 % of the records. Names of the form "X dba Y" and
    # "X, a Y company" add to the 58 % that are measured without them.
    assert counts.by_method["name_city"] / counts.total == pytest.approx(0.617, abs=0.01)
    assert counts.by_method["fuzzy"] / counts.total == pytest.approx(0.01, abs=0.005)
    # Documented: of the names met in their city 98 % are of a single site.
    met = [{fei for key in _keys(recall) for fei in linker.feis_at(*key)} for recall in recalls]
    single = sum(len(feis) == 1 for feis in met) / sum(map(bool, met))
    assert single == pytest.approx(0.985, abs=0.01)


def _keys(recall: Any) -> list[tuple[str, str]]:
    return [(name, fold_place(recall.city)) for name in folded_names(recall.firm)]


def test_linkage_is_right_where_the_site_is_known(imported: Import) -> None:
    """Names and cities of inspected sites lead to their own FEI in the registration file."""
    establishments = imported("drls_reg_2025-08_no_contacts.csv").records
    inspections = imported("inspections_drug_manufacturing.csv").records
    registered = {row.fei for row in establishments}
    linker = Linker(sites_of(establishments))
    told = {
        (i.fei, Named(i.legal_name, i.city, i.country)) for i in inspections if i.fei in registered
    }
    right: Counter[tuple[str, bool]] = Counter()
    for fei, named in told:
        if isinstance(found := linker.link(named), Link):
            right[found.method, found.fei == fei] += 1
    assert right["name_city", True] > 3_500
    assert right["name_city", False] <= 10
    assert right["fuzzy", True] >= 60
    assert right["fuzzy", False] == 0


def test_links_by_fei(imported: Import) -> None:
    establishments = imported("drls_reg_2025-08_no_contacts.csv").records
    registered = {row.fei for row in establishments if row.fei}
    inspected = {
        inspection.fei
        for inspection in imported("inspections_drug_manufacturing.csv").records
        if inspection.project_area == DRUG_QUALITY and inspection.ended_on >= date(2019, 10, 1)
    }
    assert len(inspected & registered) / len(inspected) == pytest.approx(0.84, abs=5e-3)
    letters = {
        action.fei
        for action in imported("compliance_actions_drugs_2024-07.csv").records
        if action.action_type == "Warning Letter"
    }
    # Documented for drug warning letters of all years: 24 %. This file ends in June 2024, and the
    # share has grown since.
    assert len(letters & registered) / len(letters) == pytest.approx(0.215, abs=5e-3)
    forms = [f for f in imported("published_483s_2025-07.xlsx").records if f.fei]
    # Documented: 22 % of the published 483s.
    assert sum(f.fei in registered for f in forms) / len(forms) == pytest.approx(0.22, abs=0.02)
