"""Anchors the trails now, where no `openqmm worker` or `openqmm serve` does so by the clock."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from openqmm.apps.audit import actions as audit
from openqmm.core.errors import OpenQMMError
from openqmm.web.access import unattended


@unattended(
    "Whoever runs the machine, or its timer. It acts as the system, and only adds to the trail."
)
class Command(BaseCommand):
    """`openqmm manage anchor_trails`; once in five minutes."""

    help = "Anchor every trail and publish the signed checkpoint."

    def handle(self, *args: Any, **options: Any) -> None:
        key = audit.configured_key()
        try:
            anchored = audit.anchor_trails(key=key, folder=audit.configured_folder())
        except OpenQMMError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{anchored or 'Anchored already in these five minutes'}\n{key.vkey()}")
