"""May this actor take this step on this rating? None, or the refusal as a sentence."""

from __future__ import annotations

from uuid import UUID

from openqmm.core.workflow import Actor, Role, in_words


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


def issue_refusal(by: Actor, *, proposed_by: UUID | None) -> str | None:
    """Return why the actor may not issue this rating although they sit on its board, or None."""
    if by.person_id is not None and by.person_id == proposed_by:
        return "You proposed this rating; another board member issues it."
    return None


def board_refusal(by: Actor, *, on_team: bool, of_site: bool = False) -> str | None:
    """Return why the actor may not sit on the board for this rating, or None."""
    if by.role is not Role.RATING_BOARD_MEMBER:
        return "Only a rating board member may decide on a rating."
    if on_team:
        return "You were on the assessment's team; another board member decides on its rating."
    if of_site:
        return "You have worked for this manufacturer; another board member decides on its rating."
    return None
