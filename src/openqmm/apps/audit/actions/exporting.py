"""Taking the trail out of the platform, which is itself on the trail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib.auth import get_user_model

from openqmm.apps.audit import queries
from openqmm.apps.audit.actions.events import event
from openqmm.apps.audit.actions.proving import newest_anchor_proof
from openqmm.apps.audit.queries import Wanted
from openqmm.core.errors import InvalidInput, NotPermitted, Problem
from openqmm.core.workflow import Actor, Role
from openqmm.reports.trail_pdf import trail_pdf
from openqmm.web import clock

MOST_PRINTED = 500
"""Entries of one printout."""


def export_trail(*, by: Actor, wanted: Wanted | None = None) -> Iterator[str]:
    """Return the filtered trail as lines of CSV, as it stood before the export.

    A records auditor may (NotPermitted). Event `trail.exported` under the auditor's own name, with
    the filters as its reason.
    """
    _require_auditor(by)
    chosen = wanted or Wanted()
    found = queries.trail(by, chosen)
    export_id = _noted(
        by,
        "trail.exported",
        f"exported {found.count():,} entries of the audit trail as CSV",
        chosen.in_words(),
    )
    return queries.trail_csv(by, found.exclude(pk=export_id))


def export_whole_trail(*, by: Actor, trail_id: Any = None) -> Iterator[str]:
    """Return a whole trail as JSON Lines that `openqmm verify` reads, up to before the export.

    A records auditor may (NotPermitted), of the own organisation's trail, the office's of the
    installation's too (NotFound). Event `trail.exported`, with size and root.
    """
    _require_auditor(by)
    whole = queries.whole_trail(by, trail_id)
    standing = queries.standing(whole.id)
    anchor = newest_anchor_proof(whole.id, most=standing.size)
    _noted(
        by,
        "trail.exported",
        f"exported the whole trail of {whole.name}, {standing.size:,} events, as JSON Lines",
        f"root {standing.root}",
    )
    return queries.whole_lines(whole, standing, anchor)


def print_trail(*, by: Actor, wanted: Wanted | None = None) -> bytes:
    """Return the filtered trail as a PDF for people, as it stood before the printing.

    A records auditor may (NotPermitted). Event `trail.printed` with the filters as its reason.
    Refused (InvalidInput) for more entries than anybody reads on paper.
    """
    _require_auditor(by)
    chosen = wanted or Wanted()
    count = queries.trail(by, chosen).count()
    if count > MOST_PRINTED:
        fault = f"{count:,} entries fit these filters; {MOST_PRINTED:,} at most are printed. "
        raise InvalidInput("The printout", [Problem(f"{fault}Choose days, an event or a person.")])
    own = queries.whole_trail(by)
    now = clock.now()
    pages = queries.printout(by, chosen, own, queries.standing(own.id), now)
    _noted(
        by,
        "trail.printed",
        f"printed {count:,} entries of the audit trail",
        chosen.in_words(),
    )
    return trail_pdf(pages, now)


def _noted(by: Actor, what: str, sentence: str, why: str) -> Any:
    person = get_user_model()(pk=by.person_id)
    with event(by=by, what=what, on=person, sentence=sentence, why=why) as opened:
        return opened.id


def _require_auditor(by: Actor) -> None:
    if by.role is not Role.RECORDS_AUDITOR:
        raise NotPermitted("Only a records auditor exports the trail.")
