"""Loads public regulatory records into the platform's database."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from openqmm.apps.facilities import actions
from openqmm.core.errors import OpenQMMError
from openqmm.core.registry.kinds import KINDS
from openqmm.core.workflow import SYSTEM
from openqmm.web import tenancy
from openqmm.web.access import unattended


@unattended(
    "Whoever runs the machine. It acts as the system and loads public files only; what was read "
    "from which file is on the trail."
)
class Command(BaseCommand):
    """`openqmm manage load_records KIND FILE`; screening reads what it loads."""

    help = "Load a public file of any of the nine kinds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=list(KINDS))
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--told-on",
            type=date.fromisoformat,
            help="lists of one day (establishments, shortages, import_alerts, ndc): the day that "
            "the list shows, such as 2026-06-01, where the file does not say it",
        )
        parser.add_argument(
            "--covers-until",
            type=date.fromisoformat,
            help="the other kinds: the day up to which the file is complete, such as 2026-06-01",
        )
        parser.add_argument(
            "--may-shrink",
            action="store_true",
            help="take a list that has less than half of the records of the one before",
        )

    @tenancy.scope(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            source = actions.import_records(
                by=SYSTEM,
                kind=options["kind"],
                path=options["file"],
                told_on=options["told_on"],
                covers_until=options["covers_until"],
                may_shrink=options["may_shrink"],
            )
        except (OpenQMMError, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{source.rows:,} rows read, {source.added:,} new, {source.replaced:,} replaced, "
            f"{source.gone:,} gone from the list, {source.rejected:,} not usable."
        )
