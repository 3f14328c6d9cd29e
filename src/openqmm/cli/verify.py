"""`openqmm verify`: whether a sealed rating follows from its scores, to the letter."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from openqmm.cli.protocol_files import existing

if TYPE_CHECKING:
    from openqmm.core.ratings import Verdict


@click.command()
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--protocol",
    "protocol_id",
    default="pilot-eleven-areas",
    show_default=True,
    metavar="ID",
    callback=existing,
    help="The protocol it was rated under: a shipped one's id, or a file.",
)
@click.option("--digest", help="The digest it was signed with, when you know it.")
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
@click.pass_context
def verify(
    ctx: click.Context, bundle: Path, protocol_id: str, digest: str | None, as_json: bool
) -> None:
    """Check a rating's BUNDLE: its digest, its protocol, and its numbers, all computed anew.

    Needs no database and no network. Exit code 1 when a check fails.
    """
    from openqmm.cli.protocol_files import load_named
    from openqmm.core.errors import InvalidInput, Problem
    from openqmm.core.ratings import recompute

    try:
        text = bundle.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        fault = Problem("this is not UTF-8 text; a bundle is a JSON file.")
        raise InvalidInput(bundle.name, [fault]) from None
    verdict = recompute(text, load_named(protocol_id), digest=digest)
    _print(verdict, as_json=as_json)
    if not verdict.valid:
        ctx.exit(1)


def _print(verdict: Verdict, *, as_json: bool) -> None:
    import json

    if as_json:
        checks = [asdict(check) for check in verdict.checks]
        bad = next((check.name for check in verdict.checks if not check.passed), None)
        answer = {"kind": verdict.kind, "valid": verdict.valid, "checks": checks, "first_bad": bad}
        click.echo(json.dumps(answer, indent=2))
        return
    for check in verdict.checks:
        click.echo(f"{'holds' if check.passed else 'FAILS'}  {check.name}: {check.detail}")
    click.echo("The rating follows from its scores." if verdict.valid else "Do not rely on it.")
