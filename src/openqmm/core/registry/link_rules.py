"""What becomes of the links of a firm when the sites known change: rules propose, people decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from openqmm.core.registry.linkage import ACCEPTED_FROM, Candidate, Link, Unlinked

LinkState = Literal["proposed", "accepted", "rejected"]

PERSON = "person"
"""The method of a link that a person decided."""

METHOD_WORDS: Mapping[str, str] = {
    "fei": "by FEI",
    "duns": "by DUNS number",
    "name_city": "by name and city",
    "name_country": "by name and country",
    "fuzzy": "by a nearly equal name",
    PERSON: "by a person's decision",
}

# A product list names seven thousand labelers and no place: names that are merely similar would
# fill the queue with firms that share a word.
_PROPOSED_FROM: Mapping[str, float] = {"ndc": ACCEPTED_FROM}


@dataclass(frozen=True, slots=True)
class StandingLink:
    """A link as it is stored, and whether a person decided it."""

    fei: str
    state: LinkState
    decided: bool


@dataclass(frozen=True, slots=True)
class Relinked:
    """What is to be written: links accepted by rule, candidates proposed, proposals taken back."""

    accept: Link | None = None
    propose: tuple[Candidate, ...] = ()
    withdraw: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is to be written."""
        return bool(self.accept or self.propose or self.withdraw)


def relinked(kind: str, found: Link | Unlinked, standing: Mapping[str, StandingLink]) -> Relinked:
    """Return how the links of a firm change by what the rules find now.

    Whatever a person decided stands: an accepted site stays the only one, a rejected one is
    neither accepted nor proposed again. What a rule accepted is taken back where the rule no longer
    names that one site, as when a second one of the same name and city is registered.

    Parameters
    ----------
    kind : a key of `kinds.KINDS`.
    found : what the linker finds.
    standing : the links stored, by FEI.
    """
    if any(link.decided and link.state == "accepted" for link in standing.values()):
        return Relinked()
    rejected, by_rule, proposed = (
        {link.fei for link in standing.values() if link.state == state}
        for state in ("rejected", "accepted", "proposed")
    )
    if isinstance(found, Unlinked):
        least = _PROPOSED_FROM.get(kind, 0.0)
        new = tuple(
            candidate
            for candidate in found.candidates
            if candidate.fei not in rejected | proposed and candidate.score >= least
        )
        kept = {candidate.fei for candidate in new}
        return Relinked(propose=new, withdraw=tuple(sorted(by_rule - kept)))
    if found.fei in rejected:
        return Relinked(withdraw=tuple(sorted(by_rule)))
    others = tuple(sorted((by_rule | proposed) - {found.fei}))
    return Relinked(None if found.fei in by_rule else found, withdraw=others)


def site_refusal(fei: str, *, known: bool) -> str | None:
    """Return why a person cannot link a firm to a site that no file loaded knows, or None."""
    if known:
        return None
    return f"The FEI {fei} is in none of the registration and inspection files loaded."
