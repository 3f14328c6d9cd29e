"""May this actor keep, replace or withdraw this evidence? None, or the refusal as a sentence."""

from __future__ import annotations

from datetime import date

from openqmm.apps.evidence.models import KEEPERS, MARKS
from openqmm.core.workflow import Actor, reason_fault


def keeping_refusal(by: Actor) -> str | None:
    """Return why the actor may not keep evidence at all, or None."""
    if by.role in KEEPERS:
        return None
    return "Only a facility's quality lead and its authorised signatory keep its evidence."


def entry_refusal(
    name: str, confidentiality: str, period: tuple[date | None, date | None]
) -> str | None:
    """Return what is wrong with what is said of a file, or None."""
    if not name:
        return "The file has no name that can be kept. Name it and send it again."
    if confidentiality not in dict(MARKS):
        return "Mark the file as confidential, internal or public."
    first, last = period
    if first and last and last < first:
        return "The time the file covers ends before it begins."
    return None


def replacing_refusal(*, derived: bool, withdrawn: bool, newer: bool) -> str | None:
    """Return why no new version of this file can be sent, or None."""
    if derived:
        return "This file was made from another; send a new version of that one."
    if withdrawn:
        return "This file is withdrawn. Send what is right as a file of its own."
    if newer:
        return "There is a newer version of this file already; replace that one."
    return None


def withdrawal_refusal(*, withdrawn: bool) -> str | None:
    """Return why the file cannot be withdrawn, or None."""
    return "This file is withdrawn already." if withdrawn else None


def reason_refusal(reason: str) -> str | None:
    """Return why a reason does not do, or None."""
    return reason_fault(reason)
