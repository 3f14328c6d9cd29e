"""The nine kinds in the database: provenance, what vanished, what an older or partial list does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from openqmm.apps.audit.models import AuditChange, AuditEvent
from openqmm.apps.facilities import queries
from openqmm.apps.facilities.models import (
    ComplianceAction,
    Establishment,
    ImportAlertEntry,
    Inspection,
    RecordSource,
    Shortage,
)
from openqmm.core.errors import InvalidRecords
from openqmm.core.registry.covers import Cover
from openqmm.core.registry.kinds import KINDS
from openqmm.site.demo import records as demo
from openqmm.web import clock
from tests.apps.facilities.stories import (
    ALDER_FEI,
    ALERT_HEADER,
    COMPLIANCE_HEADER,
    INSPECTION_HEADER,
    REGISTRATION_HEADER,
    SHORTAGE_HEADER,
    alert_row,
    compliance_rows,
    inspection_rows,
    load,
    load_public_records,
    registration_rows,
    shortage_row,
)

pytestmark = pytest.mark.django_db
JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


@pytest.mark.parametrize("kind", [*demo.EVENTS, *demo.LISTS])
def test_every_kind_is_loaded_and_a_file_twice_changes_nothing(kind: str) -> None:
    with demo.telling(kind, clock.today()) as path:
        text = path.read_text()
        rows = text.splitlines()
        first = load(kind, rows[0], *rows[1:])
        changes = AuditChange.objects.count()
        second = load(kind, rows[0], *rows[1:])
    model = queries.MODELS[kind]
    assert model._default_manager.count() == first.added == first.rows == len(rows) - 1
    assert (second.added, second.replaced, second.gone, second.rejected) == (0, 0, 0, 0)
    assert set(model._default_manager.values_list("first_source", "last_source")) == {
        (first.pk, first.pk)
    }
    # The second source is the only row that the second loading wrote.
    assert AuditChange.objects.count() == changes + 1
    assert KINDS[kind].title.lower() in AuditEvent.objects.latest("at").sentence


def test_a_row_names_the_file_that_told_it_first_and_the_one_that_told_it_last() -> None:
    first = load("shortages", SHORTAGE_HEADER, shortage_row("Inventol"), told_on=JUNE)
    second = load(
        "shortages",
        SHORTAGE_HEADER,
        shortage_row("Inventol"),
        shortage_row("Other drug"),
        told_on=JULY,
    )
    row = Shortage.objects.get(generic_name="Inventol")
    assert (row.first_source, row.last_source, row.last_seen_on) == (first, second, JULY)
    assert (second.added, second.replaced, second.gone) == (1, 0, 0)


def test_what_vanished_is_kept_marked_and_comes_back() -> None:
    both = (shortage_row("Inventol"), shortage_row("Other drug"))
    first = load("shortages", SHORTAGE_HEADER, *both, told_on=JUNE)
    second = load("shortages", SHORTAGE_HEADER, both[0], told_on=JULY)
    gone = Shortage.objects.get(generic_name="Other drug")
    assert (gone.gone_on, gone.last_seen_on, gone.last_source) == (JULY, JUNE, first)
    assert second.gone == 1
    assert "1 gone" in AuditEvent.objects.latest("at").sentence
    load("shortages", SHORTAGE_HEADER, *both, told_on=AUGUST)
    gone.refresh_from_db()
    assert (gone.gone_on, gone.last_seen_on) == (None, AUGUST)


def test_an_older_list_only_adds_what_nobody_had_told() -> None:
    newer = load("shortages", SHORTAGE_HEADER, shortage_row("Inventol"), told_on=AUGUST)
    load("shortages", SHORTAGE_HEADER, shortage_row("Inventol"), told_on=JULY)
    older = load(
        "shortages",
        SHORTAGE_HEADER,
        shortage_row("Inventol", availability="None at all"),
        shortage_row("Resolved since"),
        told_on=JUNE,
    )
    assert (older.added, older.replaced, older.gone) == (1, 0, 0)
    assert Shortage.objects.get(generic_name="Inventol").last_source == newer
    past = Shortage.objects.get(generic_name="Resolved since")
    assert (past.last_seen_on, past.gone_on) == (JUNE, JULY)
    assert older.covers_until == AUGUST


def test_a_file_of_events_marks_nothing_as_gone() -> None:
    load_public_records()
    load("compliance", COMPLIANCE_HEADER, compliance_rows()[1])
    load("inspections", INSPECTION_HEADER, inspection_rows()[0])
    assert not ComplianceAction.objects.filter(gone_on__isnull=False).exists()
    assert not Inspection.objects.filter(gone_on__isnull=False).exists()


def test_a_part_of_a_list_is_refused_unless_it_is_said_to_have_shrunk() -> None:
    many = [shortage_row(f"Drug {n}") for n in range(120)]
    load("shortages", SHORTAGE_HEADER, *many, told_on=JUNE)
    with pytest.raises(InvalidRecords, match="has 10 of the 120 records of the list before"):
        load("shortages", SHORTAGE_HEADER, *many[:10], told_on=JULY)
    assert RecordSource.objects.count() == 1
    shrunk = load("shortages", SHORTAGE_HEADER, *many[:10], told_on=JULY, may_shrink=True)
    assert shrunk.gone == 110


def test_a_registration_gone_from_the_list_no_longer_stands() -> None:
    rows = registration_rows()
    load("establishments", REGISTRATION_HEADER, *rows, told_on=JUNE)
    load("establishments", REGISTRATION_HEADER, *rows[1:], told_on=JULY)
    assert queries.public_record(ALDER_FEI).registration is None
    assert Establishment.objects.get(fei=ALDER_FEI).gone_on == JULY


@pytest.mark.parametrize(
    ("kind", "said", "refusal"),
    [
        ("import_alerts", {"covers_until": JUNE}, "say of which day it is"),
        ("import_alerts", {"told_on": date(2999, 1, 1)}, "still to come"),
        ("compliance", {"told_on": JUNE}, "until which day it is complete"),
        ("compliance", {"covers_until": date(2999, 1, 1)}, "was said to cover"),
    ],
)
def test_days_that_cannot_be_true_are_refused(kind: str, said: dict, refusal: str) -> None:
    header, row = {
        "import_alerts": (ALERT_HEADER, alert_row("Somebody")),
        "compliance": (COMPLIANCE_HEADER, compliance_rows()[0]),
    }[kind]
    with pytest.raises(InvalidRecords, match=refusal):
        load(kind, header, row, **said)
    assert not RecordSource.objects.exists()


def test_files_far_apart_cover_no_time_between_them() -> None:
    old, recent = compliance_rows()
    load("compliance", COMPLIANCE_HEADER, old)
    load("compliance", COMPLIANCE_HEADER, recent)
    month_ago = clock.today() - timedelta(days=30)
    assert queries.public_record(ALDER_FEI).covers["compliance"] == Cover(month_ago, month_ago)


def test_a_value_no_source_has_is_counted_as_not_usable() -> None:
    strange = compliance_rows()[0].replace("990001", "9" * 200)
    source = load("compliance", COMPLIANCE_HEADER, strange, compliance_rows()[1])
    assert (source.added, source.rejected) == (1, 1)


def test_the_public_record_tells_actions_and_alerts_in_few_queries() -> None:
    load_public_records()
    load(
        "compliance",
        COMPLIANCE_HEADER,
        f"{ALDER_FEI},Alder Synthesis,,IND,Drugs,2025-02-03,Warning Letter,990009",
    )
    load("import_alerts", ALERT_HEADER, alert_row("Alder", fei=ALDER_FEI), told_on=JUNE)
    with CaptureQueriesContext(connection) as asked:
        record = queries.public_record(ALDER_FEI)
    assert len(asked) <= 8
    assert [action.case_id for action in record.actions] == ["990009"]
    assert [entry.alert for entry in record.alerts] == ["66-40"]
    assert record.covers["import_alerts"] == Cover(JUNE, JUNE)
    assert record.covers["compliance"].last_on == clock.today() - timedelta(days=30)
    load("import_alerts", ALERT_HEADER, alert_row("Other"), told_on=JULY)
    assert queries.public_record(ALDER_FEI).alerts == ()
    assert ImportAlertEntry.objects.get(fei=ALDER_FEI).gone_on == JULY
