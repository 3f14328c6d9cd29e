"""Text that ends in a spreadsheet: shown as written, never run as a formula."""

from __future__ import annotations

import csv
import unicodedata
from typing import Any

# Full-width forms too: spreadsheets for East Asian languages read them like the plain ones.
_STARTS_A_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_BREAKS = ("\t", "\r", "\n")
_QUOTES = "\"'`‘’“”"


def spreadsheet_safe(text: str) -> str:
    """Return text with a leading apostrophe where a spreadsheet would take it for a formula.

    White space, quotes and invisible characters in front do not protect: some programs take them
    off before they read a cell. Numbers are written as numbers and never come here.
    """
    if not text or text[0].isalnum():
        return text
    return "'" + text if _is_formula(text) else text


def spreadsheet_plain(text: str) -> str:
    """Return the text that `spreadsheet_safe` was given."""
    if text.startswith("'") and _is_formula(text[1:]):
        return text[1:]
    return text


def line_writer() -> Any:
    """Return a CSV writer whose `writerow` returns the line, ended by a line feed.

    Every cell with a break in it is quoted, a lone carriage return too: Python before 3.13 leaves
    that bare, and what follows it would begin a row of its own.
    """
    return csv.writer(_Line(), lineterminator="\r\n")


class _Line:
    """A file for the CSV writer that hands each line back in place of keeping it."""

    def write(self, line: str) -> str:
        return line.removesuffix("\r\n") + "\n"


def _is_formula(text: str) -> bool:
    if text.startswith(_BREAKS):
        return True
    for character in text:
        if character in _STARTS_A_FORMULA:
            return True
        passed_over = character.isspace() or character in _QUOTES
        if not passed_over and unicodedata.category(character) not in {"Cc", "Cf"}:
            return False
    return False
