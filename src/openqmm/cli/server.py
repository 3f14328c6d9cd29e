"""The commands that run the platform: the only road from the command line into the portal."""

from __future__ import annotations

from pathlib import Path

import click

DATA = click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="OPENQMM_DATA",
    default=Path("var"),
    show_default=True,
    help="Folder of the database and the secret key.",
)
_HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
_PORT = click.option("--port", type=int, default=8000, show_default=True, help="Port to listen on.")


@click.command()
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo-data"),
    show_default=True,
    help="Folder of the demonstration's database.",
)
@_HOST
@_PORT
@click.option("--no-serve", is_flag=True, help="Set the demonstration up and stop.")
@click.option("--fresh", is_flag=True, help="Begin anew, even where a demonstration exists.")
def demo(data: Path, host: str, port: int, no_serve: bool, fresh: bool) -> None:
    """Set up a complete demonstration round on an embedded database and open it."""
    from openqmm.site import serving

    serving.configure(data, demo=True)
    serving.prepare_demo(fresh=fresh)
    if not no_serve:
        serving.announce_demo(host, port)
        serving.serve(host, port, workers=1)


@click.command()
@DATA
@_HOST
@_PORT
@click.option("--workers", type=int, default=2, show_default=True, help="Server processes.")
@click.option("--no-jobs", is_flag=True, help="Leave the platform's own jobs to `openqmm worker`.")
def serve(data: Path, host: str, port: int, workers: int, no_jobs: bool) -> None:
    """Serve the platform, and do its own jobs by the clock."""
    from openqmm.site import serving

    serving.configure(data)
    serving.serve(host, port, workers=workers, jobs=not no_jobs)


@click.command()
@DATA
@click.option("--beside", is_flag=True, hidden=True, help="Stop when the standard input closes.")
def worker(data: Path, beside: bool) -> None:
    """Do the platform's own jobs by the clock: anchor the trails, sweep, check files."""
    from openqmm.site import serving

    serving.configure(data)
    serving.work(beside=beside)


@click.command()
@DATA
def migrate(data: Path) -> None:
    """Create or update the database, and seal the shipped protocols in it."""
    from openqmm.site import serving

    serving.configure(data)
    serving.call("migrate", verbosity=1)
    serving.seal_shipped()


@click.command()
@DATA
@click.option("--deploy", is_flag=True, help="Also check what a program office needs.")
def check(data: Path, deploy: bool) -> None:
    """Check the configuration of the platform."""
    from openqmm.site import serving

    serving.configure(data)
    serving.call("check", deploy=deploy, databases=["default"])


@click.command()
@DATA
@click.option("--email", required=True, help="The person's address; they sign in with it.")
@click.option("--name", required=True, help="The person's full name.")
@click.option("--office", required=True, help="Name of the program office; made if it is new.")
@click.option("--country", required=True, metavar="ISO3", help="Its country, such as USA.")
@click.password_option(help="At least 15 characters; asked for when not given.")
def createadmin(
    data: Path, email: str, name: str, office: str, country: str, password: str
) -> None:
    """Create the first program administrator and the program office."""
    from openqmm.site import serving

    serving.configure(data)
    serving.create_admin(email=email, name=name, office=office, country=country, password=password)
    click.echo(f"{name} may now sign in as program administrator of {office}.")


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@DATA
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def manage(data: Path, arguments: tuple[str, ...]) -> None:
    """Run a management command of the platform."""
    from openqmm.site import serving

    serving.configure(data)
    serving.manage(arguments)


def record_restored(data: Path, sentence: str, loss: str) -> None:
    """Write on the installation's trail that it was restored, and what was lost by it."""
    from openqmm.site import serving

    serving.configure(data)
    serving.record_restored(sentence, loss)
