"""`openqmm registry`: read public regulatory records, say what came of it, keep them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from openqmm.cli.waiting import waiting

if TYPE_CHECKING:
    from openqmm.cli.registry_report import EstablishmentsReport, InspectionsReport

KINDS = ("establishments", "inspections")
_ONLY_FOR_INSPECTIONS = ("years", "project_area", "establishments")

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class _Options:
    kind: str
    files: tuple[Path, ...]
    as_of: datetime | None
    years: int
    project_area: str
    establishments: Path | None
    into: Path | None
    as_json: bool


@click.group()
def registry() -> None:
    """Public regulatory records of drug manufacturing sites."""


@registry.command("import")
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="Last day of the look-back window. Default: the latest inspection end date read.",
)
@click.option(
    "--years",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    metavar="N",
    help="Length of the look-back window.",
)
@click.option(
    "--project-area",
    default="Drug Quality Assurance",
    show_default=True,
    help="Inspections in other areas stay out of the window.",
)
@click.option(
    "--establishments", type=_FILE, help="Registration file to link the inspections to, by FEI."
)
@click.option("--into", type=_FOLDER, help="Folder for the normalised records (KIND.csv).")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.pass_context
def import_command(ctx: click.Context, /, **values: Any) -> None:
    """Read public files of one KIND and report what they hold.

    Several FILEs are merged; name older snapshots first. Nothing is kept unless --into is given.
    """
    options = _Options(**values)
    _refuse_idle_options(ctx, options)
    try:
        with waiting(f"Reading {', '.join(path.name for path in options.files)}"):
            report = _import(options)
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}") from error
    click.echo(_json_text(report.data()) if options.as_json else "\n".join(report.lines()))


def _refuse_idle_options(ctx: click.Context, options: _Options) -> None:
    """An option that would be passed over silently is wrong usage."""
    given = [
        "--" + name.replace("_", "-")
        for name in _ONLY_FOR_INSPECTIONS
        if ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    ]
    if options.kind == "establishments" and given:
        raise click.UsageError(f"{', '.join(given)} can only be used with the kind inspections.")


def _import(options: _Options) -> EstablishmentsReport | InspectionsReport:
    from openqmm.cli.registry_report import EstablishmentsReport, InspectionsReport
    from openqmm.core.registry import importing, normalised

    as_of = options.as_of.date() if options.as_of else None
    if options.kind == "establishments":
        establishments = importing.import_establishments(options.files)
        written = _write(options, normalised.establishment_lines(establishments.records))
        return EstablishmentsReport(establishments, as_of, written)
    inspections = importing.import_inspections(options.files)
    linked_to = None
    if options.establishments:
        linked_to = importing.import_establishments([options.establishments])
    written = _write(options, normalised.inspection_lines(inspections.records))
    return InspectionsReport(
        inspections, linked_to, as_of, options.years, options.project_area, written
    )


def _write(options: _Options, lines: Iterable[str]) -> Path | None:
    from openqmm.cli.files import write_whole

    if options.into is None:
        return None
    target = options.into / f"{options.kind}.csv"
    write_whole(target, (line.encode() for line in lines))
    return target


def _json_text(data: dict[str, Any]) -> str:
    import json

    return json.dumps(data, indent=2, ensure_ascii=False)
