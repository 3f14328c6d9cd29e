"""A facility's rating as a PDF: the result on the first page, every number's working after it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from openqmm.core.protocols import Protocol
from openqmm.core.ratings import FacilityRating
from openqmm.reports.profile import profile_rows, profile_scale
from openqmm.reports.rating_content import ReportContext, rating_content
from openqmm.reports.svg import area_profile, level_bar, profile_words

__all__ = ["ReportContext", "rating_pdf"]

_FOLDER = Path(__file__).parent
_TEMPLATE = _FOLDER / "typst" / "rating.typ"

# Archival (PDF/A) and accessible (PDF/UA) at once.
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

# The archival standard wants a date; a report without one bears the first that can be written.
_UNDATED = date(1970, 1, 1)

_NO_GLYPH = "could not be displayed"


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
    return _set_with_fonts(content, datetime.combine(dated, time(), UTC))


def _set_with_fonts(content: dict[str, Any], dated: datetime) -> bytes:
    # The product's fonts first, so that a report is the same on every machine that can do so.
    for machine_fonts in (False, True):
        try:
            return _set(content, dated, _STANDARDS, machine_fonts=machine_fonts)
        except typst.TypstError as error:
            if _NO_GLYPH not in error.message:
                raise
    # Empty boxes for letters are forbidden in an archival file, so this one claims no standard.
    return _set({**content, "undrawn": True}, dated, [], machine_fonts=True)


def _set(
    content: dict[str, Any],
    dated: datetime,
    standards: list[typst.PDFStandard],
    *,
    machine_fonts: bool,
) -> bytes:
    return typst.compile(
        _TEMPLATE,
        font_paths=_fonts(machine_fonts),
        format="pdf",
        sys_inputs={"content": json.dumps(content)},
        pdf_standards=standards,
        timestamp=dated,
    )


# Looking through a machine's fonts takes longer than setting a page.
@cache
def _fonts(machine_fonts: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=machine_fonts, font_paths=[_FOLDER / "fonts"])
