"""Forgets the answers to forms that were sent more than a week ago."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from openqmm.apps.audit import actions as audit
from openqmm.web.access import unattended


@unattended("Whoever runs the machine, or its timer. What it forgets is no record.")
class Command(BaseCommand):
    """`openqmm manage sweep_forms`; once a day."""

    help = "Forget the answers kept for forms that are sent again, after a week."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{audit.sweep():,} forgotten.")
