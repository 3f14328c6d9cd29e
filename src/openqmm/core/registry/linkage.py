"""Which site a named record is about: by number, by name and place, or by a person's judgement.

Rules in their order: equal FEI, equal DUNS, equal name and city (name and country where the record
has no city) that name one site only; else candidates for review. A similar name is accepted without
review only when it is nearly equal, alone, and in the same city; where the record has no city, in
the same country and alike in every word. (Of compliance actions, which have no city, 152 of 170
lone candidates in the same country that shared their distinctive words were another firm.) Words
that most firms of the trade have in their names do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from openqmm.core.registry.firm_names import (
    distinctive_words,
    fold_firm,
    fold_place,
    folded_names,
    places_of_address,
)
from openqmm.core.registry.identity import normalise_duns, normalise_fei
from openqmm.core.registry.records import Establishment, Inspection

Method = Literal["fei", "duns", "name_city", "name_country", "fuzzy"]

ACCEPTED_FROM = 95.0
"""Similarity from which a lone candidate stands without review; below, most matches are wrong."""

REVIEWED_FROM = 70.0
"""Similarity from which a candidate is worth a look."""

_MOST_CANDIDATES = 5
_PREFIX = 3


@dataclass(frozen=True, slots=True)
class Named:
    """What a record says of the site or firm it is about; what it does not say is blank.

    `country` is ISO alpha-3. An `address` serves where the city is not told apart.
    """

    name: str
    city: str = ""
    country: str | None = None
    duns: str | None = None
    fei: str | None = None
    address: str = ""

    @property
    def places(self) -> frozenset[str]:
        """The folded names of which one is the city; none when neither city nor address is told."""
        city = fold_place(self.city)
        return frozenset({city}) if city else places_of_address(self.address)


@dataclass(frozen=True, slots=True)
class Site:
    """One name and place under which an FEI is known."""

    fei: str
    name: str
    places: frozenset[str]
    country: str | None
    duns: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """The site a record is about, by which rule, and what was found equal or similar.

    `score` is 0 to 100; exact rules have 100.
    """

    method: Method
    score: float
    fei: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A site that a person should compare with the record."""

    fei: str
    name: str
    score: float
    same_place: bool


@dataclass(frozen=True, slots=True)
class Unlinked:
    """No rule names one site; the likeliest candidates first, perhaps none."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class LinkCounts:
    """Of `total` records, how many each rule links, and how many have candidates for review."""

    total: int
    by_method: Mapping[Method, int]
    reviewable: int

    @property
    def linked(self) -> int:
        """How many records are linked, by whichever rule."""
        return sum(self.by_method.values())


def sites_of(
    establishments: Iterable[Establishment], inspections: Iterable[Inspection] = ()
) -> list[Site]:
    """Return every name and place under which registered or inspected sites are known.

    Establishments without an FEI are left out: nothing can be linked to them.
    """
    sites = dict.fromkeys(
        Site(row.fei, row.name, places_of_address(row.address), row.country, row.duns)
        for row in establishments
        if row.fei
    )
    sites |= dict.fromkeys(
        Site(row.fei, row.legal_name, _one_place(row.city), row.country)
        for row in inspections
        if row.legal_name
    )
    return list(sites)


def _one_place(city: str) -> frozenset[str]:
    folded = fold_place(city)
    return frozenset({folded}) if folded else frozenset()


class Linker:
    """Links records to known sites.

    Parameters
    ----------
    sites : every name and place of the sites, as `sites_of` returns them.
    """

    def __init__(self, sites: Iterable[Site]) -> None:
        self._sites = tuple(sites)
        self._feis = {site.fei for site in self._sites}
        self._by_duns: dict[str, set[str]] = {}
        self._by_place: dict[tuple[str, str], set[str]] = {}
        self._by_country: dict[tuple[str, str], set[str]] = {}
        # Only names that begin a word alike are compared at all.
        self._by_prefix: dict[str, list[Site]] = {}
        self._similar_to: dict[tuple[str, str | None], tuple[tuple[float, Site], ...]] = {}
        for site in self._sites:
            self._enter(site)

    def _enter(self, site: Site) -> None:
        if site.duns:
            self._by_duns.setdefault(site.duns, set()).add(site.fei)
        for name in folded_names(site.name):
            for place in site.places:
                self._by_place.setdefault((name, place), set()).add(site.fei)
            if site.country:
                self._by_country.setdefault((name, site.country), set()).add(site.fei)
        for prefix in _prefixes(distinctive_words(fold_firm(site.name))):
            self._by_prefix.setdefault(prefix, []).append(site)

    def link(self, record: Named) -> Link | Unlinked:
        """Return the one site a record is about, or the candidates for review.

        A record with an FEI is never linked to another site by its name: an FEI that is not known
        may be of a site that gave up its registration.
        """
        fei = normalise_fei(record.fei)
        if fei and fei in self._feis:
            return Link("fei", 100.0, fei, f"FEI {fei}")
        similar = self._candidates(record)
        if fei:
            return Unlinked(similar[:_MOST_CANDIDATES])
        return self._by_number_or_name(record) or self._by_similar_name(similar)

    def feis_at(self, name: str, place: str) -> frozenset[str]:
        """Return the sites of a folded name at a folded place."""
        return frozenset(self._by_place.get((name, place), ()))

    def _by_number_or_name(self, record: Named) -> Link | None:
        duns = normalise_duns(record.duns)
        if duns and len(found := self._by_duns.get(duns, set())) == 1:
            return Link("duns", 100.0, next(iter(found)), f"DUNS {duns}")
        names, places = folded_names(record.name), record.places
        if places:
            keys = [(name, place) for name in names for place in sorted(places)]
            return _only_one("name_city", keys, self._by_place)
        if record.country:
            keys = [(name, record.country) for name in names]
            return _only_one("name_country", keys, self._by_country)
        return None

    def _by_similar_name(self, similar: tuple[Candidate, ...]) -> Link | Unlinked:
        sure = [candidate for candidate in similar if candidate.score >= ACCEPTED_FROM]
        if len(sure) == 1 and sure[0].same_place:
            only = sure[0]
            return Link("fuzzy", only.score, only.fei, f"similar to {only.name!r}, alone")
        return Unlinked(similar[:_MOST_CANDIDATES])

    def _candidates(self, record: Named) -> tuple[Candidate, ...]:
        """Return the similar sites in the country of a record, one entry a site, best first."""
        best: dict[str, Candidate] = {}
        places = record.places
        for score, site in self._similar(fold_firm(record.name), record.country):
            if places:
                same_place = bool(places & site.places)
            else:
                same_place = record.country is not None and _alike(record.name, site.name)
            candidate = Candidate(site.fei, site.name, score, same_place)
            if site.fei not in best or _likelihood(candidate) > _likelihood(best[site.fei]):
                best[site.fei] = candidate
        return tuple(sorted(best.values(), key=_likelihood, reverse=True))

    def _similar(self, name: str, country: str | None) -> tuple[tuple[float, Site], ...]:
        from rapidfuzz import fuzz

        if (name, country) not in self._similar_to:
            words = distinctive_words(name)
            compared = dict.fromkeys(
                site
                for prefix in sorted(_prefixes(words))
                for site in self._by_prefix.get(prefix, ())
                if country in {None, site.country}
            )
            scored = (
                (fuzz.token_set_ratio(words, distinctive_words(fold_firm(site.name))), site)
                for site in compared
            )
            kept = tuple((score, site) for score, site in scored if score >= REVIEWED_FROM)
            self._similar_to[name, country] = kept
        return self._similar_to[name, country]


def count_links(records: Iterable[Named], linker: Linker) -> LinkCounts:
    """Count by which rule records are linked. Records told in equal words are compared once."""
    times = Counter(records)
    methods: Counter[Method] = Counter()
    reviewable = 0
    for record, count in times.items():
        found = linker.link(record)
        if isinstance(found, Link):
            methods[found.method] += count
        elif found.candidates:
            reviewable += count
    return LinkCounts(sum(times.values()), dict(methods), reviewable)


def _only_one(
    method: Method, keys: list[tuple[str, str]], index: Mapping[tuple[str, str], set[str]]
) -> Link | None:
    """Return the link to the one site that names and places lead to; None for none or several."""
    met = [key for key in keys if key in index]
    feis = {fei for key in met for fei in index[key]}
    if len(feis) != 1:
        return None
    name, place = met[0]
    return Link(method, 100.0, feis.pop(), f"{name!r} in {place!r}")


def _alike(name: str, other: str) -> bool:
    """Return whether two names are nearly equal in every word, the common ones too."""
    from rapidfuzz import fuzz

    return fuzz.ratio(fold_firm(name), fold_firm(other)) >= ACCEPTED_FROM


def _prefixes(words: str) -> set[str]:
    return {word[:_PREFIX] for word in words.split()}


def _likelihood(candidate: Candidate) -> tuple[bool, float, str]:
    return candidate.same_place, candidate.score, candidate.fei
