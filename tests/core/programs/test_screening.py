"""Screening: each criterion, each verdict. Sites and numbers are synthetic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openqmm.core.programs import (
    ApplicationFacts,
    CriterionVerdict,
    PublicRecord,
    PublicRecords,
    place_refusal,
    places_left,
    read_program,
    screen,
    shipped_program,
    shipped_source,
    verdict,
)
from openqmm.core.registry.compliance import ActionType, ComplianceAction
from openqmm.core.registry.coverage import Coverage, Gap
from openqmm.core.registry.covers import Cover
from openqmm.core.registry.import_alerts import ImportAlertEntry
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.records import DRUG_QUALITY, Classification, Establishment, Inspection

AS_OF = date(2026, 6, 1)
FEI = "3009999901"
COVER = Coverage(date(2008, 10, 1), date(2026, 5, 28), ())


def establishment(
    operations: tuple[str, ...] = ("API MANUFACTURE",),
    country: str | None = "IND",
    expires_on: date | None = date(2026, 12, 31),
) -> Establishment:
    address = "Plot 7, Invented Park"
    return Establishment(FEI, "999000001", "Alder", address, country, operations, expires_on)


def inspection(
    ended_on: date, classification: Classification | None, area: str = DRUG_QUALITY
) -> Inspection:
    number = f"{ended_on:%y%m%d}"
    return Inspection(
        FEI, number, ended_on, classification, area, "Alder", "Anand", "", None, False
    )


def record(
    *inspections: Inspection,
    site: Establishment | None = None,
    cover: Coverage | None = COVER,
    until: date | None = date(2026, 12, 31),
) -> PublicRecord:
    registry = Registry([site or establishment()], [])
    return PublicRecord(
        registry.facility_record(FEI),
        inspections,
        until,
        cover,
        covers={"compliance": Cover(date(2008, 10, 1), date(2026, 5, 20))},
    )


def action(taken_on: date, action_type: ActionType = "Warning Letter") -> ComplianceAction:
    return ComplianceAction(
        FEI, "Alder", "", "IND", False, "Drugs", taken_on, action_type, f"{taken_on:%y%m}"
    )


def alert(published_on: date = date(2026, 5, 1)) -> ImportAlertEntry:
    return ImportAlertEntry("66-40", "Alder", "Plot 7, Anand", "IND", published_on, FEI, ())


LATEST = inspection(date(2025, 3, 1), "VAI")


def application(**facts: object) -> ApplicationFacts:
    stated = {"clean_record": True, "in_commerce": True}
    usual = {
        "application_id": "A-1",
        "facility_name": "Alder",
        "fei": FEI,
        "country": "IND",
        "activities": ("API",),
        "attestations": stated,
        "others_in_round": 0,
    }
    return ApplicationFacts(**{**usual, **facts})  # type: ignore[arg-type]


def verdicts(
    facts: ApplicationFacts | None = None,
    public: PublicRecord | None = None,
    program: str = "pilot-api",
    as_of: date = AS_OF,
) -> dict[str, CriterionVerdict]:
    found = screen(
        shipped_program(program), facts or application(), public or record(LATEST), as_of
    )
    return {criterion.id: criterion for criterion in found}


def test_a_clean_application_meets_every_criterion_and_shows_its_records() -> None:
    found = verdicts()
    assert {criterion.verdict for criterion in found.values()} == {"met"}
    assert verdict(found.values()) == "eligible"
    assert found["current_classification"].records == (
        "Inspection 250301, Drug Quality Assurance, ended 2025-03-01: VAI",
    )
    assert found["registered"].records == (
        "Registration of FEI 3009999901: Alder, IND, until 2026-12-31",
    )


@pytest.mark.parametrize(
    ("public", "fei", "expected", "words"),
    [
        (PublicRecord(), FEI, "cannot_tell", "No registration file is loaded"),
        (PublicRecord(registrations_until=date(2026, 12, 31)), FEI, "not_met", "is not in"),
        (record(until=date(2025, 11, 29)), FEI, "cannot_tell", "load a newer one"),
        (record(until=date(2025, 12, 31)), FEI, "met", "Registered as Alder"),
        (record(site=establishment(expires_on=date(2025, 12, 31))), FEI, "not_met", "ended on"),
        (record(), "30O9", "cannot_tell", "is not an FEI"),
    ],
)
def test_registered(public: PublicRecord, fei: str, expected: str, words: str) -> None:
    found = verdicts(application(fei=fei), public)["registered"]
    assert (found.verdict, words in found.reason) == (expected, True)


@pytest.mark.parametrize(
    ("program", "activities", "operations", "expected"),
    [
        ("pilot-api", ("API",), ("API MANUFACTURE",), "met"),
        ("pilot-api", ("API",), ("MANUFACTURE",), "not_met"),
        ("pilot-api", ("FDF",), ("API MANUFACTURE",), "not_met"),
        ("pilot-api", ("API_INTERMEDIATE",), ("API MANUFACTURE",), "met"),
        ("pilot-api", ("API_INTERMEDIATE",), ("PACK",), "cannot_tell"),
        ("pilot-api", ("API",), (), "cannot_tell"),
        ("pilot-api", (), ("API MANUFACTURE",), "met"),
        ("pilot-api", (), ("FEED MANUFACTURE",), "not_met"),
        ("pilot-fdf", ("FDF",), ("MANUFACTURE", "PACK"), "met"),
        ("successor", ("FDF",), ("API MANUFACTURE",), "not_met"),
        ("successor", ("API", "FDF"), ("API MANUFACTURE",), "met"),
    ],
)
def test_activity(
    program: str, activities: tuple[str, ...], operations: tuple[str, ...], expected: str
) -> None:
    public = record(LATEST, site=establishment(operations=operations))
    found = verdicts(application(activities=activities), public, program)
    assert found["activity"].verdict == expected


def test_activity_without_a_registration_cannot_be_told() -> None:
    assert verdicts(public=PublicRecord())["activity"].verdict == "cannot_tell"


@pytest.mark.parametrize(
    ("program", "stated", "recorded", "expected"),
    [
        ("pilot-api", "IN", "IND", "met"),
        ("pilot-api", "India", None, "met"),
        ("pilot-api", None, "IND", "met"),
        ("pilot-api", "USA", "USA", "not_met"),
        ("pilot-api", "PR", None, "not_met"),
        ("pilot-api", "Ruritania", "IND", "cannot_tell"),
        ("pilot-api", "USA", "IND", "cannot_tell"),
        ("pilot-api", None, None, "cannot_tell"),
        ("pilot-fdf", "United States", "USA", "met"),
        ("pilot-fdf", "CHE", "DEU", "not_met"),
        ("successor", "Ruritania", None, "met"),
    ],
)
def test_location(program: str, stated: str | None, recorded: str | None, expected: str) -> None:
    public = record(LATEST, site=establishment(country=recorded))
    assert verdicts(application(country=stated), public, program)["location"].verdict == expected


@pytest.mark.parametrize(
    ("ended_on", "expected"),
    [
        (date(2021, 6, 1), "met"),
        (date(2021, 5, 31), "not_met"),
        (date(2026, 6, 1), "met"),
        (date(2026, 6, 2), "not_met"),
    ],
)
def test_the_window_includes_both_its_ends(ended_on: date, expected: str) -> None:
    found = verdicts(public=record(inspection(ended_on, "NAI")))
    assert found["inspected"].verdict == expected
    current = found["current_classification"].verdict
    assert current == ("met" if expected == "met" else "cannot_tell")


@pytest.mark.parametrize(
    ("classification", "expected"),
    [("NAI", "met"), ("VAI", "met"), ("OAI", "not_met"), (None, "cannot_tell")],
)
def test_current_class(classification: Classification | None, expected: str) -> None:
    older = inspection(date(2023, 1, 1), "OAI")
    latest = inspection(date(2025, 1, 1), classification)
    found = verdicts(public=record(older, latest))["current_classification"]
    assert found.verdict == expected
    assert "2025-01-01" in found.records[0]


def test_of_two_classes_on_one_day_the_least_favourable_stands() -> None:
    day = date(2025, 1, 1)
    public = record(inspection(day, "NAI"), inspection(day, "OAI"))
    assert verdicts(public=public)["current_classification"].verdict == "not_met"


def test_an_inspection_of_another_area_does_not_count() -> None:
    public = record(inspection(date(2025, 1, 1), "NAI", "Bioresearch Monitoring"))
    found = verdicts(public=public)
    assert found["inspected"].verdict == "not_met"
    assert found["current_classification"].verdict == "cannot_tell"


@pytest.mark.parametrize(
    ("cover", "words"),
    [
        (None, "No inspection file is loaded"),
        (Coverage(date(2022, 1, 1), date(2026, 5, 28), ()), "begin on 2022-01-01"),
        (Coverage(date(2008, 1, 1), date(2026, 3, 2), ()), "load a newer one"),
        (
            Coverage(
                date(2008, 1, 1),
                date(2026, 5, 28),
                (Gap("NAI", date(2020, 1, 1), date(2022, 1, 1)),),
            ),
            "have a gap",
        ),
    ],
)
def test_absence_counts_only_where_the_files_cover_the_window(
    cover: Coverage | None, words: str
) -> None:
    found = verdicts(public=record(cover=cover))["inspected"]
    assert (found.verdict, words in found.reason) == ("cannot_tell", True)


def test_a_class_is_current_only_if_nothing_later_can_be_missing() -> None:
    stale = Coverage(date(2008, 1, 1), date(2025, 3, 1), ())
    found = verdicts(public=record(LATEST, cover=stale))["current_classification"]
    assert found.verdict == "cannot_tell"
    assert found.records
    before = Coverage(
        date(2008, 1, 1), date(2026, 5, 28), (Gap("NAI", date(2012, 1, 1), date(2019, 1, 1)),)
    )
    assert verdicts(public=record(LATEST, cover=before))["current_classification"].verdict == "met"


@pytest.mark.parametrize("criterion", ["clean_record", "in_commerce"])
def test_what_no_file_shows_rests_on_the_applicants_word(criterion: str) -> None:
    stated = verdicts(application(attestations={criterion: True}))[criterion]
    refused = verdicts(application(attestations={criterion: False}))[criterion]
    unasked = verdicts(application(attestations={}))[criterion]
    assert (stated.verdict, refused.verdict, unasked.verdict) == ("met", "not_met", "cannot_tell")
    assert "Stated by the applicant" in stated.reason


@pytest.mark.parametrize(
    ("others", "expected"), [(0, "met"), (1, "not_met"), (None, "cannot_tell")]
)
def test_one_application_in_the_round(others: int | None, expected: str) -> None:
    found = verdicts(application(others_in_round=others))
    assert found["not_in_round"].verdict == expected


@given(st.lists(st.sampled_from(["met", "not_met", "cannot_tell"]), min_size=1))
def test_one_criterion_not_met_outweighs_all_that_nobody_can_tell(found: list[str]) -> None:
    criteria = [CriterionVerdict("location", "", v, "") for v in found]  # type: ignore[arg-type]
    outcome = verdict(criteria)
    if "not_met" in found:
        assert outcome == "ineligible"
    elif "cannot_tell" in found:
        assert outcome == "needs_review"
    else:
        assert outcome == "eligible"
    assert verdict(reversed(criteria)) == outcome


def test_the_records_of_a_registry_carry_the_dates_they_cover() -> None:
    registry = Registry([establishment()], [LATEST, inspection(date(2020, 1, 1), "NAI")])
    found = PublicRecords(registry).of(f"00{FEI}")
    assert found.registrations_until == date(2026, 12, 31)
    assert found.inspections_cover == Coverage(date(2020, 1, 1), date(2025, 3, 1), ())
    assert len(found.inspections) == 2
    assert PublicRecords(Registry([], [])).of(FEI) == PublicRecord()


def test_a_place_is_refused_at_the_cap_and_not_before() -> None:
    assert place_refusal(8, 9) is None
    assert "All 9 places" in (place_refusal(9, 9) or "")
    assert "All 9 places" in (place_refusal(10, 9) or "")
    assert "The one place" in (place_refusal(1, 1) or "")
    assert [places_left(n, 9) for n in (0, 9, 10)] == [9, 0, 0]


def test_twenty_ninth_of_february_has_a_window() -> None:
    found = verdicts(
        public=record(inspection(date(2019, 2, 28), "NAI"), until=date(2024, 12, 31)),
        as_of=date(2024, 2, 29),
    )
    assert found["inspected"].verdict == "met"
    assert AS_OF - timedelta(days=4) == COVER.last_on


ACTIONS_COVER = Cover(date(2008, 10, 1), date(2026, 5, 20))
ALERTS_COVER = Cover(date(2026, 5, 25), date(2026, 5, 25))


@pytest.mark.parametrize(
    ("more", "words", "line"),
    [
        ({"actions": (action(date(2021, 6, 1)),)}, "a warning letter", "Warning Letter 2106"),
        (
            {"actions": (action(date(2024, 2, 1)), action(date(2025, 2, 1), "Injunction"))},
            "a warning letter, an injunction",
            "Injunction 2502",
        ),
        ({"actions": (action(date(2024, 2, 1), "Seizure"),)}, "a seizure", "Seizure 2402"),
        ({"alerts": (alert(),)}, "an import alert", "Import alert 66-40, Alder, IND"),
        (
            {"inspections": (LATEST, inspection(date(2022, 1, 1), "OAI"))},
            "an inspection classified OAI",
            "Inspection 220101",
        ),
    ],
)
def test_a_record_in_the_window_is_no_clean_one(
    more: dict[str, object], words: str, line: str
) -> None:
    found = verdicts(public=replace(record(LATEST), **more))["clean_record"]  # type: ignore[arg-type]
    assert (found.verdict, found.attested) == ("not_met", False)
    assert words in found.reason
    assert any(line in shown for shown in found.records)


@pytest.mark.parametrize(
    "more",
    [
        {"actions": (action(date(2021, 5, 31)),)},
        {"inspections": (LATEST, inspection(date(2021, 5, 31), "OAI"))},
        {"inspections": (LATEST, inspection(date(2024, 1, 1), "OAI", "Bioresearch Monitoring"))},
    ],
)
def test_what_lies_before_the_window_or_in_another_area_does_not_count(
    more: dict[str, object],
) -> None:
    found = verdicts(public=replace(record(LATEST), **more))["clean_record"]  # type: ignore[arg-type]
    assert (found.verdict, found.attested) == ("met", True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"covers": {}}, "No file of compliance actions is loaded"),
        (
            {"covers": {"compliance": Cover(date(2022, 1, 1), date(2026, 5, 1))}},
            "The compliance actions loaded begin on 2022-01-01, after 2021-06-01",
        ),
        (
            {"covers": {"compliance": Cover(date(2008, 10, 1), date(2024, 6, 30))}},
            "The compliance actions loaded end on 2024-06-30",
        ),
        (
            {"inspections": (inspection(date(2025, 3, 1), None),)},
            "The class of inspection 250301 cannot be read",
        ),
        ({"inspections_cover": None}, "No inspection file is loaded"),
        ({"possible_alerts": (alert(),)}, "A person has to look"),
    ],
)
def test_no_record_is_never_counted_as_clean(more: dict[str, object], words: str) -> None:
    found = verdicts(public=replace(record(LATEST), **more))["clean_record"]  # type: ignore[arg-type]
    assert (found.verdict, found.attested) == ("cannot_tell", False)
    assert words in found.reason


def test_with_every_source_loaded_no_statement_is_needed() -> None:
    covers = {"compliance": ACTIONS_COVER, "import_alerts": ALERTS_COVER}
    public = replace(record(LATEST), covers=covers, products=("Inventol, NDC 99999-0001",))
    found = verdicts(application(attestations={}), public)
    assert (found["clean_record"].verdict, found["clean_record"].attested) == ("met", False)
    assert (found["in_commerce"].verdict, found["in_commerce"].attested) == ("met", False)
    assert found["in_commerce"].records == ("Inventol, NDC 99999-0001",)


def test_an_old_list_of_alerts_is_stood_in_for_by_the_statement() -> None:
    covers = {
        "compliance": ACTIONS_COVER,
        "import_alerts": Cover(date(2026, 4, 1), date(2026, 4, 1)),
    }
    found = verdicts(public=replace(record(LATEST), covers=covers))["clean_record"]
    assert (found.verdict, found.attested) == ("met", True)
    assert "end on 2026-04-01" in found.reason


def test_a_program_may_take_no_statement_at_all() -> None:
    text = shipped_source("pilot-api")
    cut = text.index("    attestation: in_commerce"), text.index("    statement: >-")
    strict = text[: cut[0]] + text[cut[1] :]
    head, _, tail = strict.partition("    statement: >-")
    strict = head + tail[tail.index("    source:") :]
    program = read_program(strict.encode(), "strict.yaml")
    found = {c.id: c for c in screen(program, application(), record(LATEST), AS_OF)}
    assert found["in_commerce"].verdict == "cannot_tell"


def test_without_an_fei_nothing_can_be_looked_up() -> None:
    found = verdicts(application(fei="none yet"), PublicRecord(inspections_cover=COVER))
    for criterion in ("registered", "inspected", "clean_record"):
        assert found[criterion].verdict == "cannot_tell", criterion
