"""Names of firms and places in the form in which they are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from openqmm.core.registry.countries import fold_name

_LEGAL_FORM_WORDS = """
ab ag as bhd bv co company corp corporation cv doo eirl gmbh inc incorporated kft kg kk lda
limitada limited llc llp lp ltd ltda mbh nv oy pbc plc private pt pte pty pvt sa sae saic sas sau
sdn se sl slu snc spa spol spzoo srl sro tbk ulc
"""
_FILLER_WORDS = """
a and de del des di do du et of the und y
"""
# Words that most names of the trade hold: they tell no two firms apart.
_GENERIC_WORDS = """
america american api bio biologics biopharma biosciences biotech biotechnology care center chem
chemical chemicals chemie china compounding corporate cosmetic cosmetics devices distribution
division drug drugs enterprise enterprises europe facility factory formulations generics global
group health healthcare holding holdings hospital inc india industria industrial industrie
industries industry ingredients institute international japan korea lab labo laboratoire
laboratoires laboratories laboratorio laboratorios laboratory labs life lifesciences manufacturer
manufacturers manufacturing medical medicine medicines natural new north nutrition operations
packaging pharm pharma pharmacal pharmaceutical pharmaceuticals pharmachem pharmacy plant product
production products quality research s science sciences service services site solutions south
specialties specialty supply systems technologies technology therapeutics trading unit united us
usa west works worldwide
"""
_LEGAL_FORMS = frozenset(_LEGAL_FORM_WORDS.split())
_FILLERS = frozenset(_FILLER_WORDS.split())
_GENERIC = frozenset(_GENERIC_WORDS.split())
# "Legal Name, Inc. dba Trade Name", "Firm, Inc., a Parent company".
_TRADES_AS = re.compile(r"\b(?:d\s?[/.]?\s?b\s?[/.]?\s?a\b\.?|doing business as|a/k/a|f/k/a)", re.I)
_OF_PARENT = re.compile(r",\s*an? [^,]{2,40} company\.?\s*$", re.I)
_INITIALS = re.compile(r"\b(?:[a-z]\.\s?){2,}(?:[a-z]\b)?|\b(?:[a-z]\.)+[a-z]\b")


@lru_cache(maxsize=50_000)
def fold_firm(name: str) -> str:
    """Return the name of a firm without case, accents, punctuation and legal form.

    Examples
    --------
    >>> fold_firm("Synthétic Labs S.p.A."), fold_firm("SYNTHETIC LABS, INC")
    ('synthetic labs', 'synthetic labs')
    """
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ")).lower()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    plain = re.sub(r"['’`]", "", plain)
    # Initials are one word: S.A. de C.V. is "sa de cv".
    plain = _INITIALS.sub(lambda found: re.sub(r"[.\s]", "", found[0]) + " ", plain)
    words = [word for word in re.findall(r"[^\W_]+", plain) if word not in _FILLERS]
    told = [word for word in words if word not in _LEGAL_FORMS]
    return " ".join(told or words)


@lru_cache(maxsize=50_000)
def folded_names(name: str) -> tuple[str, ...]:
    """Return every name by which a firm is told, folded: the legal one and the one it trades under.

    Examples
    --------
    >>> folded_names("Synthetic Works, Inc. dba Corner Pharmacy")
    ('synthetic works', 'corner pharmacy')
    """
    told = _TRADES_AS.split(_OF_PARENT.sub("", name))
    return tuple(dict.fromkeys(filter(None, map(fold_firm, told))))


@lru_cache(maxsize=50_000)
def distinctive_words(folded: str) -> str:
    """Return the words of a folded name that tell it from other names of the trade."""
    return " ".join(word for word in folded.split() if word not in _GENERIC)


@lru_cache(maxsize=50_000)
def fold_place(place: str) -> str:
    """Return the name of a place as compared: letters only, no accents, no case."""
    return fold_name(place)


def places_of_address(address: str) -> frozenset[str]:
    """Return everything between the commas of an address, folded: the city is one of them.

    Which one it is differs by country and by who wrote it.
    """
    return frozenset(filter(None, map(fold_place, address.split(","))))
