"""Whether a reason says anything: it is read years later, by somebody who was not there."""

from __future__ import annotations

import re
import unicodedata

FEWEST_WORDS = 3
_FEWEST_IDEOGRAPHS = 4
_FEWEST_LETTERS_IN_A_TELLING_WORD = 3

# Words that stand in sentences and say nothing of why; a reason of these alone is none.
_FILLER = """
a an and any as at be because been but by for from had has have i if in is it its me my no nor
not of on or so than that the them then there these they this those to us was we were what when
which will with yes you na n/a nil none null nothing tba tbc tbd todo ok okay fine done same
again asdf asdfg qwer qwerty qwertz zxcv yxcv abc abcd foo bar baz lorem ipsum test testing
tests blah bla dummy temp tmp sample change changed changes changing update updated updates
updating edit edited edits modify modified fix fixed fixes correct corrected correction amend
amended adjust adjusted delete deleted remove removed misc miscellaneous various other reason
reasons reasoning why data record records entry entries value values field fields text thing
things stuff something anything needed necessary required requested request general see above
below before comment comments just only please due some new old per
"""
_SAYS_NOTHING = frozenset(_FILLER.split())
_KEYBOARD = (
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "azertyuiop",
    "123456789",
)
_WORD = re.compile(r"[^\W_]+(?:['’/-][^\W_]+)*")


def reason_fault(text: str) -> str | None:
    """Return why a text is no reason for changing what stands on record, or None.

    It must be at least three different words, and one of them must tell something: filler ("n/a",
    "update", "as requested"), one character over and over, and runs along the keyboard do not. In
    scripts written without spaces four different characters are enough.

    Parameters
    ----------
    text : what a person wrote; white space and case do not matter.

    Returns
    -------
    str or None
        A sentence for the person who wrote it.
    """
    words = {word.casefold() for word in _WORD.findall(unicodedata.normalize("NFKC", text))}
    if not words:
        return "Say why: the reason stays on record."
    ideographs = {char for word in words for char in word if _is_ideograph(char)}
    if len(ideographs) >= _FEWEST_IDEOGRAPHS:
        return None
    if len(words) < FEWEST_WORDS:
        return "Say why in a sentence of at least three words: the reason stays on record."
    if not any(map(_tells, words)):
        return "Say what made this necessary: these words would tell nobody why."
    return None


def _tells(word: str) -> bool:
    if word in _SAYS_NOTHING or len(set(word)) == 1:
        return False
    if any(char.isdigit() for char in word) and not word.isdigit():
        return True
    letters = [char for char in word if char.isalpha()]
    return len(letters) >= _FEWEST_LETTERS_IN_A_TELLING_WORD and not _typed_along(word)


def _typed_along(word: str) -> bool:
    """Whether a word is a run along a row of the keyboard, or one short run over and over."""
    for length in range(1, len(word) // 2 + 1):
        if len(word) >= 4 and word == (word[:length] * len(word))[: len(word)]:
            return True
    return len(word) >= 4 and any(word in row or word[::-1] in row for row in _KEYBOARD)


def _is_ideograph(char: str) -> bool:
    name = unicodedata.name(char, "")
    return name.startswith(("CJK UNIFIED", "HIRAGANA", "KATAKANA", "THAI CHARACTER", "LAO LETTER"))
