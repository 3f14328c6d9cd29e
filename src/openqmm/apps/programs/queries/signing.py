"""What a signature under an application is bound to, and whether each still holds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from openqmm.apps.facilities.models import Facility
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.programs.queries.configurations import program_of
from openqmm.apps.signatures.queries import Paper, SignatureView, Source, signature_views

SUBMISSION = "Submits this application for the facility"
ACCEPTANCE = "Accepts the place in the round for the facility"

_OWN = ("contact_name", "contact_email", "products", "size_band", "statement")
_OF_FACILITY = ("name", "fei", "duns", "address", "country", "facility_type", "organisation_id")
_OF_ROUND = ("name", "program_id", "protocol_id")


def submission_paper(application: Application) -> Paper:
    """Return the application as it would be signed to be submitted."""
    return Paper(application, application_content(application), SUBMISSION, _reading(application))


def acceptance_paper(application: Application) -> Paper:
    """Return the application as it would be signed to accept the place it was offered."""
    return Paper(application, application_content(application), ACCEPTANCE, _reading(application))


PAPERS = {"submit": submission_paper, "accept": acceptance_paper}


def signatures_of(application: Application) -> list[SignatureView]:
    """Return the signatures under an application the caller may already see, oldest first."""
    sources = (
        Source.row(application, *_OWN, *_stated_names(application)),
        Source(Facility, "id", application.facility_id, _OF_FACILITY),
        Source(Round, "id", application.round_id, _OF_ROUND),
    )
    return signature_views(application, lambda: application_content(application), sources)


def application_content(application: Application) -> dict[str, Any]:
    """Return everything the application says, as its signatures bind it."""
    facility, round_ = application.facility, application.round
    stated = {
        criterion.statement: getattr(application, criterion.attestation or "", False)
        for criterion in program_of(round_).attestations
    }
    return {
        "application": str(application.pk),
        "round": {
            "id": str(round_.pk),
            "name": round_.name,
            "program": round_.program_id,
            "protocol": round_.protocol.digest,
        },
        "facility": {
            "id": str(facility.pk),
            "name": facility.name,
            "fei": facility.fei,
            "duns": facility.duns,
            "address": facility.address,
            "country": facility.country,
            "facility_type": facility.facility_type,
            "organisation": facility.organisation.name,
        },
        "contact": {"name": application.contact_name, "email": application.contact_email},
        "products": application.products,
        "size_band": application.size_band,
        "statement": application.statement,
        "stated": stated,
    }


def _stated_names(application: Application) -> list[str]:
    return [c.attestation for c in program_of(application.round).attestations if c.attestation]


def _reading(application: Application) -> tuple[tuple[Any, Any], ...]:
    facility = application.facility
    return (
        (_("Application of"), f"{facility.name}, FEI {facility.fei}"),
        (_("Organisation"), facility.organisation.name),
        (_("Round"), application.round.name),
        (_("Says"), _("everything under “What the application says” on this page")),
    )
