"""From target shares to whole places, by the method of largest remainder."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction


def largest_remainder(shares: Mapping[str, int], places: int) -> dict[str, int]:
    """Return the places divided in proportion to the shares, all of them.

    Every category first gets the whole part of its exact claim; the places still open go one each
    to the largest remaining fractions, of equal ones to the larger share, then to the category
    named first.

    Parameters
    ----------
    shares : by category, each at least 0; only their proportions count.
    places : at least 0.

    Returns
    -------
    dict
        Places by category, in the order of `shares`; none where no category has a share.

    References
    ----------
    Hamilton's method; Balinski and Young (1982), Fair Representation.
    """
    total = sum(shares.values())
    if not total:
        return dict.fromkeys(shares, 0)
    claims = {name: Fraction(places * share, total) for name, share in shares.items()}
    seats = {name: int(claim) for name, claim in claims.items()}
    order = list(shares)
    by_remainder = sorted(
        order, key=lambda name: (seats[name] - claims[name], -shares[name], order.index(name))
    )
    for name in by_remainder[: places - sum(seats.values())]:
        seats[name] += 1
    return seats


def claimed_places(shares: Mapping[str, int], places: int) -> int:
    """Return how many of the places target shares in per cent speak for, rounded half up.

    Shares that sum to 100 speak for all; the rest belongs to nobody and goes by the draw alone.
    """
    return (2 * places * sum(shares.values()) + 100) // 200


def target_places(
    shares: Mapping[str, int], places: int, supply: Mapping[str, int]
) -> dict[str, int]:
    """Return the places each category is to get, none more than it has applicants.

    What a category cannot fill goes to the others by the same method, until nothing changes.

    Parameters
    ----------
    shares : per cent by category, together at most 100.
    places : of the round.
    supply : applicants by category; a category that is missing has none.
    """
    claimed, fixed = claimed_places(shares, places), dict[str, int]()
    while True:
        sharing = {name: share for name, share in shares.items() if name not in fixed}
        seats = largest_remainder(sharing, claimed - sum(fixed.values()))
        short = {name: supply.get(name, 0) for name in seats if seats[name] > supply.get(name, 0)}
        if not short:
            return {name: (fixed | seats)[name] for name in shares}
        fixed |= short
