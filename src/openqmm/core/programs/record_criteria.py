"""The five criteria that registrations and inspections decide.

Absence counts only where the files loaded cover the time asked about; otherwise nobody can tell.
"""

from __future__ import annotations

from openqmm.core.programs.findings import (
    Judgement,
    ScreeningCase,
    cannot_tell,
    met,
    not_met,
)
from openqmm.core.programs.model import FacilityType, LocationRule
from openqmm.core.registry.identity import country_code, is_domestic_country, normalise_fei
from openqmm.core.registry.lookup import FacilityRecord
from openqmm.core.registry.records import Activity, Inspection

# Makers of intermediates register as makers of ingredients; the file has no operation of their own.
REGISTERED_AS: dict[FacilityType, Activity] = {
    "API": "API",
    "API_INTERMEDIATE": "API",
    "FDF": "FDF",
}

ACTIVITY_WORDS = {
    "API": "active pharmaceutical ingredients",
    "API_INTERMEDIATE": "API intermediates",
    "FDF": "finished dosage forms",
}


def registered(case: ScreeningCase) -> Judgement:
    """Judge whether the FEI is registered and the registration runs."""
    if normalise_fei(case.application.fei) is None:
        return cannot_tell(f"{case.application.fei!r} is not an FEI of at most 10 digits.")
    doubt = case.registrations_doubt
    registration = case.record.registration
    if doubt:
        return cannot_tell(doubt, *_registration_line(registration))
    if registration is None:
        return not_met("The FEI is not in the registration file.")
    until, file_until = registration.expires_on, case.record.registrations_until
    if until and file_until and until < min(file_until, case.as_of):
        return not_met(f"The registration ended on {until}.", *_registration_line(registration))
    return met(f"Registered as {registration.name}.", *_registration_line(registration))


def activity(case: ScreeningCase) -> Judgement:
    """Judge whether the facility makes what the program is for, by its word and registration."""
    wanted = case.program.facility_types
    wanted_words = in_words([ACTIVITY_WORDS[t] for t in wanted])
    claimed = [t for t in case.application.activities if t in wanted]
    if case.application.activities and not claimed:
        said = in_words([ACTIVITY_WORDS[t] for t in case.application.activities])
        return not_met(f"The application is for {said}; the program is for {wanted_words}.")
    registration = case.record.registration
    if registration is None:
        return cannot_tell("No registration says what is made at the facility.")
    line = _registration_line(registration)
    needed = {REGISTERED_AS[t] for t in claimed or wanted}
    if needed & registration.activities:
        return met(f"Registered to make {_made(registration)}.", *line)
    if not any(row.operations for row in registration.establishments):
        return cannot_tell("The registration names no operations.", *line)
    if "API_INTERMEDIATE" in claimed:
        reason = "Not registered as a maker of ingredients; a maker of intermediates need not be."
        return cannot_tell(reason, *line)
    return not_met(f"Not registered as a maker of {wanted_words}.", *line)


def location(case: ScreeningCase) -> Judgement:
    """Judge the place by the registration's country; the applicant's word where it has none."""
    if case.program.location == "any":
        return met("Facilities of every country may apply.")
    registration = case.record.registration
    recorded = registration.country if registration else None
    stated = country_code(case.application.country)
    line = _registration_line(registration)
    if case.application.country and stated is None:
        return cannot_tell(f"The country {case.application.country!r} cannot be read.", *line)
    if recorded and stated and is_domestic_country(recorded) != is_domestic_country(stated):
        reason = f"The application says {stated}, the registration {recorded}."
        return cannot_tell(reason, *line)
    return _on_the_right_side(case.program.location, recorded or stated, line)


def _on_the_right_side(rule: LocationRule, country: str | None, line: tuple[str, ...]) -> Judgement:
    domestic = is_domestic_country(country)
    if domestic is None:
        return cannot_tell("Neither registration nor application names a country.", *line)
    side = "inside" if domestic else "outside"
    reason = f"The facility is in {country}, {side} the United States and its territories."
    fits = domestic == (rule == "domestic")
    return met(reason, *line) if fits else not_met(reason, *line)


def inspected(case: ScreeningCase) -> Judgement:
    """Judge whether a drug quality inspection ended in the look-back window."""
    window = case.window
    span = f"between {window.first_on} and {window.last_on}"
    n = len(window.inspections)
    if n:
        times = "1 inspection" if n == 1 else f"{n} inspections"
        return met(f"{times} ended {span}.", *map(inspection_line, window.inspections))
    if window.fei is None:
        return cannot_tell("Without an FEI no inspection can be looked up.")
    doubt = case.inspections_doubt(window.first_on)
    if doubt:
        return cannot_tell(doubt)
    return not_met(f"No inspection for drug quality assurance ended {span}.")


def current_classification(case: ScreeningCase) -> Judgement:
    """Judge the class of the latest drug quality inspection in the look-back window."""
    window = case.window
    if not window.inspections:
        return cannot_tell("No inspection in the look-back window gives a class.")
    latest = window.inspections[0]
    line = inspection_line(latest)
    doubt = case.inspections_doubt(latest.ended_on)
    if doubt:
        return cannot_tell(f"A later inspection may be missing. {doubt}", line)
    if latest.classification is None:
        return cannot_tell("The class of the latest inspection cannot be read.", line)
    reason = f"The latest inspection, ended {latest.ended_on}, is {latest.classification}."
    return not_met(reason, line) if latest.classification == "OAI" else met(reason, line)


def inspection_line(inspection: Inspection) -> str:
    """Return an inspection as one line of evidence."""
    outcome = inspection.classification or "class unknown"
    name = f"Inspection {inspection.inspection_id}"
    return f"{name}, {inspection.project_area}, ended {inspection.ended_on}: {outcome}"


def in_words(parts: list[str]) -> str:
    """Return words joined as in a sentence: "a, b or c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def _registration_line(registration: FacilityRecord | None) -> tuple[str, ...]:
    if registration is None:
        return ()
    until = f", until {registration.expires_on}" if registration.expires_on else ""
    name = f"Registration of FEI {registration.fei}: {registration.name}"
    return (f"{name}, {registration.country or 'country unknown'}{until}",)


def _made(registration: FacilityRecord) -> str:
    return " and ".join(ACTIVITY_WORDS[made] for made in sorted(registration.activities))
