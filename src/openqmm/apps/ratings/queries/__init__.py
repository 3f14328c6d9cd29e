"""Every read of the ratings app. What a rating says is read from its sealed bundle alone."""

from openqmm.apps.ratings.queries.detail import (
    RatingView,
    StepView,
    bundle_of,
    bundle_text,
    protocol_of,
    rating,
    rating_document,
    rating_table,
    report,
)
from openqmm.apps.ratings.queries.rows import (
    RatingRow,
    ReadyRow,
    assessment_to_rate,
    of_site,
    on_team,
    ratings,
    ready_to_propose,
    visible,
    visible_rating,
)
from openqmm.apps.ratings.queries.signing import (
    issue_paper,
    last_day,
    proposed_by,
    signatures_of,
    signed_content,
)
from openqmm.apps.ratings.queries.visibility import (
    READERS,
    SITE,
    is_site,
    is_valid,
    reads_bundles,
    shown_state,
)
from openqmm.apps.ratings.queries.waiting import next_steps

__all__ = [
    "READERS",
    "SITE",
    "RatingRow",
    "RatingView",
    "ReadyRow",
    "StepView",
    "assessment_to_rate",
    "bundle_of",
    "bundle_text",
    "is_site",
    "is_valid",
    "issue_paper",
    "last_day",
    "next_steps",
    "of_site",
    "on_team",
    "proposed_by",
    "protocol_of",
    "rating",
    "rating_document",
    "rating_table",
    "ratings",
    "reads_bundles",
    "ready_to_propose",
    "report",
    "shown_state",
    "signatures_of",
    "signed_content",
    "visible",
    "visible_rating",
]
