"""Gives a person a role in an organisation, adding either where it is new."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from openqmm.apps.accounts import actions
from openqmm.apps.accounts.models import Organisation, User
from openqmm.core.errors import OpenQMMError
from openqmm.core.workflow import SYSTEM, OrganisationKind, Role
from openqmm.web import clock, tenancy
from openqmm.web.access import unattended


@unattended(
    "Whoever runs the machine. It acts as the system; each role it gives, with the reason, is on "
    "the organisation's trail and on the program office's, where its records auditor reads it."
)
class Command(BaseCommand):
    """`openqmm manage add_member`; the person sets a password by the link "forgotten password"."""

    help = "Give a person a role in an organisation, adding either where it is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--organisation", required=True)
        parser.add_argument("--kind", required=True, choices=[k.value for k in OrganisationKind])
        parser.add_argument("--country", required=True, help="ISO 3166-1 alpha-3, such as USA")
        parser.add_argument(
            "--reason", required=True, help="why it is done here and not by an administrator"
        )
        parser.add_argument("--role", required=True, choices=[r.value for r in Role])

    @transaction.atomic
    @tenancy.scope(SYSTEM)
    def handle(self, *args: Any, **options: Any) -> None:
        name, email = options["organisation"], options["email"]
        organisation = Organisation.objects.filter(name=name).first()
        person = User.objects.filter(email__iexact=email).first()
        try:
            organisation = organisation or actions.add_organisation(
                by=SYSTEM,
                name=name,
                kind=OrganisationKind(options["kind"]),
                country=options["country"],
            )
            person = person or actions.add_person(by=SYSTEM, email=email, full_name=options["name"])
            membership = actions.add_membership(
                by=SYSTEM,
                person=person,
                organisation=organisation,
                role=Role(options["role"]),
                from_on=clock.today(),
            )
            actions.tell_office(membership=membership, reason=options["reason"])
        except OpenQMMError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person} is now {Role(options['role']).title.lower()} of {name}.")
