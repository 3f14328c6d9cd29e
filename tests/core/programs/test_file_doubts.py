"""What is missing or too old among the files loaded."""

from __future__ import annotations

from datetime import date, timedelta

from openqmm.core.programs import PublicRecord, shipped_program
from openqmm.core.programs.file_doubts import file_doubts
from openqmm.core.registry.coverage import Coverage
from openqmm.core.registry.covers import Cover

TODAY = date(2026, 6, 1)
LONG_AGO = date(2020, 1, 1)
PROGRAMS = [shipped_program("pilot-api"), shipped_program("successor")]


def day(ago: int) -> Cover:
    return Cover(TODAY - timedelta(days=ago), TODAY - timedelta(days=ago))


def test_nothing_loaded_is_said_once_of_every_kind_however_many_programs() -> None:
    doubts = file_doubts(PROGRAMS, PublicRecord(), TODAY)
    assert set(doubts) == {"establishments", "inspections", "compliance", "import_alerts", "ndc"}
    assert all(len(sentences) == 1 for sentences in doubts.values())


def test_files_that_cover_the_windows_raise_no_doubt() -> None:
    record = PublicRecord(
        registrations_until=date(2026, 12, 31),
        inspections_cover=Coverage(LONG_AGO, TODAY, ()),
        covers={"compliance": Cover(LONG_AGO, TODAY), "import_alerts": day(1), "ndc": day(1)},
    )
    assert file_doubts(PROGRAMS, record, TODAY) == {}


def test_too_old_and_too_short_are_told_apart() -> None:
    record = PublicRecord(
        registrations_until=date(2026, 12, 31),
        inspections_cover=Coverage(date(2024, 1, 1), TODAY, ()),
        covers={
            "compliance": Cover(LONG_AGO, date(2025, 1, 1)),
            "import_alerts": day(90),
            "ndc": day(1),
        },
    )
    doubts = file_doubts(PROGRAMS, record, TODAY)
    assert set(doubts) == {"inspections", "compliance", "import_alerts"}
    assert "begin on 2024-01-01" in doubts["inspections"][0]
    assert "end on 2025-01-01" in doubts["compliance"][0]
