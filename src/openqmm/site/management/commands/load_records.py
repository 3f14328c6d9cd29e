"""Loads public regulatory records into the platform's database."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from openqmm.apps.facilities import actions
from openqmm.core.errors import OpenQMMError
from openqmm.core.workflow import SYSTEM
from openqmm.web import tenancy
from openqmm.web.access import unattended


@unattended(
    "Whoever runs the machine. It acts as the system and loads public files only; what was read "
    "from which file is on the trail."
)
class Command(BaseCommand):
    """`openqmm manage load_records KIND FILE`; screening reads what it loads."""

    help = "Load a public file of establishments or inspections for screening."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=["establishments", "inspections"])
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--covers-until",
            type=date.fromisoformat,
            help="inspections: the day up to which the file is complete, such as 2026-06-01",
        )

    @tenancy.scope(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            if options["kind"] == "establishments":
                source = actions.import_establishments(by=SYSTEM, path=path)
            else:
                source = actions.import_inspections(
                    by=SYSTEM, path=path, covers_until=options["covers_until"]
                )
        except (OpenQMMError, OSError) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{source.rows:,} rows read, {source.added:,} new, {source.replaced:,} replaced, "
            f"{source.rejected:,} not usable."
        )
