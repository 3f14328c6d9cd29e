"""Screening on the real public files: its counts are those of the files' check figures."""

from __future__ import annotations

import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from openqmm.core.programs import ApplicationFacts, PublicRecords, screen, shipped_program
from openqmm.core.registry.establishments import read_establishments
from openqmm.core.registry.inspections import read_inspections
from openqmm.core.registry.lookup import Registry

ROOT = Path(__file__).parents[3]
DATA = Path(os.environ.get("OPENQMM_TEST_DATA", ROOT / ".." / "shared")) / "data"


@pytest.mark.realdata
def test_every_registered_maker_is_screened_as_the_check_figures_say() -> None:
    if not DATA.is_dir():
        pytest.skip(f"the public files are not in {DATA}")
    registry = Registry(
        read_establishments(DATA / "drls_reg_2025-08_no_contacts.csv").records,
        read_inspections(DATA / "inspections_drug_manufacturing.csv").records,
    )
    records, program = PublicRecords(registry), shipped_program("successor")
    found: Counter[tuple[str, str]] = Counter()
    makers = 0
    for fei in registry.registered_feis:
        record = records.of(fei)
        assert record.registration is not None
        if not record.registration.activities:
            continue
        makers += 1
        facts = ApplicationFacts("", record.registration.name, fei)
        found.update((c.id, c.verdict) for c in screen(program, facts, record, date(2026, 6, 1)))
    assert makers == 7_233
    inspected = found["inspected", "met"]
    assert round(100 * inspected / makers, 1) == 43.9
    assert found["inspected", "not_met"] == makers - inspected
    assert found["current_classification", "met"] == 2_197 + 664
    assert found["current_classification", "not_met"] == 317
    assert found["registered", "met"] == makers
    assert found["activity", "met"] == makers
