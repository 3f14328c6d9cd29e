"""`openqmm protocol`: list, show, check, compare and exchange protocols."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from openqmm.cli.protocol_files import Checked, existing

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
_OUT = click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write; standard output if not given.",
)
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def protocol() -> None:
    """List, show, check, compare and exchange protocols.

    A protocol is named by the id of a shipped one or by a file: YAML, an Excel workbook, or a
    CISO Assistant library; the file's content tells which.
    """


@protocol.command("list")
@_JSON
def list_shipped(as_json: bool) -> None:
    """List the protocols that come with OpenQMM."""
    from openqmm.cli.protocol_text import list_text
    from openqmm.core.protocols import shipped_ids, shipped_protocol

    protocols = [shipped_protocol(name) for name in shipped_ids()]
    if not as_json:
        click.echo(list_text(protocols))
        return
    keys = ("id", "version", "title", "language", "digest")
    _echo_json(
        [
            {
                **{key: getattr(found, key) for key in keys},
                "areas": len(found.areas),
                "questions": sum(1 for _ in found.questions()),
            }
            for found in protocols
        ]
    )


@protocol.command()
@click.argument("name", metavar="ID|FILE", callback=existing)
@_JSON
def show(name: str, as_json: bool) -> None:
    """Show a protocol: its rules, scale, areas and questions.

    With --json the whole document, level texts included, and its digest.
    """
    from openqmm.cli.protocol_files import load_named
    from openqmm.cli.protocol_text import protocol_text
    from openqmm.core.protocols import document_of

    found = load_named(name)
    if as_json:
        _echo_json({**document_of(found), "digest": found.digest})
    else:
        click.echo(protocol_text(found))


@protocol.command()
@click.argument("names", metavar="[ID|FILE]...", nargs=-1, callback=existing)
@_JSON
def validate(names: tuple[str, ...], as_json: bool) -> None:
    """Check protocols, bank files and crosswalks.

    Every fault is named with its place, and the exit code is then 1. Without an argument, the
    shipped protocols are checked.
    """
    from openqmm.cli.protocol_files import check_named
    from openqmm.core.protocols import shipped_ids

    checked = [check_named(name) for name in names or shipped_ids()]
    if as_json:
        _echo_json({"files": [_checked_document(one) for one in checked]})
    else:
        for one in checked:
            _echo_checked(one)
    if any(one.problems for one in checked):
        click.get_current_context().exit(1)


@protocol.command()
@click.argument("before", metavar="A", callback=existing)
@click.argument("after", metavar="B", callback=existing)
@_JSON
def diff(before: str, after: str, as_json: bool) -> None:
    """Show what changes from protocol A to protocol B."""
    from openqmm.cli.protocol_files import load_named
    from openqmm.cli.protocol_text import comparison_text
    from openqmm.core.protocols.comparison import compare, comparison_document

    old, new = load_named(before), load_named(after)
    found = compare(old, new)
    if as_json:
        _echo_json(comparison_document(old, new, found))
    else:
        click.echo(comparison_text(old, new, found))


@protocol.command()
@click.argument("name", metavar="ID|FILE", callback=existing)
@click.option(
    "--to",
    "target",
    type=click.Choice(["yaml", "xlsx", "ciso"]),
    required=True,
    help="yaml: one self-contained file; xlsx: a workbook; ciso: a CISO Assistant library.",
)
@_OUT
def export(name: str, target: str, out: Path | None) -> None:
    """Write a protocol in another format.

    Reading it back gives the same digest.
    """
    from openqmm.cli.protocol_files import load_named
    from openqmm.core.protocols.exchange import WRITERS

    if out is None and target == "xlsx" and sys.stdout.isatty():
        raise click.UsageError("A workbook cannot be shown on a terminal; give --out FILE.")
    _write(WRITERS[target](load_named(name)), out)


@protocol.command("import")
@click.argument("file", type=_FILE)
@_OUT
def import_file(file: Path, out: Path | None) -> None:
    """Turn a protocol file into self-contained YAML.

    FILE is YAML, a workbook or a library; questions it only names come from the bank. Nothing is
    written unless the whole file can be used.
    """
    from openqmm.cli.protocol_files import load_file, size_of
    from openqmm.core.protocols.exchange import WRITERS

    kind, found = load_file(file)
    click.echo(f"{file.name} ({kind}): {found.id} {found.version}, {size_of(found)}", err=True)
    click.echo(f"digest {found.digest}", err=True)
    _write(WRITERS["yaml"](found), out)


@protocol.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@_JSON
def crosswalk(source: str, target: str, as_json: bool) -> None:
    """Show how one protocol reads in terms of another.

    Says where each area and question of FROM goes in TO, what is lost and what is new.
    """
    from openqmm.cli.protocol_text import crosswalk_text
    from openqmm.core.protocols import shipped_crosswalk
    from openqmm.core.protocols.crosswalk import crosswalk_document

    found = shipped_crosswalk(source, target)
    if as_json:
        _echo_json(crosswalk_document(found))
    else:
        click.echo(crosswalk_text(found))


def _write(content: bytes, out: Path | None) -> None:
    from openqmm.cli.files import write_whole

    if out is None:
        click.echo(content, nl=False)
        return
    try:
        write_whole(out, [content])
    except OSError as error:
        raise click.FileError(str(out), error.strerror) from None
    click.echo(f"Written to {out}", err=True)


def _echo_json(document: Any) -> None:
    import json

    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def _checked_document(one: Checked) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "source": one.source,
        "kind": one.kind,
        "valid": not one.problems,
        "finding": one.finding,
        "digest": one.digest,
        "problems": [asdict(problem) for problem in one.problems],
    }


def _echo_checked(one: Checked) -> None:
    from openqmm.core.errors import InvalidProtocol

    if one.problems:
        click.echo(str(InvalidProtocol(one.source, one.problems)), err=True)
        return
    digest = f", digest {one.digest}" if one.digest else ""
    click.echo(f"{one.source}: valid {one.finding}{digest}")
