"""The words by which applicants are sorted into strata, and what each means."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Attribute = Literal[
    "activity", "region", "country", "size_band", "sector", "dosage_form", "organisation"
]

NOT_STATED = "not stated"
"""The category of an applicant that does not say."""

SIZE_BANDS = {
    "small": "Up to 100 people",
    "medium": "101 to 500 people",
    "large": "Over 500 people",
}

SECTORS = {
    "originator": "Originator medicines",
    "generic": "Generic medicines",
    "otc": "Medicines without prescription",
    "contract": "Contract manufacture",
}

DOSAGE_FORMS = {
    "solid": "Solid oral forms",
    "sterile": "Sterile forms and injections",
    "liquid": "Liquid oral forms",
    "topical": "Forms for the skin, eye, ear or nose",
    "inhaled": "Forms to inhale",
    "other": "Other forms",
}

ACTIVITIES = {
    "API": "Active ingredient",
    "API_INTERMEDIATE": "API intermediate",
    "FDF": "Finished dosage form",
}

REGIONS = {
    "africa": "Africa",
    "americas": "Americas",
    "asia": "Asia",
    "europe": "Europe",
    "oceania": "Oceania",
}

WORDS: dict[Attribute, dict[str, str]] = {
    "activity": ACTIVITIES,
    "region": REGIONS,
    "size_band": SIZE_BANDS,
    "sector": SECTORS,
    "dosage_form": DOSAGE_FORMS,
}
"""The categories of each attribute that has a fixed list, with their words."""

ATTRIBUTE_WORDS: dict[Attribute, str] = {
    "activity": "Activity",
    "region": "Region",
    "country": "Country",
    "size_band": "Size",
    "sector": "Sector",
    "dosage_form": "Dosage form",
    "organisation": "Manufacturer",
}


def category_words(attribute: Attribute, name: str) -> str:
    """Return a category as people read it; one without words of its own as it is."""
    for known, words in WORDS.get(attribute, {}).items():
        if category(known) == name:
            return words
    return name.upper() if attribute == "country" and len(name) == 3 else name.capitalize()


def category(text: str | None) -> str:
    """Return what an applicant says as a category, in lower case; `not stated` if nothing."""
    return " ".join((text or "").split()).lower() or NOT_STATED


def first_category(texts: Iterable[str]) -> str:
    """Return the first of several as a category: an applicant stands in one stratum only."""
    return category(next(iter(texts), None))
