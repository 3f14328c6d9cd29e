"""Who or what a record is about: FEI, DUNS and NDC numbers, countries, and what is domestic."""

from __future__ import annotations

import re
from functools import lru_cache

from openqmm.core.registry.countries import alpha3_by_spelling, alpha3_codes, fold_name

MISSING = frozenset({"", "-", "null"})
"""Marks that stand for "no value" in the public files, in lower case."""

# "State" includes the territories and Puerto Rico: 21 U.S.C. 321(a)(1). The registration file
# writes USA for all of them.
DOMESTIC_COUNTRIES = frozenset({"USA", "PRI", "VIR", "GUM", "ASM", "MNP", "UMI"})
"""ISO alpha-3 codes of the places whose sites are domestic."""

_STATES = """
Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|District of Columbia
Florida|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland
Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire
New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania
Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington
West Virginia|Wisconsin|Wyoming|American Samoa|Guam|Northern Mariana Islands|Puerto Rico
Virgin Islands
"""
_STATE_CODES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ "
    "NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI"
)
US_STATES = frozenset(
    name.lower() for name in [*re.split(r"[|\n]", _STATES.strip()), *_STATE_CODES.split()]
)
"""States and territories of the United States, spelled out or as postal codes, in lower case."""

# The registration file pads to ten; no genuine FEI is longer.
_MAX_FEI_DIGITS = 10
_DUNS_DIGITS = 9
# Labeler, product and package; the list of shortages and the labels write them shorter.
_NDC_WIDTHS = (5, 4, 2)
_NDC_FORMS = frozenset({(4, 4, 2), (5, 3, 2), (5, 4, 1), (5, 4, 2), (4, 4), (5, 3), (5, 4)})
_ADDRESS_TAIL = re.compile(r"\(([A-Z]{3})\)\s*$")


def is_missing(text: str | None) -> bool:
    """Return True where a cell holds no value: blank, `-`, or the word null."""
    return text is None or text.strip().lower() in MISSING


def normalise_fei(text: str | None) -> str | None:
    """Return an FDA Establishment Identifier in the form in which two of them compare equal.

    Parameters
    ----------
    text : the number as a source writes it.

    Returns
    -------
    str or None
        The digits without surrounding blanks and leading zeros (sources pad to ten, people drop
        the zeros). None when there is no FEI: a missing mark, zeros only (the registration
        file's placeholder), or anything but 1 to 10 digits.

    Examples
    --------
    >>> normalise_fei(" 0000001073 "), normalise_fei("3004333526"), normalise_fei("0000000000")
    ('1073', '3004333526', None)
    """
    digits = (text or "").strip()
    if not (digits.isascii() and digits.isdigit()):
        return None
    # Seven-digit FEIs are genuine, and so are the few with three to six: no lower bound.
    digits = digits.lstrip("0")
    return digits if 0 < len(digits) <= _MAX_FEI_DIGITS else None


def is_fei_placeholder(text: str | None) -> bool:
    """Return True for a missing mark or a row of zeros: no FEI was given, nothing is misspelt."""
    return is_missing(text) or not (text or "").strip().strip("0")


def normalise_duns(text: str | None) -> str | None:
    """Return a DUNS number as nine digits, zeros kept; None when the text holds none.

    Hyphens (`69-529-3236`) are dropped. A shorter number is not padded: a digit may be missing
    anywhere, not only in front.
    """
    digits = (text or "").strip().replace("-", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) != _DUNS_DIGITS:
        return None
    return digits if digits.strip("0") else None


def normalise_ndc(text: str | None) -> str | None:
    """Return a National Drug Code in the form 5-4-2 in which two of them compare equal.

    Parameters
    ----------
    text : a package code of three parts (`0409-6695-02`), a product code of two (`0409-6695`), or
        eleven digits without hyphens.

    Returns
    -------
    str or None
        Each part with zeros in front: `00409-6695-02`, `00409-6695`. None for anything else: of
        ten digits without hyphens it cannot be told where the zero is missing.

    Examples
    --------
    >>> normalise_ndc("0409-6695-02"), normalise_ndc("71288-723-52"), normalise_ndc("60505-6282-1")
    ('00409-6695-02', '71288-0723-52', '60505-6282-01')
    """
    code = (text or "").strip()
    if len(code) == 11 and code.isascii() and code.isdigit():
        code = f"{code[:5]}-{code[5:9]}-{code[9:]}"
    parts = code.split("-")
    known = tuple(map(len, parts)) in _NDC_FORMS
    # A part may hold letters in codes of devices; those are no drugs.
    if not known or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return "-".join(part.zfill(width) for part, width in zip(parts, _NDC_WIDTHS, strict=False))


@lru_cache(maxsize=1_000)
def country_code(text: str | None) -> str | None:
    """Return the ISO 3166-1 alpha-3 code of a country given as alpha-2, alpha-3 or name.

    Only exact spellings of the table in `countries` are read, accents, case, punctuation and
    the article apart; None for anything else.
    """
    return None if is_missing(text) else alpha3_by_spelling().get(fold_name(text or ""))


def country_of_address(address: str) -> str | None:
    """Return the country of a registration address as alpha-3 code, or None.

    Only the tail counts. It is a code in brackets, or (met once in 10,439 rows) a country name
    spelled out after the last comma. `(IL)` and the bare words Georgia or DE are states, or may
    be: they name no country.
    """
    tail = _ADDRESS_TAIL.search(address)
    if tail:
        return tail[1] if tail[1] in alpha3_codes() else None
    # Two and three letters after the last comma are state codes far more often than countries.
    last_part = address.rpartition(",")[2].strip()
    if len(last_part) <= 3 or last_part.lower() in US_STATES:
        return None
    return country_code(last_part)


def is_domestic_country(country: str | None) -> bool | None:
    """Return whether an alpha-3 code is domestic to the FDA; None when the country is unknown."""
    return None if country is None else country in DOMESTIC_COUNTRIES
