"""Candidates for draws, and a draw written a second time, in another way, to check the first."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import permutations

from openqmm.core.programs.drawing import Candidate
from openqmm.core.programs.model import Limit, SelectionRule, Stratum

SIZES = Stratum("size_band", 2, {"small": 33, "medium": 34, "large": 33})
REGIONS = Stratum("region", 1, {"asia": 60, "europe": 40})
ONE_OF_EACH = Limit("organisation", 1)


def candidates(*profiles: str) -> list[Candidate]:
    """Return candidates A1, A2, .. from "size region organisation"; a dash leaves one out."""
    made = []
    for n, profile in enumerate(profiles, start=1):
        size, region, organisation = (*profile.split(), "-", "-")[:3]
        said = {"size_band": size, "region": region, "organisation": organisation}
        made.append(Candidate(f"A{n}", {k: v for k, v in said.items() if v != "-"}))  # type: ignore[misc]
    return made


def by_lot(seed: str, ids: Sequence[str]) -> list[str]:
    """Return ids in the order of the published rule, computed from the standard library alone."""
    return sorted(ids, key=lambda i: hashlib.sha256(f"{seed}\n{i}".encode()).digest())


def drawn_in_order(
    rule: SelectionRule, order: Sequence[Candidate], targets: dict[str, dict[str, int]]
) -> list[str]:
    """Return who is selected when the lots fall in this order and the targets are these."""
    left, chosen = list(order), []
    while len(chosen) < rule.places:
        scored = []
        for position, one in enumerate(left):
            if any(
                one.category(m.attribute) != "not stated"
                and sum(c.category(m.attribute) == one.category(m.attribute) for c in chosen)
                >= m.places
                for m in rule.limits
            ):
                continue
            need = 0
            for s in rule.strata:
                mine = one.category(s.attribute)
                have = sum(c.category(s.attribute) == mine for c in chosen)
                need += s.weight if have < targets[s.attribute].get(mine, 0) else 0
            scored.append((-need, position))
        if not scored:
            break
        chosen.append(left.pop(min(scored)[1]))
    return [one.application_id for one in chosen]


def exact_chances(
    rule: SelectionRule, among: Sequence[Candidate], targets: dict[str, dict[str, int]]
) -> dict[str, float]:
    """Return the probabilities of selection by going through every order the lots can fall in."""
    orders = list(permutations(among))
    counts = dict.fromkeys((one.application_id for one in among), 0)
    for order in orders:
        for chosen in drawn_in_order(rule, order, targets):
            counts[chosen] += 1
    return {one: count / len(orders) for one, count in counts.items()}
