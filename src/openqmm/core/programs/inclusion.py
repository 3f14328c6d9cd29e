"""How likely each applicant was to be selected, over all seeds that could have been drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openqmm.core.programs.allocation import target_places
from openqmm.core.programs.drawing import Candidate, inputs_digest
from openqmm.core.programs.model import SelectionRule
from openqmm.core.programs.vocabulary import NOT_STATED, Attribute

RUNS = 10_000
_NUMBERS_AT_ONCE = 4_000_000

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Probability of selection by application id, and how well it is known.

    `standard_error` is zero where the probability is exact. `runs` is the number of simulated
    draws, 0 when none was needed; `method` says in a sentence how it was found.
    """

    probability: Mapping[str, float]
    standard_error: Mapping[str, float]
    runs: int
    method: str


def inclusion(rule: SelectionRule, candidates: Sequence[Candidate], runs: int = RUNS) -> Inclusion:
    """Return each candidate's probability of being selected when the seed is drawn at random.

    Without strata and limits it is exact: places over candidates, at most 1. Otherwise the draw is
    simulated: candidates with the same categories have the same probability, so the mean over all
    of a kind estimates it, with the standard error of that mean between runs. The random numbers
    are seeded by the digest of rule and candidates: the same file gives the same figures anywhere.

    Parameters
    ----------
    rule : the rule of the draw.
    candidates : those who take part, in any order.
    runs : simulated draws, at least 2.
    """
    if not rule.attributes or len(candidates) <= 1:
        share = min(1.0, rule.places / len(candidates)) if candidates else 0.0
        exact = "exact: every candidate has the same chance, places divided by candidates"
        ids = [candidate.application_id for candidate in candidates]
        return Inclusion(dict.fromkeys(ids, share), dict.fromkeys(ids, 0.0), 0, exact)
    kinds = _Kinds(rule, candidates)
    generator = np.random.default_rng(int(inputs_digest(rule, candidates), 16))
    counts = np.concatenate(
        [kinds.simulate(generator, size) for size in _chunks(runs, len(candidates))]
    )
    mean = counts.mean(axis=0) / kinds.sizes
    error = counts.std(axis=0, ddof=1) / (kinds.sizes * np.sqrt(runs))
    return Inclusion(
        probability={i: float(mean[k]) for i, k in kinds.kind_of.items()},
        standard_error={i: float(error[k]) for i, k in kinds.kind_of.items()},
        runs=runs,
        method=f"estimated from {runs:,} simulated draws, averaged over candidates of a kind",
    )


def _chunks(runs: int, candidates: int) -> list[int]:
    most = max(1, _NUMBERS_AT_ONCE // candidates)
    return [most] * (runs // most) + ([runs % most] if runs % most else [])


def _binding(rule: SelectionRule, candidates: Sequence[Candidate]) -> dict[Attribute, set[str]]:
    """Return the categories that make a difference: those of strata, and those with more candidates
    than their limit. All others would only part candidates into kinds of one."""
    counts = {a: Counter(c.category(a) for c in candidates) for a in rule.attributes}
    binding = {s.attribute: set(counts[s.attribute]) for s in rule.strata}
    for limit in rule.limits:
        over = {name for name, n in counts[limit.attribute].items() if n > limit.places}
        binding[limit.attribute] = binding.get(limit.attribute, set()) | over
    return binding


class _Kinds:
    """Candidates grouped by their categories, and the draw played among the groups.

    Within a group only the lots differ, so a draw needs each group's lots in ascending order.
    """

    def __init__(self, rule: SelectionRule, candidates: Sequence[Candidate]) -> None:
        self._rule = rule
        members: dict[tuple[str, ...], list[str]] = {}
        binding = _binding(rule, candidates)
        for candidate in sorted(candidates, key=lambda c: c.application_id):
            profile = tuple(
                name if name in binding[attribute] else NOT_STATED
                for attribute in rule.attributes
                for name in [candidate.category(attribute)]
            )
            members.setdefault(profile, []).append(candidate.application_id)
        # Sorted: the random numbers fall on the same kinds whatever the order of the file.
        self._profiles = sorted(members)
        self.sizes = np.array([len(members[p]) for p in self._profiles])
        self.kind_of = {i: k for k, p in enumerate(self._profiles) for i in members[p]}
        self._targets = [
            (s.weight, *self._codes(s.attribute), self._target(s.attribute, s.shares))
            for s in rule.strata
        ]
        self._limits = [(m.places, *self._codes(m.attribute)) for m in rule.limits]

    def simulate(self, generator: np.random.Generator, runs: int) -> IntArray:
        """Return how many of each kind are selected in each of some runs: (runs, kinds)."""
        lots, depth = self._lots(generator, runs), min(self._rule.places, int(self.sizes.max()))
        taken = np.zeros((runs, len(self.sizes)), dtype=np.int64)
        rows = np.arange(runs)
        for _ in range(self._rule.places):
            open_ = self._open(taken)
            key = np.take_along_axis(lots, np.minimum(taken, depth - 1)[:, :, None], 2)[:, :, 0]
            need = np.where(open_, self._need(taken), -1)
            best = need == need.max(axis=1, keepdims=True)
            chosen = np.where(best, key, np.inf).argmin(axis=1)
            taken[rows, chosen] += open_[rows, chosen]
        return taken

    def _lots(self, generator: np.random.Generator, runs: int) -> FloatArray:
        """Return each kind's lowest lots in ascending order: (runs, kinds, depth)."""
        depth = min(self._rule.places, int(self.sizes.max()))
        lots = np.full((runs, len(self.sizes), depth), np.inf)
        for k, size in enumerate(self.sizes):
            drawn = np.sort(generator.random((runs, size)), axis=1)[:, :depth]
            lots[:, k, : drawn.shape[1]] = drawn
        return lots

    def _open(self, taken: IntArray) -> BoolArray:
        open_ = taken < self.sizes
        for most, code, names in self._limits:
            given = self._by_category(taken, code, len(names))
            free = (given < most)[:, code]
            open_ &= free | np.array([names[c] == NOT_STATED for c in code])
        return open_

    def _need(self, taken: IntArray) -> IntArray:
        need = np.zeros_like(taken)
        for weight, code, names, target in self._targets:
            lacking = self._by_category(taken, code, len(names)) < target
            need += weight * lacking[:, code]
        return need

    @staticmethod
    def _by_category(taken: IntArray, code: IntArray, categories: int) -> IntArray:
        given = np.zeros((taken.shape[0], categories), dtype=np.int64)
        for k, c in enumerate(code):
            given[:, c] += taken[:, k]
        return given

    def _codes(self, attribute: Attribute) -> tuple[IntArray, list[str]]:
        """Return each kind's category of an attribute as a number, and the numbers' names."""
        at = self._rule.attributes.index(attribute)
        names = sorted({profile[at] for profile in self._profiles})
        return np.array([names.index(profile[at]) for profile in self._profiles]), names

    def _target(self, attribute: Attribute, shares: Mapping[str, int]) -> IntArray:
        code, names = self._codes(attribute)
        supply = {name: int(self.sizes[code == c].sum()) for c, name in enumerate(names)}
        target = target_places(shares, self._rule.places, supply)
        return np.array([target.get(name, 0) for name in names])
