"""Text that ends in a spreadsheet: shown as written, never run as a formula."""

from __future__ import annotations

# Full-width forms too: spreadsheets for East Asian languages read them like the plain ones.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")


def spreadsheet_safe(text: str) -> str:
    """Return text with a leading apostrophe where a spreadsheet would take it for a formula.

    White space in front does not protect: some programs trim a cell before they read it.
    """
    if text.startswith(_STARTS_A_FORMULA) or text.lstrip().startswith(_STARTS_A_FORMULA):
        return "'" + text
    return text
