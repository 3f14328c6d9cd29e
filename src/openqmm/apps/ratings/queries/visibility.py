"""Who sees ratings at all, from which state on, and when a rating counts."""

from __future__ import annotations

from datetime import date

from openqmm.core.workflow import Actor, OrganisationKind, Role, in_words

OFFICE = frozenset({Role.PROGRAM_ADMINISTRATOR, Role.RATING_BOARD_MEMBER})
TEAM = frozenset({Role.OBSERVER, Role.LEAD_ASSESSOR, Role.ASSESSOR})
SITE = frozenset({Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY})
READERS = OFFICE | TEAM | SITE

ISSUED = ("issued", "valid", "suspended", "expired", "superseded")
"""The states in which a facility sees its own rating."""


def is_site(by: Actor) -> bool:
    """Tell whether the actor reads ratings as one of the rated facility's own people."""
    return by.role in SITE and by.organisation_kind is OrganisationKind.MANUFACTURER


def reads_bundles(by: Actor) -> bool:
    """Tell whether the actor may have bundles.

    A bundle holds every assessor's marks: the facility and the public never see these, pseudonyms
    or not, because the people behind them were on site.
    """
    return by.role in OFFICE | TEAM


def is_valid(state: str, valid_until: date | None, on: date) -> bool:
    """Tell whether a rating counts on a day: in effect and not past its last day."""
    return state == "valid" and valid_until is not None and on <= valid_until


def shown_state(state: str, valid_until: date | None, on: date) -> str:
    """Return the state in words; a rating past its last day is expired, recorded or not."""
    if state in {"valid", "suspended"} and valid_until is not None and on > valid_until:
        return "expired"
    return in_words(state)
