"""The acknowledgement of an application: what was received, by whom it was signed, what follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from openqmm.reports.typesetting import typeset


@dataclass(frozen=True, slots=True)
class SaidLine:
    """One thing the application says; `marked` as confidential commercial information."""

    label: str
    value: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class SaidSection:
    """What the application says under one heading."""

    title: str
    lines: Sequence[SaidLine]


@dataclass(frozen=True, slots=True)
class SignedBy:
    """A signature: printed name, role, organisation, meaning, moment with its zone, digest of what
    was signed, and in `standing` whether that is what stands in the record."""

    name: str
    role: str
    organisation: str
    meaning: str
    signed_at: str
    digest: str
    standing: str


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Everything in words; `dates` pairs a day or a time with what it is for. `state` is the
    application's at `printed_at`."""

    reference: str
    facility: str
    fei: str
    organisation: str
    round: str
    program: str
    received_at: str
    state: str
    printed_at: str
    signatures: Sequence[SignedBy]
    sections: Sequence[SaidSection]
    confidential: str
    confidentiality: str
    dates: Sequence[tuple[str, str]]


def acknowledgement_pdf(acknowledgement: Acknowledgement, dated: datetime) -> bytes:
    """Return the acknowledgement as PDF/A-2a, PDF/UA-1; the same input gives the same bytes."""
    content = asdict(acknowledgement) | {"undrawn": False}
    return typeset("acknowledgement", content, dated.replace(microsecond=0))
