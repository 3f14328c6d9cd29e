"""May this actor add a facility, or load public records?"""

from __future__ import annotations

from datetime import date

from openqmm.core.workflow import Actor, Role, reason_fault


def adding_refusal(by: Actor) -> str | None:
    """Return why the actor may not add a facility, or None."""
    if by.role is Role.FACILITY_QUALITY_LEAD:
        return None
    return "Only a facility quality lead adds facilities, for their own organisation."


def correcting_refusal(by: Actor) -> str | None:
    """Return why the actor may not correct a facility, or None."""
    if by.role is Role.FACILITY_QUALITY_LEAD:
        return None
    return "Only a facility quality lead corrects what their organisation entered."


def correction_refusal(name: str, address: str, reason: str) -> str | None:
    """Return what a correction still lacks, or None."""
    if not name or not address:
        return "A facility has a name and an address."
    return reason_fault(reason)


def importing_refusal(by: Actor) -> str | None:
    """Return why the actor may not load public records, or None."""
    if by.role in {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}:
        return None
    return "Only a program administrator loads public records."


def coverage_refusal(last_on: date, covers_until: date | None, today: date) -> str | None:
    """Return why a file cannot be said to cover the days until `covers_until`, or None."""
    if covers_until is None or last_on <= covers_until <= today:
        return None
    return (
        f"The file was said to cover the days until {covers_until}; it must be a day from "
        f"{last_on}, its last inspection, to today."
    )
