"""What a signature under an application is bound to, and whether each still holds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from openqmm.apps.facilities.models import Facility
from openqmm.apps.programs.models import Application, Round
from openqmm.apps.programs.queries.configurations import program_of
from openqmm.apps.programs.queries.document import agreed
from openqmm.apps.signatures.queries import Paper, SignatureView, Source, signature_views
from openqmm.core.programs.parts import FIELDS

SUBMISSION = "Submits this application for the facility"
ACCEPTANCE = "Accepts the place in the round for the facility"

_OWN = tuple(name for names in FIELDS.values() for name in names)
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
    inspected_on = application.last_inspected_on
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
        "contact": {
            "name": application.contact_name,
            "email": application.contact_email,
            "phone": application.contact_phone,
        },
        "deputy": {"name": application.deputy_name, "email": application.deputy_email},
        "activities": application.activities,
        "size_band": application.size_band,
        "sector": application.sector,
        "products": application.products,
        "dosage_forms": application.dosage_forms,
        "last_inspection": {
            "ended_on": inspected_on.isoformat() if inspected_on else None,
            "classification": application.last_classification,
        },
        "statement": application.statement,
        "stated": agreed(application),
        "confidential": application.confidential,
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
