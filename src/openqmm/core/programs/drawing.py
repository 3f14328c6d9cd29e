"""The draw: places by target shares within limits, everything else by lot, rerun by anybody."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from openqmm.core.programs.allocation import target_places
from openqmm.core.programs.model import SelectionRule
from openqmm.core.programs.vocabulary import NOT_STATED, Attribute
from openqmm.core.records import canonical_json, sha256_hex


@dataclass(frozen=True, slots=True)
class Candidate:
    """An eligible application as the draw sees it: its id and its categories, nothing else."""

    application_id: str
    attributes: Mapping[Attribute, str] = field(default_factory=dict)

    def category(self, attribute: Attribute) -> str:
        """Return the candidate's category of an attribute, `not stated` where it has none."""
        return self.attributes.get(attribute) or NOT_STATED


@dataclass(frozen=True, slots=True)
class StratumResult:
    """What a stratum aimed at and what the draw gave, in places by category."""

    attribute: Attribute
    applicants: Mapping[str, int]
    target: Mapping[str, int]
    selected: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Draw:
    """The outcome of a draw: application ids, the reserve list in the order it moves up."""

    selected: tuple[str, ...]
    reserve: tuple[str, ...]
    not_selected: tuple[str, ...]
    strata: tuple[StratumResult, ...]
    inputs_digest: str


def lot(seed: str, application_id: str) -> str:
    """Return an application's lot: the lower comes first.

    SHA-256, in hexadecimal, of the seed, a line feed and the application's id, in UTF-8. Nobody
    can choose a lot without choosing the seed, whose digest was announced before.
    """
    return sha256_hex(f"{seed}\n{application_id}".encode())


def seed_digest(seed: str) -> str:
    """Return the digest by which a seed is announced before it is published: its SHA-256."""
    return sha256_hex(seed.encode())


def draw(rule: SelectionRule, candidates: Sequence[Candidate], seed: str) -> Draw:
    """Select among candidates.

    One place after the other goes to the candidate who would fill the most target places still
    open, each counted with its stratum's weight; among equals the lowest lot decides. Nobody is
    selected past a limit of the rule. The reserve list goes by lot among the rest.

    Parameters
    ----------
    rule : places, length of the reserve list, strata and limits.
    candidates : in any order; it makes no difference. Ids are distinct (ValueError).
    seed : any text.
    """
    ids = [candidate.application_id for candidate in candidates]
    if len(set(ids)) < len(ids):
        raise ValueError("Two candidates have one application id.")
    waiting = sorted(candidates, key=lambda c: (lot(seed, c.application_id), c.application_id))
    places = _Places(rule, candidates)
    selected: list[Candidate] = []
    while len(selected) < rule.places:
        best = max((c for c in waiting if places.admit(c)), key=places.need, default=None)
        if best is None:
            break
        waiting.remove(best)
        selected.append(best)
        places.give(best)
    rest = [candidate.application_id for candidate in waiting]
    return Draw(
        selected=tuple(candidate.application_id for candidate in selected),
        reserve=tuple(rest[: rule.reserve]),
        not_selected=tuple(rest[rule.reserve :]),
        strata=places.results(),
        inputs_digest=inputs_digest(rule, candidates),
    )


def diversity(
    rule: SelectionRule, applicants: Sequence[Candidate], holding: Sequence[Candidate]
) -> tuple[StratumResult, ...]:
    """Return, by stratum, who applied, what the draw aims at, and who holds a place."""
    places = _Places(rule, applicants)
    for candidate in holding:
        places.give(candidate)
    return places.results()


def inputs_digest(rule: SelectionRule, candidates: Sequence[Candidate]) -> str:
    """Return the SHA-256 of all that decides a draw but the seed: the rule, and who takes part
    with which categories."""
    lines = sorted(
        [c.application_id, {name: c.category(name) for name in rule.attributes}] for c in candidates
    )
    return sha256_hex(canonical_json({"rule": rule.content(), "candidates": lines}))


def next_reserve(
    rule: SelectionRule, holding: Sequence[Candidate], reserve: Sequence[Candidate]
) -> Candidate | None:
    """Return who moves up when a place is free: the first of the reserve list who passes no limit
    beside those who hold places; None when nobody is left."""
    places = _Places(rule, ())
    for candidate in holding:
        places.give(candidate)
    return next((candidate for candidate in reserve if places.admit(candidate)), None)


class _Places:
    """The places given so far, by category, against targets and limits."""

    def __init__(self, rule: SelectionRule, candidates: Sequence[Candidate]) -> None:
        self._rule = rule
        self._given: dict[Attribute, Counter[str]] = {a: Counter() for a in rule.attributes}
        self._supply = {
            s.attribute: Counter(c.category(s.attribute) for c in candidates) for s in rule.strata
        }
        self._target = {
            s.attribute: target_places(s.shares, rule.places, self._supply[s.attribute])
            for s in rule.strata
        }

    def admit(self, candidate: Candidate) -> bool:
        """Return whether no limit stands against the candidate. Who does not say where they belong
        passes no limit."""
        return all(
            (name := candidate.category(limit.attribute)) == NOT_STATED
            or self._given[limit.attribute][name] < limit.places
            for limit in self._rule.limits
        )

    def need(self, candidate: Candidate) -> int:
        """Return the weights of the strata in which the candidate's category still lacks places."""
        return sum(
            stratum.weight
            for stratum in self._rule.strata
            if self._lacks(stratum.attribute, candidate.category(stratum.attribute))
        )

    def give(self, candidate: Candidate) -> None:
        """Count a place as given."""
        for attribute, given in self._given.items():
            given[candidate.category(attribute)] += 1

    def results(self) -> tuple[StratumResult, ...]:
        """Return target and outcome of every stratum."""
        return tuple(
            StratumResult(
                attribute=s.attribute,
                applicants=dict(sorted(self._supply[s.attribute].items())),
                target=self._target[s.attribute],
                selected=dict(sorted(self._given[s.attribute].items())),
            )
            for s in self._rule.strata
        )

    def _lacks(self, attribute: Attribute, name: str) -> bool:
        return self._given[attribute][name] < self._target[attribute].get(name, 0)
