"""Starting the portal: configuring it, preparing its database, serving it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click


def configure(data: Path, *, demo: bool = False) -> None:
    """Point the settings at a data folder and load the portal; refuse to go on if a check fails."""
    os.environ["OPENQMM_DATA"] = str(data.resolve())
    if demo:
        os.environ["OPENQMM_DEMO"] = "yes"
        # A demonstration is never told into an office's own database.
        for name in ("OPENQMM_DATABASE", "OPENQMM_DATABASE_OWNER"):
            os.environ.pop(name, None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openqmm.site.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured

    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.ClickException(str(error)) from None


def call(command: str, **options: Any) -> None:
    """Run one of Django's commands; its refusals are shown without a stack trace."""
    from django.core.management import CommandError, call_command
    from django.core.management.base import SystemCheckError

    try:
        call_command(command, **options)
    except (CommandError, SystemCheckError) as error:
        raise click.ClickException(str(error)) from None


def seal_shipped() -> None:
    """Seal the protocols of this distribution that the database does not have yet."""
    from openqmm.apps.protocols.actions import seal_protocol
    from openqmm.core.protocols import shipped_ids, shipped_protocol
    from openqmm.core.workflow import SYSTEM
    from openqmm.web import tenancy

    for protocol_id in shipped_ids():
        with tenancy.scope(SYSTEM):
            version = seal_protocol(by=SYSTEM, protocol=shipped_protocol(protocol_id))
        click.echo(f"Sealed: {version}, digest {version.digest[:12]}")


# Django's commands that would make a person of the machine's, or sign in as another.
REFUSED_COMMANDS = {
    "createsuperuser": "There is no superuser: see `openqmm createadmin`.",
    "changepassword": "Nobody sets another's password: an administrator invites, the person sets.",
}


def manage(arguments: Sequence[str]) -> None:
    """Run Django's command line with these arguments."""
    from django.core.management import execute_from_command_line

    if arguments and arguments[0] in REFUSED_COMMANDS:
        raise click.ClickException(REFUSED_COMMANDS[arguments[0]])
    execute_from_command_line(["openqmm manage", *arguments])


def prepare_demo(*, fresh: bool) -> None:
    """Create the demonstration's database and tell its story, unless it is there already.

    The story is told into a database beside the real one and moved there when it is whole: a
    demonstration cut short is begun anew, never shown half.
    """
    from django.conf import settings
    from django.db import connection

    database = Path(settings.DATABASES["default"]["NAME"])
    if database.exists() and not fresh:
        call("migrate", verbosity=0)
        click.echo(f"The demonstration in {database.parent} is ready (--fresh begins anew).")
        return
    building = database.with_suffix(".building")
    _remove(building)
    connection.settings_dict["NAME"] = str(building)
    click.echo("Creating the database")
    call("migrate", verbosity=0)
    call("load_demo")
    # One file holds everything once the write-ahead log is folded in.
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    _remove(database)
    shutil.move(building, database)
    connection.settings_dict["NAME"] = str(database)


def _remove(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def announce_demo(host: str, port: int) -> None:
    """Print where the demonstration is and how to sign in as each role."""
    from openqmm.apps.accounts.queries import demo_people
    from openqmm.site.demo.people import PASSWORD

    click.echo(f"\nOpenQMM demonstration: http://{host}:{port}/")
    click.echo(
        f"Sign in with one click at http://{host}:{port}/people/demo/, or with these addresses"
    )
    click.echo(f"and the password: {PASSWORD}\n")
    for person in demo_people():
        click.echo(f"  {person.role.title:<24} {person.email:<42} {person.organisation}")
    click.echo("\nPress Ctrl+C to stop.\n")


def work(*, beside: bool = False) -> None:
    """Do the platform's own jobs until stopped; `beside` a server also until that one ends, which
    closes the standard input."""
    from openqmm.site import worker

    call("check", databases=["default"])
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    if beside:
        threading.Thread(target=lambda: (sys.stdin.read(), stopped.set()), daemon=True).start()
    worker.work(stopped)


@contextmanager
def _worker_beside(wanted: bool) -> Iterator[None]:
    """Run the platform's own jobs in a process of their own.

    Not in a thread: the server makes its processes by copying this one, and a thread that writes
    just then leaves them a database whose turn nobody hands on.
    """
    if not wanted:
        yield
        return
    command = [sys.executable, "-m", "openqmm", "worker", "--beside"]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as beside:  # noqa: S603 - no words of a stranger
        try:
            yield
        finally:
            beside.terminate()


def serve(host: str, port: int, *, workers: int, jobs: bool = True) -> None:
    """Serve the portal until stopped, and do its jobs beside; refuse to where a check fails."""
    call("check", databases=["default"])
    note_start()
    from django.db import connections
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from openqmm.apps.evidence.actions import sweep_uploads

    sweep_uploads()
    server = Granian(
        "openqmm.site.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        # A few threads a process: more would only queue for the database's write lock.
        blocking_threads=4,
        backpressure=64,
        websockets=False,
        log_level=LogLevels.warning,
    )
    # An open database must not be carried into a copy of the process.
    connections.close_all()
    with _worker_beside(jobs):
        server.serve()


def record_restored(sentence: str, loss: str) -> None:
    """Write the event `installation.restored` on the installation's trail."""
    from openqmm.apps.accounts.models import User
    from openqmm.apps.audit.actions import event
    from openqmm.core.workflow import SYSTEM

    why = loss or "nothing is known to be lost"
    with event(by=SYSTEM, what="installation.restored", on=User(), sentence=sentence, why=why):
        pass


def note_start() -> bool:
    """Put on the trail that another version, engine or configuration starts than the last time."""
    from django.db import connection

    from openqmm import __version__
    from openqmm.apps.audit import actions
    from openqmm.site.configuration import configuration_digest

    return actions.note_start(
        version=__version__, engine=connection.vendor, configuration=configuration_digest()
    )


def create_admin(*, email: str, name: str, office: str, country: str, password: str) -> None:
    """Create the program office, if it is new, and its first administrator."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import IntegrityError, transaction

    from openqmm.apps.accounts import actions
    from openqmm.apps.accounts.models import Organisation
    from openqmm.core.workflow import SYSTEM, OrganisationKind, Role
    from openqmm.web import clock, tenancy

    try:
        validate_password(password)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from None
    kind = OrganisationKind.PROGRAM_OFFICE
    try:
        with transaction.atomic(), tenancy.scope(SYSTEM):
            organisation = Organisation.objects.filter(name=office).first()
            organisation = organisation or actions.add_organisation(
                by=SYSTEM, name=office, kind=kind, country=country
            )
            person = actions.add_person(by=SYSTEM, email=email, full_name=name, password=password)
            actions.add_membership(
                by=SYSTEM,
                person=person,
                organisation=organisation,
                role=Role.PROGRAM_ADMINISTRATOR,
                from_on=clock.today(),
            )
    except IntegrityError:
        raise click.ClickException(f"There is a person with the address {email} already.") from None
