"""Every read of the disclosure app. What others see is an allow-list, filled field by field."""

from openqmm.apps.disclosure.queries.consents import (
    ConsentPage,
    ConsentRow,
    ConsentTerms,
    ConsentToWithdraw,
    SharedRating,
    consent_terms,
    consent_to_withdraw,
    consents,
    disclosure_of,
    preview,
    readable_disclosure,
)
from openqmm.apps.disclosure.queries.projection import (
    DisclosedArea,
    DisclosedRating,
    projection,
)
from openqmm.apps.disclosure.queries.published import (
    DirectoryFilters,
    DirectoryRow,
    directory,
    disclosed_rating,
    still_published,
)
from openqmm.apps.disclosure.queries.signing import (
    consent_paper,
    signatures_of,
    signed_content,
)
from openqmm.apps.disclosure.queries.waiting import next_steps

__all__ = [
    "ConsentPage",
    "ConsentRow",
    "ConsentTerms",
    "ConsentToWithdraw",
    "DirectoryFilters",
    "DirectoryRow",
    "DisclosedArea",
    "DisclosedRating",
    "SharedRating",
    "consent_paper",
    "consent_terms",
    "consent_to_withdraw",
    "consents",
    "directory",
    "disclosed_rating",
    "disclosure_of",
    "next_steps",
    "preview",
    "projection",
    "readable_disclosure",
    "signatures_of",
    "signed_content",
    "still_published",
]
