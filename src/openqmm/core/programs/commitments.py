"""What is published of a draw: a salted commitment per applicant, and how one is checked.

The commitments of a draw are published beside its rule and its seed. Each applicant gets its own
line and salt, and finds its commitment in the list; without the salt a commitment tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from openqmm.core.programs.drawing import Candidate, Draw, lot
from openqmm.core.programs.model import SelectionRule
from openqmm.core.records import canonical_json, sha256_hex

SALT_BYTES = 32

Outcome = Literal["selected", "reserve", "not_selected"]


@dataclass(frozen=True, slots=True)
class Line:
    """One applicant's line of a draw; `rank` counts from 1 within the outcome's list."""

    application_id: str
    attributes: Mapping[str, str]
    lot: str
    outcome: Outcome
    rank: int

    def content(self) -> dict[str, Any]:
        """Return the line as JSON data."""
        return {
            "application_id": self.application_id,
            "attributes": dict(self.attributes),
            "lot": self.lot,
            "outcome": self.outcome,
            "rank": self.rank,
        }


def lines(
    rule: SelectionRule, candidates: Sequence[Candidate], drawn: Draw, seed: str
) -> tuple[Line, ...]:
    """Return the line of every candidate of a draw, in the order of their ids."""
    places: dict[str, tuple[Outcome, int]] = {}
    outcomes: tuple[tuple[Outcome, tuple[str, ...]], ...] = (
        ("selected", drawn.selected),
        ("reserve", drawn.reserve),
        ("not_selected", drawn.not_selected),
    )
    for outcome, ids in outcomes:
        places |= {one: (outcome, rank) for rank, one in enumerate(ids, start=1)}
    return tuple(
        Line(
            application_id=c.application_id,
            attributes={name: c.category(name) for name in rule.attributes},
            lot=lot(seed, c.application_id),
            outcome=places[c.application_id][0],
            rank=places[c.application_id][1],
        )
        for c in sorted(candidates, key=lambda c: c.application_id)
    )


def commitment(line: Line, salt: bytes) -> str:
    """Return the commitment to a line: SHA-256, in hexadecimal, of the salt and the line's RFC 8785
    form.

    Raises
    ------
    ValueError
        The salt has not 32 bytes: a shorter one could be tried out.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError(f"A salt has {SALT_BYTES} bytes, not {len(salt)}.")
    return sha256_hex(salt + canonical_json(line.content()))
