"""Removes a lost second factor where the office has nobody else to confirm it."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from openqmm.apps.accounts import actions
from openqmm.apps.accounts.models import User
from openqmm.core.errors import OpenQMMError
from openqmm.core.workflow import SYSTEM
from openqmm.web import tenancy
from openqmm.web.access import unattended


@unattended(
    "Whoever runs the machine, and only where the office has not two other administrators. It acts "
    "as the system; the removal and its reason are on the trail."
)
class Command(BaseCommand):
    """`openqmm manage reset_second_factor`; the person sets up a new one at the next sign-in."""

    help = "Remove a person's lost second factor where nobody else can confirm it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--reason", required=True, help="how you know that they asked")

    @tenancy.scope(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(email__iexact=options["email"]).first()
        if person is None:
            raise CommandError("Nobody here has this address.")
        try:
            actions.reset_factor_by_command(person=person, reason=options["reason"])
        except OpenQMMError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person} sets up a new second factor at the next sign-in.")
