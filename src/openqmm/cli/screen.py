"""`openqmm screen`: judge a file of applications by a folder of public records."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from openqmm.core.programs import CriterionVerdict, Program
    from openqmm.core.programs.applications_file import Applied
    from openqmm.core.programs.records_folder import RecordsFolder

    Screened = list[tuple[Applied, tuple[CriterionVerdict, ...]]]

_SHOWN = 20


@click.command()
@click.argument("applications", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--program",
    "program_id",
    required=True,
    metavar="ID",
    help="A shipped program's id, or a program file.",
)
@click.option(
    "--records",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder of public files, as downloaded.",
)
@click.option(
    "--as-of",
    required=True,
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Day of screening; the look-back window ends on it.",
)
@click.option("--json", "as_json", is_flag=True, help="Print every verdict as JSON.")
def screen(
    applications: Path, program_id: str, records: Path, as_of: datetime, as_json: bool
) -> None:
    """Screen the APPLICATIONS (CSV or XLSX) against public records.

    Each criterion is met, not met, or cannot be told; what cannot be told goes to a person. A file
    that is not loaded, or does not cover the time, proves nothing.
    """
    from openqmm.cli.programs import load_program
    from openqmm.cli.waiting import waiting
    from openqmm.core.programs import screen as judge
    from openqmm.core.programs.applications_file import read_applications
    from openqmm.core.programs.records_folder import read_records_folder

    program, day = load_program(program_id), as_of.date()
    applied = read_applications(applications, program)
    with waiting(f"Reading {records.name}"):
        folder = read_records_folder(records)
    with waiting(f"Screening {len(applied):,} applications"):
        screened = [
            (one, judge(program, one.application, folder.records.of(one.application.fei), day))
            for one in applied
        ]
    if as_json:
        click.echo(_json(program, day, screened, folder))
    else:
        click.echo("\n".join(_lines(program, day, screened, folder)))


def _json(program: Program, day: date, screened: Screened, folder: RecordsFolder) -> str:
    import orjson

    from openqmm.core.programs import verdict

    data: dict[str, Any] = {
        "program": program.id,
        "as_of": day.isoformat(),
        "records": {kind: list(files) for kind, files in folder.files.items()},
        "left_out": list(folder.left_out),
        "rejected_rows": folder.rejected,
        "counts": _counts(screened),
        "applications": [
            {
                "application_id": one.application.application_id,
                "verdict": verdict(criteria),
                "criteria": [
                    {
                        "id": criterion.id,
                        "verdict": criterion.verdict,
                        "reason": criterion.reason,
                        "records": list(criterion.records),
                        "attested": criterion.attested,
                    }
                    for criterion in criteria
                ],
            }
            for one, criteria in screened
        ],
    }
    return orjson.dumps(data, option=orjson.OPT_INDENT_2).decode()


def _counts(screened: Screened) -> dict[str, dict[str, int]]:
    """Return how many applications have each verdict, by criterion and as a whole."""
    from openqmm.core.programs import verdict

    found: dict[str, Counter[str]] = {}
    for _, criteria in screened:
        for criterion in criteria:
            found.setdefault(criterion.id, Counter())[criterion.verdict] += 1
        found.setdefault("verdict", Counter())[verdict(criteria)] += 1
    return {name: dict(sorted(counts.items())) for name, counts in found.items()}


def _lines(program: Program, day: date, screened: Screened, folder: RecordsFolder) -> list[str]:
    from openqmm.core.programs import verdict

    lines = [f"{program.title}, as of {day}: {len(screened):,} applications."]
    lines += [f"  {kind}: {', '.join(files)}" for kind, files in folder.files.items()]
    if folder.left_out:
        lines.append(f"  left out: {', '.join(folder.left_out)}")
    if folder.rejected:
        lines.append(f"  {folder.rejected:,} rows rejected; `openqmm registry import` lists them")
    for name, counts in _counts(screened).items():
        shown = ", ".join(f"{n:,} {word.replace('_', ' ')}" for word, n in counts.items())
        lines.append(f"{name}: {shown}")
    for one, criteria in screened[:_SHOWN]:
        name = one.application.facility_name
        lines.append(f"{one.application.application_id}  {name}: {verdict(criteria)}")
        lines += [
            f"    {c.id}: {c.verdict.replace('_', ' ')}. {c.reason}"
            for c in criteria
            if c.verdict != "met"
        ]
    if len(screened) > _SHOWN:
        lines.append(f"and {len(screened) - _SHOWN:,} more; --json lists every one.")
    return lines
