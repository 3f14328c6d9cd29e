"""What is missing or too old among the files loaded, for the programs that screen by them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from openqmm.core.programs.application import ApplicationFacts
from openqmm.core.programs.findings import ScreeningCase
from openqmm.core.programs.model import Program, SourceKind
from openqmm.core.programs.public_record import PublicRecord
from openqmm.core.registry.windows import window_start


def file_doubts(
    programs: Iterable[Program], record: PublicRecord, today: date
) -> dict[SourceKind, tuple[str, ...]]:
    """Return why the files loaded of each kind would not do to screen with today.

    Parameters
    ----------
    programs : those whose criteria are judged by the files.
    record : the dates covered; of any FEI, as they are the same for all.
    today : the day on which applications would be screened.

    Returns
    -------
    dict of tuples of sentences
        A sentence once, whichever programs it holds for; a kind without doubt is absent.
    """
    found: dict[SourceKind, dict[str, None]] = {}
    for program in programs:
        case = ScreeningCase(program, ApplicationFacts("", "", ""), record, today)
        since = window_start(today, program.look_back_years)
        doubts: dict[SourceKind, str | None] = {
            "establishments": case.registrations_doubt,
            "inspections": case.inspections_doubt(since),
            "compliance": case.source_doubt("compliance", since),
            "import_alerts": case.source_doubt("import_alerts"),
            "ndc": case.source_doubt("ndc"),
        }
        for kind, doubt in doubts.items():
            if doubt:
                found.setdefault(kind, {})[doubt] = None
    return {kind: tuple(sentences) for kind, sentences in found.items()}
