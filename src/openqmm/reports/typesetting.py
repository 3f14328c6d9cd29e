"""Setting a PDF from a template and the words that stand in it."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

_FOLDER = Path(__file__).parent
_TEMPLATES = _FOLDER / "typst"

# Archival (PDF/A) and accessible (PDF/UA) at once.
_STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]

_NO_GLYPH = "could not be displayed"


def typeset(template: str, content: dict[str, Any], dated: datetime) -> bytes:
    """Return a PDF of a template (`typst/<template>.typ`) as PDF/A-2a and PDF/UA-1.

    The same input gives the same bytes. Names in scripts that the product's fonts lack are drawn
    with the machine's; where these lack them too, the PDF says so and is not archival.
    """
    # The product's fonts first, so that a report is the same on every machine that can do so.
    for machine_fonts in (False, True):
        try:
            return _set(template, content, dated, _STANDARDS, machine_fonts=machine_fonts)
        except typst.TypstError as error:
            if _NO_GLYPH not in error.message:
                raise
    # Empty boxes for letters are forbidden in an archival file, so this one claims no standard.
    return _set(template, {**content, "undrawn": True}, dated, [], machine_fonts=True)


def _set(
    template: str,
    content: dict[str, Any],
    dated: datetime,
    standards: list[typst.PDFStandard],
    *,
    machine_fonts: bool,
) -> bytes:
    return typst.compile(
        _TEMPLATES / f"{template}.typ",
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
