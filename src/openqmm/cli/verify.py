"""`openqmm verify`: checks a record without trusting, or needing, the platform that wrote it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openqmm.cli.protocol_files import existing

if TYPE_CHECKING:
    from openqmm.core.ratings import Verdict
    from openqmm.core.verifier import Report

_WORDS = {True: "holds", False: "FAILS", None: "not checked"}
_HOLDS = {
    "rating_bundle": "The rating follows from its scores.",
    "trail": "The trail is whole and unaltered.",
    "event_proof": "The event stands where it says.",
    "signature": "The signature is the one that was made.",
    "consistency_proof": "The later trail begins with the earlier.",
    "checkpoint": "The checkpoint is genuine.",
    "installation": "Trails, anchors and records are whole and unaltered.",
}


def _named(ctx: click.Context, param: click.Parameter, value: str) -> str:
    from openqmm.cli.verify_files import is_address

    if not is_address(value) and not Path(value).exists():
        raise click.BadParameter(f"{value!r} is neither a file nor a folder.", ctx, param)
    return value


def _key(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    from openqmm.core.verifier import Unreadable, read_keys

    if value is None:
        return None
    try:
        text = Path(value).read_text(encoding="utf-8") if Path(value).is_file() else value
        read_keys(text)
    except (Unreadable, UnicodeDecodeError, OSError) as unusable:
        said = str(unusable) if isinstance(unusable, Unreadable) else "cannot be read"
        raise click.BadParameter(f"the key {said}.", ctx, param) from None
    return text


@click.command()
@click.argument("record", metavar="FILE", callback=_named)
@click.option(
    "--key",
    metavar="VKEY|FILE",
    callback=_key,
    help="The public key of the installation's log; without it no signature is checked.",
)
@click.option(
    "--checkpoints",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Signed checkpoints kept elsewhere, to hold a database against.",
)
@click.option(
    "--protocol",
    "protocol_id",
    default="pilot-eleven-areas",
    show_default=True,
    metavar="ID",
    callback=existing,
    help="Of a rating bundle: the protocol it was rated under, a shipped one's id or a file.",
)
@click.option("--digest", help="Of a rating bundle: the digest it was signed with.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    record: str,
    key: str | None,
    checkpoints: Path | None,
    **options: str | bool | None,
) -> None:
    """Check a record: its hashes, its signatures, its numbers, all computed anew.

    FILE is a rating bundle, a signature, an exported trail, a proof, a checkpoint, a database file,
    a data folder or postgresql://... Only a database's own address needs a network. Exit code 1
    when a check fails.
    """
    try:
        verdict = _verdict(record, key, checkpoints, options)
    except OSError as error:
        raise click.FileError(record, error.strerror) from None
    _print(verdict, as_json=bool(options["as_json"]))
    if not verdict.valid:
        ctx.exit(1)


def _verdict(
    record: str, key: str | None, checkpoints: Path | None, options: dict[str, str | bool | None]
) -> Verdict | Report:
    from openqmm.cli import verify_files as files

    kind = files.kind_of(record)
    if kind in {files.SQLITE, files.POSTGRESQL}:
        return _installation(kind, record, checkpoints, key)
    if checkpoints is not None:
        raise click.UsageError("--checkpoints is for a database; a file brings its own.")
    if kind == files.BUNDLE:
        return _bundle(record, str(options["protocol_id"]), options["digest"])
    return _file(kind, Path(record), key)


def _bundle(record: str, protocol_id: str, digest: str | bool | None) -> Verdict:
    from openqmm.cli.protocol_files import load_named
    from openqmm.core.errors import InvalidInput, Problem
    from openqmm.core.ratings import recompute

    path = Path(record)
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        fault = Problem("this is not UTF-8 text; a bundle is a JSON file.")
        raise InvalidInput(path.name, [fault]) from None
    return recompute(text, load_named(protocol_id), digest=str(digest) if digest else None)


def _file(kind: str, path: Path, key: str | None) -> Report:
    from openqmm.cli import verify_files as files
    from openqmm.core import verifier

    if kind == files.TRAIL:
        return verifier.verify_trail(files.lines_of(path), key)
    text = files.text_of(path)
    if kind == files.CONSISTENCY:
        return verifier.verify_consistency(text)
    check = {
        files.PROOF: verifier.verify_proof,
        files.SIGNATURE: verifier.verify_signature,
        files.CHECKPOINT: verifier.verify_checkpoint,
    }[kind]
    return check(text, key)


def _installation(kind: str, named: str, folder: Path | None, key: str | None) -> Report:
    from openqmm.cli import verify_files as files
    from openqmm.core.verifier import verify_installation

    checkpoints = files.checkpoints_in(folder) if folder else ()
    if kind == files.POSTGRESQL:
        from openqmm.cli import verify_postgresql

        with verify_postgresql.opened(named) as source:
            return verify_installation(source, checkpoints, key)
    from openqmm.cli import verify_sqlite

    path = Path(named) / files.DATABASE if Path(named).is_dir() else Path(named)
    with verify_sqlite.opened(path) as database:
        return verify_installation(database, checkpoints, key)


def _print(verdict: Verdict | Report, *, as_json: bool) -> None:
    import json

    if as_json:
        answer = {
            "kind": verdict.kind,
            "valid": verdict.valid,
            "checks": [asdict(check) for check in verdict.checks],
            "first_bad": verdict.first_bad,
        }
        click.echo(json.dumps(answer, indent=2))
        return
    for check in verdict.checks:
        detail = _shown(check.detail).replace("\n", "\n         ")
        click.echo(f"{_WORDS[check.passed]}  {check.name}: {detail}")
    if not verdict.valid:
        click.echo("Do not rely on it.")
    elif any(check.passed is None for check in verdict.checks):
        click.echo("What could be checked holds; what is marked “not checked” may not.")
    else:
        click.echo(_HOLDS[verdict.kind])


def _shown(text: str) -> str:
    """Return text from a file fit for a terminal: no control characters, no lone surrogates."""
    return "".join(
        letter if letter == "\n" or letter.isprintable() else ascii(letter)[1:-1] for letter in text
    )
