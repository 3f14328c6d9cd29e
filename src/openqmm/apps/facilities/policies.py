"""May this actor add a facility, or load public records?"""

from __future__ import annotations

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


def linking_refusal(by: Actor) -> str | None:
    """Return why the actor may not look at or decide links of records to sites, or None."""
    if by.role is Role.PROGRAM_ADMINISTRATOR:
        return None
    return "Only a program administrator decides which site a record is about."
