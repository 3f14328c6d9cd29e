"""Tells the demonstration's story into an empty database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from openqmm.apps.accounts.models import User
from openqmm.core.workflow import SYSTEM
from openqmm.site.demo.story import Demonstration
from openqmm.web import tenancy
from openqmm.web.access import unattended


@unattended("Whoever runs the machine, on an empty database only. It acts as the invented people.")
class Command(BaseCommand):
    """`openqmm manage load_demo`; refused where there are people already."""

    help = "Tell the demonstration's story into an empty database."

    @tenancy.scope(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.exists():
            raise CommandError(
                "This database has people in it; a demonstration needs an empty one."
            )
        Demonstration(say=self.stdout.write).tell()
