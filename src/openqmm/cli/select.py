"""`openqmm select`: draw the participants of a round from a file, or draw them again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from openqmm.core.programs import Program
    from openqmm.core.programs.applications_file import Applied
    from openqmm.core.programs.drawing import Candidate, Draw
    from openqmm.core.programs.inclusion import Inclusion


@click.command()
@click.argument("applications", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--program",
    "program_id",
    required=True,
    metavar="ID",
    help="A shipped program's id, or a program file.",
)
@click.option("--seed", required=True, help="The seed of the draw, as it was published.")
@click.option("--json", "as_json", is_flag=True, help="Print the draw as JSON.")
def select(applications: Path, program_id: str, seed: str, as_json: bool) -> None:
    """Draw among the APPLICATIONS (CSV or XLSX) by a program's rule.

    The same file, program and seed give the same lists on every machine, whatever the order of the
    rows. Where the file has a column `verdict`, only the rows that say `eligible` take part; where
    it has a column `salt`, the commitments that were published are computed too.
    """
    from openqmm.cli.programs import load_program
    from openqmm.core.programs.applications_file import read_applications
    from openqmm.core.programs.candidates import candidate
    from openqmm.core.programs.drawing import draw
    from openqmm.core.programs.inclusion import inclusion

    program = load_program(program_id)
    applied = _taking_part(read_applications(applications, program))
    rule = program.selection_rule
    candidates = [candidate(program, one.application) for one in applied]
    drawn = draw(rule, candidates, seed)
    chances = inclusion(rule, candidates)
    if as_json:
        import json

        data = _data(program, seed, drawn, chances)
        data |= _commitments(program, applied, candidates, drawn, seed)
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    click.echo(
        "\n".join(_lines(program, {a.application.application_id: a for a in applied}, drawn))
    )


def _taking_part(applied: tuple[Applied, ...]) -> list[Applied]:
    from openqmm.core.errors import OpenQMMError

    judged = any(one.verdict for one in applied)
    taking_part = [one for one in applied if not judged or one.verdict == "eligible"]
    if len(taking_part) < len(applied):
        left_out = len(applied) - len(taking_part)
        click.echo(f"Left out: {left_out:,} rows whose verdict is not eligible.", err=True)
    if not taking_part:
        raise OpenQMMError("Nobody in the file is eligible: there is nothing to draw.")
    return taking_part


def _data(program: Program, seed: str, drawn: Draw, chances: Inclusion) -> dict[str, Any]:
    from dataclasses import asdict

    from openqmm.core.programs.drawing import seed_digest

    return {
        "program": program.id,
        "seed": seed,
        "seed_digest": seed_digest(seed),
        "rule": program.selection_rule.content(),
        "selected": list(drawn.selected),
        "reserve": list(drawn.reserve),
        "not_selected": list(drawn.not_selected),
        "strata": [asdict(stratum) for stratum in drawn.strata],
        "inclusion_probability": dict(chances.probability),
        "inclusion_standard_error": dict(chances.standard_error),
        "inclusion_method": chances.method,
        "inputs_digest": drawn.inputs_digest,
    }


def _commitments(
    program: Program,
    applied: list[Applied],
    candidates: list[Candidate],
    drawn: Draw,
    seed: str,
) -> dict[str, Any]:
    from openqmm.core.programs.commitments import commitment, lines

    salts = {one.application.application_id: one.salt for one in applied if one.salt}
    if not salts:
        return {}
    committed = {
        line.application_id: commitment(line, bytes.fromhex(salts[line.application_id]))
        for line in lines(program.selection_rule, candidates, drawn, seed)
        if line.application_id in salts
    }
    return {"commitments": committed}


def _lines(program: Program, applied: dict[str, Applied], drawn: Draw) -> list[str]:
    def named(ids: tuple[str, ...]) -> list[str]:
        return [
            f"  {n:>3}. {one}  {applied[one].application.facility_name}"
            for n, one in enumerate(ids, start=1)
        ]

    lines = [f"{program.title}: {len(drawn.selected)} of {program.cap} places"]
    lines += [*named(drawn.selected), "Reserve list, in the order it moves up:"]
    lines += named(drawn.reserve) or ["  nobody"]
    lines.append(f"Not selected: {len(drawn.not_selected):,}.")
    for stratum in drawn.strata:
        parts = ", ".join(
            f"{name} {stratum.selected.get(name, 0)} (target {stratum.target.get(name, 0)}, of "
            f"{stratum.applicants.get(name, 0):,})"
            for name in dict.fromkeys([*stratum.target, *stratum.applicants])
        )
        lines.append(f"By {stratum.attribute}: {parts}.")
    return [*lines, f"Digest of the inputs: {drawn.inputs_digest}"]
