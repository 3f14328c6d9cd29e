"""The public files in the database: loaded twice, loaded older, asked by FEI."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from openqmm.apps.audit.models import AuditEvent
from openqmm.apps.facilities import actions, policies, queries
from openqmm.apps.facilities.models import Establishment, Inspection, RecordSource
from openqmm.core.errors import InvalidRecords, NotPermitted
from openqmm.core.workflow import SYSTEM
from openqmm.web import clock
from tests.apps.facilities.stories import (
    ALDER_FEI,
    INSPECTION_HEADER,
    REGISTRATION_HEADER,
    inspection_rows,
    load_public_records,
    registration_rows,
    write,
)
from tests.arranging import arranged
from tests.people import Cast

pytestmark = pytest.mark.django_db


def registrations(*rows: str) -> str:
    return "\n".join([REGISTRATION_HEADER, *rows]) + "\n"


def inspections(*rows: str) -> str:
    return "\n".join([INSPECTION_HEADER, *rows]) + "\n"


def imported(kind: str, path: Path, **said: Any) -> RecordSource:
    return actions.import_records(by=SYSTEM, kind=kind, path=path, **said)


def test_a_loaded_site_answers_by_its_fei_however_it_is_written() -> None:
    load_public_records()
    record = queries.public_record(f" 00{ALDER_FEI} ")
    assert record.registration is not None
    assert record.registration.name == "Alder Synthesis Unit 1"
    assert record.registration.country == "IND"
    assert [line.words for line in queries.inspection_lines(record)] == [
        "Voluntary action indicated"
    ]
    assert record.inspections_cover is not None
    assert record.inspections_cover.last_on == clock.today() - timedelta(days=30)


def test_loading_a_file_twice_changes_no_record_and_is_on_the_trail() -> None:
    load_public_records()
    load_public_records()
    assert Establishment.objects.count() == 3
    assert Inspection.objects.count() == 3
    second = RecordSource.objects.filter(kind="inspections").latest("loaded_at")
    assert (second.rows, second.added, second.replaced, second.rejected) == (3, 0, 0, 0)
    events = AuditEvent.objects.filter(what="records.imported")
    assert events.count() == 6
    assert "3 rows, 3 new" in events[0].sentence


def test_a_newer_registration_replaces_and_an_older_does_not() -> None:
    load_public_records()
    year = clock.today().year
    newer = registrations(
        *registration_rows(clock.today().replace(year=year + 1, month=12, day=31))
    )
    source = actions.import_records(
        by=SYSTEM, kind="establishments", path=write(newer, "newer.csv")
    )
    assert (source.added, source.replaced) == (0, 3)
    older = registrations(
        *registration_rows(clock.today().replace(year=year - 1, month=12, day=31))
    )
    source = actions.import_records(
        by=SYSTEM, kind="establishments", path=write(older, "older.csv")
    )
    assert (source.added, source.replaced) == (0, 0)
    registration = queries.public_record(ALDER_FEI).registration
    assert registration is not None
    assert registration.expires_on is not None
    assert registration.expires_on.year == year + 1
    assert source.covers_until is not None
    assert source.covers_until.year == year + 1


def test_rows_without_an_fei_are_counted_as_not_usable() -> None:
    text = registrations(*registration_rows(), "-,999000009,Nameless,Somewhere (IND),,PACK")
    source = actions.import_records(
        by=SYSTEM, kind="establishments", path=write(text, "with-gap.csv")
    )
    assert (source.rows, source.added, source.rejected) == (4, 3, 1)


def test_a_class_that_can_be_read_replaces_one_that_could_not() -> None:
    row = inspection_rows()[0]
    unread = inspections(row.replace("VAI", "pending"), inspection_rows()[1])
    imported("inspections", write(unread, "early.csv"))
    assert queries.inspection_lines(queries.public_record(ALDER_FEI))[0].words == "Class unknown"
    imported("inspections", write(inspections(row), "later.csv"))
    lines = queries.inspection_lines(queries.public_record(ALDER_FEI))
    assert [line.classification for line in lines] == ["VAI"]


def test_the_days_a_file_covers_may_be_said_but_not_invented() -> None:
    path = write(inspections(*inspection_rows()), "inspections.csv")
    source = imported("inspections", path, covers_until=clock.today())
    assert source.covers_until == clock.today()
    with pytest.raises(InvalidRecords, match="was said to cover"):
        imported("inspections", path, covers_until=clock.today() + timedelta(days=1))
    assert RecordSource.objects.count() == 1


def test_gaps_of_the_files_stay_known() -> None:
    gap = [["NAI", "2012-11-14", "2019-07-19"]]
    load_public_records()
    source = RecordSource.objects.filter(kind="inspections").latest("loaded_at")
    with arranged():
        RecordSource.objects.filter(pk=source.pk).update(gaps=json.loads(json.dumps(gap)))
    cover = queries.public_record(ALDER_FEI).inspections_cover
    assert cover is not None
    assert str(cover.gaps[0]).startswith("no NAI inspection ended between 2012-11-14")


def test_a_file_of_another_kind_leaves_neither_rows_nor_event() -> None:
    with pytest.raises(InvalidRecords, match="registration file"):
        actions.import_records(
            by=SYSTEM, kind="establishments", path=write("a,b\n1,2\n", "other.csv")
        )
    assert not RecordSource.objects.exists()
    assert not AuditEvent.objects.filter(what="records.imported").exists()


def test_only_the_office_and_the_system_load_records(cast: Cast) -> None:
    may = {name for name, actor in cast.actors.items() if not policies.importing_refusal(actor)}
    assert may == {"ada"}
    assert policies.importing_refusal(SYSTEM) is None
    path = write(inspections(*inspection_rows()), "inspections.csv")
    with pytest.raises(NotPermitted, match="program administrator"):
        actions.import_records(by=cast.quin, kind="inspections", path=path)


def test_nothing_loaded_says_so() -> None:
    record = queries.public_record(ALDER_FEI)
    assert (record.registration, record.inspections_cover, record.inspections) == (None, None, ())


def test_an_older_file_of_events_loaded_again_takes_nothing_back() -> None:
    first = write(inspections(*inspection_rows()), "first.csv")
    renamed = [row.replace("Alder Synthesis", "Alder Holding") for row in inspection_rows()]
    second = write(inspections(*renamed), "second.csv")
    imported("inspections", first)
    assert imported("inspections", second).replaced == 1
    for path in (first, second, first):
        again = imported("inspections", path)
        assert (again.added, again.replaced, again.gone) == (0, 0, 0)
    assert Inspection.objects.get(fei=ALDER_FEI).legal_name == "Alder Holding"
