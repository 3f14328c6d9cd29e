"""The demonstration's seeds: chosen, so that its story's facilities are the ones selected.

No other round's seed is ever chosen: it is random, and announced by its digest before anybody
applies. What is done here stands on the demonstration's trail.
"""

from __future__ import annotations

from itertools import count

from openqmm.apps.audit import actions as audit
from openqmm.apps.programs import queries
from openqmm.apps.programs.models import Round, RoundSeed
from openqmm.core.programs.drawing import draw, seed_digest
from openqmm.core.records import sha256_hex
from openqmm.core.workflow import SYSTEM

_TRIES = 100_000


def choose_seed(row: Round, wanted: set[str]) -> None:
    """Keep a seed by which exactly these applications are selected (LookupError if none does)."""
    standing = [a for a in queries.applications(SYSTEM, row) if a.state == "eligible"]
    candidates = [queries.candidate_of(application) for application in standing]
    rule = queries.rule_of(row)
    for number in count():
        seed = sha256_hex(f"demonstration {row.pk} {number}".encode())
        if set(draw(rule, candidates, seed).selected) == wanted:
            break
        if number > _TRIES:
            raise LookupError(f"No seed selects the demonstration's facilities in {row.name}.")
    with audit.event(
        by=SYSTEM,
        what="demo.seed_chosen",
        on=row,
        sentence=f"chose the demonstration's seed: {row.name}",
    ) as opened:
        opened.update(RoundSeed.objects.get(round_id=row.pk), seed=seed)
        opened.update(row, seed_digest=seed_digest(seed))
