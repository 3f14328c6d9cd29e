"""May this actor take this step on this rating? None, or the refusal as a sentence."""

from __future__ import annotations

from datetime import date

from openqmm.core.workflow import Actor, OrganisationKind, Role, in_words

OFFICE = frozenset({Role.PROGRAM_ADMINISTRATOR, Role.RATING_BOARD_MEMBER})
TEAM = frozenset({Role.OBSERVER, Role.LEAD_ASSESSOR, Role.ASSESSOR})
SITE = frozenset({Role.FACILITY_QUALITY_LEAD, Role.AUTHORISED_SIGNATORY})
READERS = OFFICE | TEAM | SITE

ISSUED = ("issued", "valid", "suspended", "expired", "superseded")
"""The states in which a facility sees its own rating."""


def proposer_refusal(by: Actor) -> str | None:
    """Return why the actor proposes no ratings, or None."""
    if by.role is Role.PROGRAM_ADMINISTRATOR:
        return None
    return "Only a program administrator may propose a rating."


def propose_refusal(assessment_state: str, *, rated: bool) -> str | None:
    """Return why no rating of an assessment can be proposed now, or None."""
    if rated:
        return "A rating of this assessment has been proposed already."
    if assessment_state != "final":
        return (
            f"The assessment is {in_words(assessment_state)}; to propose a rating it must be final."
        )
    return None


def board_refusal(by: Actor, *, on_team: bool) -> str | None:
    """Return why the actor may not sit on the board for this rating, or None."""
    if by.role is not Role.RATING_BOARD_MEMBER:
        return "Only a rating board member may decide on a rating."
    if on_team:
        return "You were on the assessment's team; another board member decides on its rating."
    return None


def bundle_refusal(by: Actor) -> str | None:
    """Return why the actor may not have the bundle, or None.

    It holds every assessor's marks: the facility and the public never see these, pseudonyms or
    not, because the people behind them were on site.
    """
    if by.role in OFFICE | TEAM:
        return None
    return "The bundle holds individual scores, which stay between the office and the team."


def is_site(by: Actor) -> bool:
    """Tell whether the actor is of a rated facility's own organisation kind and role."""
    return by.role in SITE and by.organisation_kind is OrganisationKind.MANUFACTURER


def is_valid(state: str, valid_until: date | None, on: date) -> bool:
    """Tell whether a rating counts on a day: in effect and not past its last day."""
    return state == "valid" and valid_until is not None and on <= valid_until


def shown_state(state: str, valid_until: date | None, on: date) -> str:
    """Return the state in words; a rating past its last day is expired, recorded or not."""
    if state in {"valid", "suspended"} and valid_until is not None and on > valid_until:
        return "expired"
    return in_words(state)
