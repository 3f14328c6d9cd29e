"""`openqmm backup` and `openqmm restore`: a copy that is proved before it is trusted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import click

from openqmm.cli.server import DATA


@dataclass(frozen=True, slots=True)
class Place:
    """Where an installation keeps what it has."""

    data: Path
    database: str | None
    checkpoints: Path


def _placed(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say where the installation is, as one argument."""

    @DATA
    @click.option(
        "--database",
        envvar="OPENQMM_DATABASE_OWNER",
        metavar="postgresql://...",
        help="The owner's address of a PostgreSQL database; the embedded one when not said.",
    )
    @click.option(
        "--checkpoints",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="OPENQMM_CHECKPOINTS",
        help="Signed checkpoints kept elsewhere; those of the data folder when not said.",
    )
    @wraps(command)
    def called(data: Path, database: str | None, checkpoints: Path | None, **rest: Any) -> None:
        command(Place(data, database, checkpoints or data / "checkpoints"), **rest)

    return called


@click.command()
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="Folder that backups go to; each makes a folder of its own in it.",
)
@click.option(
    "--keys-to",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the keys go; never into the backup. Keep them apart from it.",
)
@click.option("--no-drill", is_flag=True, help="Do not restore the copy once to prove it.")
@_placed
def backup(place: Place, target: Path, keys_to: Path | None, no_drill: bool) -> None:
    """Copy database and files while the platform runs, and prove the copy by restoring it once."""
    from openqmm.cli import backup_keys, backup_restoring, backup_writing

    made = backup_writing.write_backup(place.data, target, place.database, place.checkpoints)
    click.echo(f"Backup: {made}")
    if keys_to is not None:
        count = backup_keys.copy_keys(place.data, keys_to)
        click.echo(f"Keys: {count} files to {keys_to}; keep them apart from the backup.")
    if no_drill:
        click.echo("Not proved: no drill was made.")
        return
    report = backup_restoring.drill(made, place.checkpoints, place.database)
    click.echo(report.text())
    if not report.valid:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("source", metavar="BACKUP", type=click.Path(exists=True, path_type=Path))
@click.option("--drill", is_flag=True, help="Restore to a place of its own, prove, and remove.")
@click.option(
    "--accept-loss",
    is_flag=True,
    help="Restore although checkpoints tell of events that the backup does not hold.",
)
@_placed
def restore(place: Place, source: Path, drill: bool, accept_loss: bool) -> None:
    """Restore BACKUP, having proved it against the checkpoints kept elsewhere.

    Nothing is put in place before every digest, count, chain and checkpoint holds. A database that
    is there already is never overwritten.
    """
    from openqmm.cli import backup_restoring
    from openqmm.cli.server import record_restored

    if drill:
        report = backup_restoring.drill(source, place.checkpoints, place.database)
        click.echo(report.text())
        if not report.valid:
            raise click.exceptions.Exit(1)
        return
    report = backup_restoring.restore_backup(
        source, place.data, place.checkpoints, place.database, accept_loss=accept_loss
    )
    click.echo(report.text())
    record_restored(place.data, report.sentence(), report.loss)
