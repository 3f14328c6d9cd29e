"""What a board member's signature stands under, and whether it still does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openqmm.apps.audit import queries as audit
from openqmm.apps.ratings.models import Rating
from openqmm.core.records import canonical_json, sha256_hex


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A signature as every page and document shows it; `holds` says that the record it stands
    under is still what was signed."""

    name: str
    role: str
    organisation: str
    meaning: str
    at: datetime
    digest: str
    holds: bool


def signed_content(rating: Rating) -> dict[str, Any]:
    """Return what the signature of an issued rating is bound to."""
    return {
        "rating": str(rating.pk),
        "assessment": str(rating.assessment_id),
        "bundle_digest": rating.digest,
        # Of the text itself: a changed bundle beside its old digest must not pass.
        "bundle_text_digest": sha256_hex(rating.bundle.encode()),
        "reason": rating.decision_reason,
        "valid_until": None if rating.valid_until is None else rating.valid_until.isoformat(),
    }


def signatures_of(rating: Rating) -> list[SignatureView]:
    """Return the signatures under a rating the caller may already see, oldest first."""
    expected = sha256_hex(canonical_json(signed_content(rating)))
    return [
        SignatureView(
            name=signature.signer_name,
            role=signature.get_signer_role_display(),
            organisation=signature.organisation_name,
            meaning=signature.meaning,
            at=signature.signed_at,
            digest=signature.digest,
            holds=signature.digest == expected,
        )
        for signature in audit.signatures(rating)
    ]
