"""What a signature under an application is bound to."""

from __future__ import annotations

from typing import Any

from openqmm.apps.programs.models import Application
from openqmm.apps.programs.queries.rounds import program_of
from openqmm.core.records import canonical_json, sha256_hex

SUBMISSION = "Submits this application for the facility"
ACCEPTANCE = "Accepts the place in the round for the facility"


def submission_content(application: Application) -> dict[str, Any]:
    """Return everything the application says, as its signature binds it."""
    facility, round_ = application.facility, application.round
    stated = {
        criterion.statement: getattr(application, criterion.attestation or "", False)
        for criterion in program_of(round_).attestations
    }
    return {
        "meaning": SUBMISSION,
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


def content_digest(application: Application) -> str:
    """Return the digest of everything the application says, by which a signer proves to have read
    this and nothing older."""
    return sha256_hex(canonical_json(submission_content(application)))


def acceptance_content(application: Application) -> dict[str, Any]:
    """Return what the acceptance of a place binds: the application with its offer."""
    return submission_content(application) | {"meaning": ACCEPTANCE}


CONTENT_OF = {SUBMISSION: submission_content, ACCEPTANCE: acceptance_content}
