"""A facility's rating as a PDF: the result on the first page, every number's working after it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from openqmm.core.protocols import Protocol
from openqmm.core.ratings import FacilityRating
from openqmm.reports.profile import profile_rows, profile_scale
from openqmm.reports.rating_content import ReportContext, rating_content
from openqmm.reports.svg import area_profile, level_bar, profile_words
from openqmm.reports.typesetting import typeset

__all__ = ["ReportContext", "rating_pdf"]

# The archival standard wants a date; a report without one bears the first that can be written.
_UNDATED = date(1970, 1, 1)


def rating_pdf(protocol: Protocol, rating: FacilityRating, context: ReportContext) -> bytes:
    """Return the report of one facility's rating as PDF/A-2a, PDF/UA-1.

    The same input gives the same bytes. Names in scripts that the product's fonts lack are drawn
    with the machine's; where these lack them too, the PDF says so and is not archival.
    """
    content = rating_content(protocol, rating, context)
    rows, scale = profile_rows(protocol, rating, context.intervals), profile_scale(protocol)
    content["chart"] = area_profile("profile", rows, scale)
    content["chart_words"] = profile_words(rows, scale)
    overall = rating.overall
    score = None if overall.score is None else float(overall.score)
    name = "" if overall.level is None else protocol.level_name(overall.level)
    content["bar"] = level_bar("overall", overall.level, score, name=name)
    dated = context.issued_on or context.assessed_on or _UNDATED
    return typeset("rating", content, datetime.combine(dated, time(), UTC))
