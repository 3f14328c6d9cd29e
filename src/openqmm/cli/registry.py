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
    from openqmm.cli.registry_kinds import KindReport
    from openqmm.cli.registry_report import EstablishmentsReport, InspectionsReport
    from openqmm.core.registry.merging import ImportedRecords
    from openqmm.core.registry.records import Establishment

# The names of `openqmm.core.registry.kinds.KINDS`, which is too slow to load for a help text.
KINDS = (
    "establishments",
    "inspections",
    "citations",
    "compliance",
    "form483",
    "enforcement",
    "shortages",
    "import_alerts",
    "ndc",
)
_ONE_DAY = ("shortages", "import_alerts", "ndc")
_KINDS_OF_OPTION = {
    "years": ("inspections",),
    "project_area": ("inspections",),
    "as_of": ("establishments", "inspections", *_ONE_DAY),
    "establishments": KINDS[1:],
}

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
    help="Last day of the look-back window (inspections; default: the latest end date read), or "
    "the day of which the list is (shortages, import_alerts, ndc).",
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
    "--establishments", type=_FILE, help="Registration file to link to: by FEI, else by name."
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
    idle = [
        f"--{name.replace('_', '-')} can only be used with {', '.join(kinds)}."
        for name, kinds in _KINDS_OF_OPTION.items()
        if options.kind not in kinds
        and ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
    ]
    if idle:
        raise click.UsageError(" ".join(idle))


def _import(options: _Options) -> EstablishmentsReport | InspectionsReport | KindReport:
    from openqmm.cli.registry_kinds import KindReport
    from openqmm.cli.registry_report import EstablishmentsReport, InspectionsReport
    from openqmm.core.registry.kinds import KINDS as TABLE

    as_of = options.as_of.date() if options.as_of else None
    kind = TABLE[options.kind]
    imported = kind.import_files(options.files)
    linked_to = _linked_to(options)
    written = _write(options, kind.lines(imported.records))
    if options.kind == "establishments":
        return EstablishmentsReport(imported, as_of, written)
    if options.kind == "inspections":
        return InspectionsReport(
            imported, linked_to, as_of, options.years, options.project_area, written
        )
    return KindReport(kind, imported, linked_to, as_of, written)


def _linked_to(options: _Options) -> ImportedRecords[Establishment] | None:
    from openqmm.core.registry.importing import import_establishments

    return import_establishments([options.establishments]) if options.establishments else None


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
