"""What an application says, part by part, and how far the public records agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from openqmm.apps.facilities import queries as facilities
from openqmm.apps.facilities.models import Facility
from openqmm.apps.programs.models import Application
from openqmm.apps.programs.queries.configurations import program_of
from openqmm.core.programs import PublicRecord, vocabulary
from openqmm.core.programs.comparison import (
    Compared,
    FactId,
    Said,
    compared,
    last_inspection,
    prefilled_activities,
)
from openqmm.core.programs.parts import (
    MARKABLE,
    STEPS,
    WILLINGNESS,
    WILLINGNESS_TITLES,
    Step,
    lacking,
)

_FINDINGS = {
    "same": ("As in the public file", "done"),
    "differs": ("Differs from the public file", "warn"),
    "unsaid": ("Not said here", "info"),
    "unrecorded": ("Not in the public file", "neutral"),
}
_FACTS: dict[FactId, str] = {
    "name": "Name",
    "address": "Address",
    "duns": "DUNS",
    "country": "Country",
    "activities": "Activities",
    "last_inspection": "Last inspection",
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as the applicant says it and as a public file has it, and whether they agree."""

    id: FactId
    label: str
    said: str
    recorded: str
    source: str
    finding: str
    tone: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One thing an application says: its mark of confidentiality, and the public file's word where
    that is another."""

    label: str
    value: str
    marked: bool = False
    record: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """What an application says at one of its steps, and what it lacks there."""

    step: Step
    title: str
    lines: list[Line]
    lacks: list[str]


def document(row: Application, record: PublicRecord | None = None) -> list[Section]:
    """Return the whole of an application the caller may already see, a section a step."""
    said = {fact.id: fact for fact in facts(row, record) if fact.differs}
    lines: dict[Step, list[Line]] = {
        "contacts": _contacts(row),
        "facility": _facility(row, said),
        "products": _products(row),
        "inspections": [
            _line(row, "last_inspection", _("Last inspection"), _last_inspection(row), said)
        ],
        "statements": _statements(row),
        "confidentiality": [Line(_("Marked as confidential"), marks(row) or _("Nothing"))],
    }
    lacks: dict[Step, list[str]] = {}
    for lack in lacking(row):
        lacks.setdefault(lack.step, []).append(lack.words)
    return [Section(step, STEPS[step], found, lacks.get(step, [])) for step, found in lines.items()]


def facts(row: Application, record: PublicRecord | None = None) -> list[Fact]:
    """Return what an application the caller may already see says of what public files know."""
    facility = row.facility
    said = Said(
        name=facility.name,
        address=facility.address,
        duns=facility.duns,
        country=facility.country,
        activities=row.activities,
        last_inspected_on=row.last_inspected_on,
        last_classification=row.last_classification,
    )
    found = record or facilities.public_record(facility.fei)
    return [_fact(one, found) for one in compared(said, found)]


def prefilled(facility: Facility) -> dict[str, Any]:
    """Return what the public records let an application for this facility begin with."""
    record = facilities.public_record(facility.fei)
    last = last_inspection(record)
    return {
        "activities": prefilled_activities(facility.facility_type, record),
        "last_inspected_on": last.ended_on if last else None,
        "last_classification": (last.classification or "") if last else "",
    }


def marks(row: Application) -> str:
    """Return the parts marked as confidential commercial information, in words."""
    return ", ".join(words for name, words in MARKABLE.items() if name in row.confidential)


def agreed(row: Application) -> dict[str, bool]:
    """Return every sentence an application agrees to or states, and whether it does."""
    stated = {c.statement: c.attestation or "" for c in program_of(row.round).attestations}
    sentences = {words: name for name, words in WILLINGNESS.items()} | stated
    return {words: getattr(row, name) for words, name in sentences.items()}


def _contacts(row: Application) -> list[Line]:
    deputy = ", ".join(filter(None, [row.deputy_name, row.deputy_email]))
    contact = ", ".join(filter(None, [row.contact_name, row.contact_email, row.contact_phone]))
    return [
        _line(row, "contacts", _("Contact person"), contact),
        _line(row, "contacts", _("Deputy"), deputy or _("None named")),
    ]


def _facility(row: Application, said: dict[FactId, Fact]) -> list[Line]:
    facility = row.facility
    made = [vocabulary.ACTIVITIES.get(name, name) for name in row.activities]
    return [
        Line(_("Name"), facility.name, record=_recorded(said, "name")),
        Line(_("FEI"), facility.fei),
        Line(_("DUNS"), facility.duns, record=_recorded(said, "duns")),
        Line(_("Address"), facility.address, record=_recorded(said, "address")),
        Line(_("Country"), facility.country, record=_recorded(said, "country")),
        _line(row, "activities", _("Activities"), ", ".join(made), said),
        _line(row, "size_band", _("People"), row.get_size_band_display()),
        _line(row, "sector", _("Sector"), row.get_sector_display()),
    ]


def _products(row: Application) -> list[Line]:
    lines = [_line(row, "products", _("Products or ingredients"), row.products)]
    forms = [vocabulary.DOSAGE_FORMS.get(name, name) for name in row.dosage_forms]
    if forms or "FDF" in row.activities:
        lines.append(_line(row, "dosage_forms", _("Dosage forms"), ", ".join(forms)))
    return lines


def _statements(row: Application) -> list[Line]:
    why = _line(row, "statement", _("Why it wants to take part"), row.statement)
    willing = [
        Line(WILLINGNESS_TITLES[name], _given(_("Agreed"), words, getattr(row, name)))
        for name, words in WILLINGNESS.items()
    ]
    stated = [
        Line(c.title, _given(_("Stated"), c.statement, getattr(row, c.attestation or "")))
        for c in program_of(row.round).attestations
    ]
    return [why, *willing, *stated]


def _given(done: str, sentence: str, given: bool) -> str:
    return f"{done}: {sentence}" if given else _("Not said: %(sentence)s") % {"sentence": sentence}


def _line(
    row: Application,
    part: str,
    label: str,
    value: str,
    said: dict[FactId, Fact] | None = None,
) -> Line:
    return Line(label, value, part in row.confidential, _recorded(said or {}, part))


def _recorded(said: dict[FactId, Fact], part: Any) -> str:
    return said[part].recorded if part in said else ""


def _last_inspection(row: Application) -> str:
    day = row.last_inspected_on
    words = facilities.CLASS_WORDS.get(row.last_classification, "")
    said = [f"{day:%-d %B %Y}" if day else "", row.last_classification, words]
    return ", ".join(filter(None, said)) or _("Not known, or never inspected")


def _fact(one: Compared, record: PublicRecord) -> Fact:
    words, tone = _FINDINGS[one.finding]
    inspected = one.fact == "last_inspection"
    source = _("Public inspection file") if inspected else _("Public registration file")
    registration = record.registration
    if registration and registration.expires_on and not inspected:
        source += _(", registered until %(day)s") % {"day": f"{registration.expires_on:%-d %B %Y}"}
    return Fact(
        id=one.fact,
        label=_FACTS[one.fact],
        said=one.said,
        recorded=one.recorded,
        source=source,
        finding=words,
        tone=tone,
        differs=one.finding == "differs",
    )
