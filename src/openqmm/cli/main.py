"""The `openqmm` command: each subcommand's module is imported only when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from openqmm.core.errors import OpenQMMError

# Name, where it lives, and its line in --help: listing them here keeps `openqmm --help` fast.
COMMANDS = {
    "demo": ("openqmm.cli.server:demo", "Set up a demonstration and open it on this machine."),
    "serve": ("openqmm.cli.server:serve", "Serve the platform."),
    "worker": ("openqmm.cli.server:worker", "Do the platform's own jobs by the clock."),
    "backup": ("openqmm.cli.backup:backup", "Copy database and files, and prove the copy."),
    "restore": ("openqmm.cli.backup:restore", "Restore a backup, proved first."),
    "migrate": ("openqmm.cli.server:migrate", "Create or update the database."),
    "check": ("openqmm.cli.server:check", "Check the configuration of the platform."),
    "createadmin": ("openqmm.cli.server:createadmin", "Create the first program administrator."),
    "manage": ("openqmm.cli.server:manage", "Run a management command of the platform."),
    "protocol": ("openqmm.cli.protocol:protocol", "List, check, compare and exchange protocols."),
    "rate": ("openqmm.cli.rate:rate", "Rate every facility in a file of scores."),
    "verify": ("openqmm.cli.verify:verify", "Check a bundle, a trail, a proof or a database."),
    "screen": ("openqmm.cli.screen:screen", "Screen applications against public records."),
    "select": ("openqmm.cli.select:select", "Draw the participants of a round, or draw again."),
    "registry": ("openqmm.cli.registry:registry", "Read public regulatory records."),
}


class Commands(click.Group):
    """The group of all commands, with the one place where a refusal becomes an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except OpenQMMError as refusal:
            click.echo(str(refusal), err=True)
            ctx.exit(1)


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from openqmm import __version__

        click.echo(f"openqmm {__version__}")
        ctx.exit()


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, callback=_version, expose_value=False, is_eager=True)
def main() -> None:
    """Run Quality Management Maturity programs for drug manufacturing facilities.

    Exit codes: 0 done; 1 the data or the check failed; 2 wrong usage.
    """


if __name__ == "__main__":
    sys.exit(main())
