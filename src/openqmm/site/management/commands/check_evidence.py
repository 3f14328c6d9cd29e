"""Checks that every file of evidence is there and whole."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from openqmm.apps.evidence.actions import check_evidence
from openqmm.web.access import unattended


@unattended(
    "Whoever runs the machine, or its timer. It acts as the system and leaves its findings."
)
class Command(BaseCommand):
    """`openqmm manage check_evidence`, to be run every night; fails when a file is not whole."""

    help = "Hash every file of evidence again; report missing, damaged and orphaned files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the report as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        report = check_evidence()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), indent=2))
        else:
            self.stdout.write(
                f"{report.checked:,} records checked: {len(report.missing):,} missing, "
                f"{len(report.damaged):,} damaged. {len(report.orphaned):,} files without a "
                f"record; {report.swept:,} unfinished uploads removed."
            )
            for kind in ("missing", "damaged", "orphaned"):
                for place in getattr(report, kind):
                    self.stdout.write(f"  {kind}: {place}")
        if not report.whole:
            raise CommandError("Files of evidence are missing or damaged; see the trail.")
