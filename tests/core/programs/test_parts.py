"""What an application lacks at which step, and how its word stands to the public record."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

from openqmm.core.programs import PublicRecord
from openqmm.core.programs.comparison import (
    Said,
    compared,
    last_inspection,
    prefilled_activities,
)
from openqmm.core.programs.parts import (
    FIELDS,
    MARKABLE,
    STEPS,
    WILLINGNESS,
    first_open_step,
    lacking,
)
from openqmm.core.registry.lookup import Registry
from openqmm.core.registry.records import DRUG_QUALITY, Establishment, Inspection

FEI = "3009999901"


@dataclass(frozen=True)
class Application:
    contact_name: str = "Quin"
    contact_email: str = "q@example.org"
    activities: tuple[str, ...] = ("API",)
    size_band: str = "small"
    sector: str = "generic"
    products: str = "Inventol"
    dosage_forms: tuple[str, ...] = ()
    statement: str = "To learn."
    willing_visit: bool = True
    willing_observers: bool = True
    willing_data: bool = True
    clean_record: bool = True
    confidential: list[str] = field(default_factory=list)


@pytest.mark.parametrize(
    ("change", "step", "words"),
    [
        ({"contact_name": " "}, "contacts", "a contact person"),
        ({"contact_email": ""}, "contacts", "a contact's e-mail address"),
        ({"activities": ()}, "facility", "the activities"),
        ({"size_band": ""}, "facility", "the size of the facility"),
        ({"sector": ""}, "facility", "the sector"),
        ({"products": "\n"}, "products", "the products"),
        ({"activities": ("API", "FDF")}, "products", "the dosage forms"),
        ({"statement": ""}, "statements", "the statement"),
        ({"willing_visit": False}, "statements", "the agreement to a visit"),
        ({"willing_observers": False}, "statements", "the agreement to observers"),
        ({"willing_data": False}, "statements", "the agreement to give data"),
    ],
)
def test_each_lack_names_its_step(change: dict[str, Any], step: str, words: str) -> None:
    lacks = lacking(replace(Application(), **change))
    assert [(lack.step, lack.words) for lack in lacks] == [(step, words)]
    assert first_open_step(replace(Application(), **change)) == step


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"clean_record": False},
        {"activities": ("FDF",), "dosage_forms": ("solid",)},
        {"confidential": ["products"]},
    ],
)
def test_what_is_no_lack(change: dict[str, Any]) -> None:
    whole = replace(Application(), **change)
    assert lacking(whole) == []
    assert first_open_step(whole) == "review"


def test_nothing_is_written_at_two_steps() -> None:
    names = [name for fields in FIELDS.values() for name in fields]
    assert len(names) == len(set(names))
    assert FIELDS.keys() == STEPS.keys()
    assert set(WILLINGNESS) <= set(names)
    assert "willing_visit" not in MARKABLE


def _record(
    operations: tuple[str, ...] = ("API MANUFACTURE",),
    inspections: tuple[Inspection, ...] = (),
) -> PublicRecord:
    row = Establishment(
        fei=FEI,
        duns="999000001",
        name="Alder Synthesis Unit 1",
        address="Plot 7, Invented Park, India (IND)",
        country="IND",
        operations=operations,
        expires_on=date(2026, 12, 31),
    )
    return PublicRecord(
        registration=Registry([row], ()).facility_record(FEI), inspections=inspections
    )


def _inspection(ended_on: date, classification: str | None, area: str = DRUG_QUALITY) -> Inspection:
    return Inspection(
        fei=FEI,
        inspection_id="900001",
        ended_on=ended_on,
        classification=classification,  # type: ignore[arg-type]
        project_area=area,
        legal_name="Alder",
        city="",
        state="",
        country=None,
        is_domestic=None,
    )


SAID = Said(
    name="ALDER SYNTHESIS, Unit 1",
    address="Plot 7, Invented Park",
    duns="999000001",
    country="IND",
    activities=["API"],
)


def _findings(said: Said, record: PublicRecord) -> dict[str, str]:
    return {one.fact: one.finding for one in compared(said, record)}


def test_spelling_is_no_difference() -> None:
    found = _findings(SAID, _record())
    assert found.pop("last_inspection") == "unrecorded"
    assert set(found.values()) == {"same"}


@pytest.mark.parametrize(
    ("change", "fact"),
    [
        ({"name": "Alder Works"}, "name"),
        ({"address": "Plot 8, Invented Park"}, "address"),
        ({"duns": "999000002"}, "duns"),
        ({"country": "CHE"}, "country"),
        ({"activities": ["FDF"]}, "activities"),
        ({"activities": ["API", "FDF"]}, "activities"),
    ],
)
def test_a_difference_shows_both(change: dict[str, Any], fact: str) -> None:
    found = {one.fact: one for one in compared(replace(SAID, **change), _record())}
    assert [name for name, one in found.items() if one.finding == "differs"] == [fact]
    assert found[fact].said
    assert found[fact].recorded
    assert found[fact].said != found[fact].recorded


def test_without_a_registration_nothing_differs() -> None:
    assert set(_findings(SAID, PublicRecord()).values()) == {"unrecorded"}


@pytest.mark.parametrize("operations", [("API MANUFACTURE",), ("PACK",)])
def test_a_maker_of_intermediates_need_not_be_registered_for_them(
    operations: tuple[str, ...],
) -> None:
    said = replace(SAID, activities=["API_INTERMEDIATE"])
    assert _findings(said, _record(operations))["activities"] != "differs"


@pytest.mark.parametrize(
    ("facility_type", "operations", "activities"),
    [
        ("API", ("API MANUFACTURE",), ["API"]),
        ("API", ("MANUFACTURE", "API MANUFACTURE"), ["API", "FDF"]),
        ("API_INTERMEDIATE", ("API MANUFACTURE",), ["API_INTERMEDIATE"]),
        ("API_INTERMEDIATE", ("MANUFACTURE",), ["API_INTERMEDIATE", "FDF"]),
        ("FDF", ("PACK",), ["FDF"]),
    ],
)
def test_activities_begin_with_the_registration(
    facility_type: str, operations: tuple[str, ...], activities: list[str]
) -> None:
    assert prefilled_activities(facility_type, _record(operations)) == activities
    assert prefilled_activities(facility_type, PublicRecord()) == [facility_type]


def test_the_last_inspection_is_that_of_drug_quality() -> None:
    older, newer = date(2025, 3, 1), date(2026, 3, 1)
    record = _record(
        inspections=(
            _inspection(older, "VAI"),
            _inspection(newer, "NAI", "Food Composition"),
        )
    )
    last = last_inspection(record)
    assert last is not None
    assert last.ended_on == older
    assert last_inspection(PublicRecord()) is None
    same = replace(SAID, last_inspected_on=older, last_classification="VAI")
    better = replace(same, last_classification="NAI")
    assert _findings(same, record)["last_inspection"] == "same"
    assert _findings(better, record)["last_inspection"] == "differs"
    assert _findings(SAID, record)["last_inspection"] == "unsaid"
