"""What an application consists of: its steps, its parts, and what it lacks before it is signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

Step = Literal[
    "contacts", "facility", "products", "inspections", "statements", "confidentiality", "review"
]

STEPS: dict[Step, str] = {
    "contacts": "Contacts",
    "facility": "Facility",
    "products": "Products",
    "inspections": "Inspections",
    "statements": "Statements",
    "confidentiality": "Confidentiality",
    "review": "Review",
}
"""The pages on which an application is written, in their order, with their titles."""

FIELDS: dict[Step, tuple[str, ...]] = {
    "contacts": (
        "contact_name",
        "contact_email",
        "contact_phone",
        "deputy_name",
        "deputy_email",
    ),
    "facility": ("activities", "size_band", "sector"),
    "products": ("products", "dosage_forms"),
    "inspections": ("last_inspected_on", "last_classification"),
    "statements": ("statement", "willing_visit", "willing_observers", "willing_data"),
    "confidentiality": ("confidential",),
    "review": (),
}
"""What is written on each page; the program's attestations come to the statements."""

MARKABLE = {
    "contacts": "Contact persons",
    "activities": "Activities",
    "size_band": "People working at the facility",
    "sector": "Sector",
    "products": "Products or ingredients",
    "dosage_forms": "Dosage forms",
    "last_inspection": "Last inspection",
    "statement": "Why it wants to take part",
}
"""The parts that may be marked as confidential commercial information, with their words."""

WILLINGNESS = {
    "willing_visit": "The facility may be visited, on site or remotely, to be assessed.",
    "willing_observers": "Staff of the agency may accompany the visit as observers.",
    "willing_data": (
        "The facility gives the assessors the quality data they ask for, as far as it has them."
    ),
}
"""The sentences that taking part asks a facility to agree to, by the field of the answer."""


WILLINGNESS_TITLES = {
    "willing_visit": "Visit",
    "willing_observers": "Observers",
    "willing_data": "Data",
}
"""What each of these sentences is about."""


class ApplicationLike(Protocol):
    """What of an application must be there before it is signed."""

    contact_name: Any
    contact_email: Any
    activities: Any
    size_band: Any
    sector: Any
    products: Any
    dosage_forms: Any
    statement: Any
    willing_visit: Any
    willing_observers: Any
    willing_data: Any


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that an application does not say yet, and the step at which it is said."""

    step: Step
    words: str


_NEEDED: tuple[tuple[str, Step, str], ...] = (
    ("contact_name", "contacts", "a contact person"),
    ("contact_email", "contacts", "a contact's e-mail address"),
    ("activities", "facility", "the activities"),
    ("size_band", "facility", "the size of the facility"),
    ("sector", "facility", "the sector"),
    ("products", "products", "the products"),
    ("dosage_forms", "products", "the dosage forms"),
    ("statement", "statements", "the statement"),
    ("willing_visit", "statements", "the agreement to a visit"),
    ("willing_observers", "statements", "the agreement to observers"),
    ("willing_data", "statements", "the agreement to give data"),
)


def lacking(application: ApplicationLike) -> list[Lack]:
    """Return what an application still lacks before it can be signed, in the order of its steps.

    An attestation that is not given is no lack: the criteria are judged without it. Dosage forms
    are asked of facilities that make finished dosage forms.
    """
    return [
        Lack(step, words)
        for name, step, words in _NEEDED
        if not _said(getattr(application, name))
        and (name != "dosage_forms" or makes_dosage_forms(application))
    ]


def first_open_step(application: ApplicationLike) -> Step:
    """Return the first step at which something is missing; the review when nothing is."""
    lacks = lacking(application)
    return lacks[0].step if lacks else "review"


def makes_dosage_forms(application: ApplicationLike) -> bool:
    """Tell whether finished dosage forms are among what the facility makes."""
    return "FDF" in application.activities


def _said(value: Any) -> bool:
    return bool(value.strip() if isinstance(value, str) else value)
