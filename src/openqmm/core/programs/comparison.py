"""What an applicant says of its facility beside what the public files say.

Neither is taken for the truth: a difference is shown, and a person looks into it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from openqmm.core.programs.model import FacilityType
from openqmm.core.programs.public_record import PublicRecord
from openqmm.core.programs.record_criteria import REGISTERED_AS
from openqmm.core.programs.vocabulary import ACTIVITIES
from openqmm.core.registry.lookup import FacilityRecord
from openqmm.core.registry.records import DRUG_QUALITY, Inspection
from openqmm.core.registry.windows import latest_first

FactId = Literal["name", "address", "duns", "country", "activities", "last_inspection"]
Finding = Literal["same", "differs", "unsaid", "unrecorded"]


@dataclass(frozen=True, slots=True)
class Said:
    """What the applicant says of the facts that public files know as well."""

    name: str
    address: str
    duns: str
    country: str
    activities: Sequence[str]
    last_inspected_on: date | None = None
    last_classification: str = ""


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact twice, in words: empty where one of the two says nothing of it."""

    fact: FactId
    said: str
    recorded: str
    finding: Finding


def prefilled_activities(facility_type: str, record: PublicRecord) -> list[str]:
    """Return what an application begins with as made at the facility: its own type, and what it is
    registered to make besides. Makers of intermediates register as makers of ingredients."""
    made = {facility_type}
    if record.registration:
        covered = REGISTERED_AS.get(facility_type)  # type: ignore[call-overload]
        made |= record.registration.activities - {covered}
    return [name for name in ACTIVITIES if name in made]


def last_inspection(record: PublicRecord) -> Inspection | None:
    """Return the latest inspection for drug quality assurance that the files name."""
    found = latest_first(i for i in record.inspections if i.project_area == DRUG_QUALITY)
    return found[0] if found else None


def compared(said: Said, record: PublicRecord) -> list[Compared]:
    """Return every fact that the public files could know, as said and as recorded."""
    return [
        *_place(said, record.registration),
        _activities(said.activities, record),
        _inspection(said, record),
    ]


def _place(said: Said, registered: FacilityRecord | None) -> list[Compared]:
    facts: tuple[FactId, ...] = ("name", "address", "duns", "country")
    if registered is None:
        return [_fact(fact, getattr(said, fact), "", same=False) for fact in facts]
    return [
        _fact(
            "name", said.name, registered.name, same=_words(said.name) == _words(registered.name)
        ),
        _fact(
            "address",
            said.address,
            registered.address,
            same=_one_within_the_other(said.address, registered.address),
        ),
        _fact("duns", said.duns, ", ".join(registered.duns), same=said.duns in registered.duns),
        _fact(
            "country",
            said.country,
            registered.country or "",
            same=said.country == registered.country,
        ),
    ]


def _activities(said: Sequence[str], record: PublicRecord) -> Compared:
    registered = record.registration.activities if record.registration else frozenset()
    claims: list[FacilityType] = [name for name in said if name in REGISTERED_AS]
    # A maker of intermediates alone may be registered as a maker of ingredients, or not at all.
    needed = {REGISTERED_AS[claim] for claim in claims if claim != "API_INTERMEDIATE"}
    same = needed <= registered <= {REGISTERED_AS[claim] for claim in claims}
    return _fact("activities", _made(said), _made(registered), same=same)


def _inspection(said: Said, record: PublicRecord) -> Compared:
    last = last_inspection(record)
    ours = (said.last_inspected_on, said.last_classification)
    same = last is not None and ours == (last.ended_on, last.classification or "")
    recorded = _inspected(last.ended_on, last.classification or "") if last else ""
    return _fact("last_inspection", _inspected(*ours), recorded, same=same)


def _fact(fact: FactId, said: str, recorded: str, *, same: bool) -> Compared:
    finding: Finding
    if not recorded:
        finding = "unrecorded"
    elif not said:
        finding = "unsaid"
    else:
        finding = "same" if same else "differs"
    return Compared(fact, said, recorded, finding)


def _made(activities: Iterable[str]) -> str:
    known = set(activities)
    return ", ".join(words for name, words in ACTIVITIES.items() if name in known)


def _inspected(ended_on: date | None, classification: str) -> str:
    return ", ".join(filter(None, [f"{ended_on:%-d %B %Y}" if ended_on else "", classification]))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _one_within_the_other(one: str, other: str) -> bool:
    """Tell whether two addresses differ only in that one says more, such as the country."""
    first, second = set(_words(one)), set(_words(other))
    return first <= second or second <= first
