"""What the signature under a consent is bound to, and whether it still holds."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from openqmm.apps.disclosure.models import Disclosure
from openqmm.apps.ratings.models import Rating
from openqmm.apps.signatures.queries import Paper, SignatureView, Source, signature_views

MEANING = "I consent, for the facility, to disclose its rating as described."

_TERMS = ("rating_id", "scope", "audience", "until_on")


def consent_paper(
    disclosure: Disclosure,
    recipient_ids: Collection[str],
    reading: Collection[tuple[Any, Any]] = (),
) -> Paper:
    """Return a consent as it would be signed."""
    content = signed_content(disclosure, recipient_ids)
    return Paper(disclosure, content, MEANING, tuple(reading))


def signatures_of(disclosure: Disclosure) -> list[SignatureView]:
    """Return the signatures under a consent the caller may already see, oldest first."""
    recipients = disclosure.recipients.through
    sources = (
        Source.row(disclosure, *_TERMS),
        Source(recipients, "disclosure_id", disclosure.pk),
        Source(Rating, "id", disclosure.rating_id, ("digest",)),
    )

    def content() -> dict[str, Any]:
        named = [str(pk) for pk in disclosure.recipients.values_list("pk", flat=True)]
        return signed_content(disclosure, named)

    return signature_views(disclosure, content, sources)


def signed_content(disclosure: Disclosure, recipient_ids: Collection[str]) -> dict[str, Any]:
    """Return what a consent's signature is bound to: the rating to the letter, and the terms."""
    return {
        "disclosure": str(disclosure.pk),
        "rating": str(disclosure.rating_id),
        "bundle_digest": disclosure.rating.digest,
        "scope": disclosure.scope,
        "audience": disclosure.audience,
        "recipients": sorted(recipient_ids),
        "until_on": disclosure.until_on.isoformat(),
    }
