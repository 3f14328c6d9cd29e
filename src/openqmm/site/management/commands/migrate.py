"""Django's `migrate`, as the owner of the tables, followed by the guards of the trail."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandError
from django.core.management.commands import migrate
from django.db import DatabaseError, connections

from openqmm.web.access import unattended


@unattended(
    "Whoever runs the machine, as the owner of the tables. It changes their shape, never a record."
)
class Command(migrate.Command):
    """`openqmm migrate`: a table that a migration made or rebuilt gets its guards again.

    The guards stand while migrations run: one that fills in rows outside an audit event is refused.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        looks_only = options["plan"] or options["check_unapplied"]
        with connection.as_owner():
            try:
                super().handle(*args, **options)
            except DatabaseError as error:
                if "refused:" not in str(error):
                    raise
                said = str(error).splitlines()[0].removeprefix("refused: ")
                raise CommandError(
                    f"A migration was refused: {said}. It changed nothing."
                ) from error
            if not looks_only:
                connection.install_guards()
