"""Text on its way into a drawing or a document: cleaned, measured roughly, broken into lines."""

from __future__ import annotations

import unicodedata

# Characters that turn the reading direction for what follows: a name could disguise itself.
_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))

# Three classes of width do for a sans serif: the drawing does not know which font will be there.
_NARROW = frozenset("iljtfrI.,:;'|!()[]/- ")
_WIDE = frozenset("mwMW@%—…")


def plain(text: str) -> str:
    """Return text without control characters, lone surrogates and direction overrides.

    Joiners stay: Persian and the scripts of India need them. Runs of white space become one space.
    """
    kept = (
        " " if character.isspace() else character
        for character in text
        if character not in _TURNING
        and (character.isspace() or unicodedata.category(character) not in ("Cc", "Cs"))
    )
    return " ".join("".join(kept).split())


def shortened(text: str, most: int) -> str:
    """Return text of at most `most` characters, an ellipsis standing for what was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def text_width(text: str, size: float) -> float:
    """Return the width of text in a sans serif of this size, estimated rather high than low."""
    return size * sum(_advance(character) for character in text)


def _advance(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.0
    if character in _NARROW:
        return 0.34
    if character in _WIDE:
        return 0.92
    return 0.7 if character.isupper() else 0.58


def wrapped(text: str, size: float, width: float) -> list[str]:
    """Return text broken into lines no wider than `width`; a word too long for one is broken."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        candidate = f"{line} {word}" if line else word
        if text_width(candidate, size) <= width:
            line = candidate
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, size, width)
        lines += full
    return [*lines, line] if line else lines


def _pieces(word: str, size: float, width: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and text_width(pieces[-1] + character, size) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces
