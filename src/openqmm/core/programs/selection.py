"""The places of a round: the cap is a rule, and this is its home."""

from __future__ import annotations


def places_left(taken: int, cap: int) -> int:
    """Return how many places of a round are free; never below zero."""
    return max(cap - taken, 0)


def place_refusal(selected_count: int, cap: int) -> str | None:
    """Return why nobody more can be selected, or None while a place is free.

    Parameters
    ----------
    selected_count : facilities that hold a place: selected or accepted. One that declined or
        withdrew holds none.
    cap : the places of the round.
    """
    if selected_count < cap:
        return None
    places = "The one place" if cap == 1 else f"All {cap} places"
    return f"{places} of this round are taken; a place is free again when a facility declines."
