"""Protocols: bank questions arranged into areas and elements, with rules, sealed by digest."""

from openqmm.core.protocols.located import Located, read_yaml
from openqmm.core.protocols.model import (
    Area,
    Element,
    Protocol,
    Question,
    Rules,
    document_of,
)
from openqmm.core.protocols.reading import QuestionBank, read_bank, read_protocol
from openqmm.core.protocols.shipped import (
    shipped_bank,
    shipped_crosswalk,
    shipped_crosswalks,
    shipped_ids,
    shipped_protocol,
)

__all__ = [
    "Area",
    "Element",
    "Located",
    "Protocol",
    "Question",
    "QuestionBank",
    "Rules",
    "document_of",
    "read_bank",
    "read_protocol",
    "read_yaml",
    "shipped_bank",
    "shipped_crosswalk",
    "shipped_crosswalks",
    "shipped_ids",
    "shipped_protocol",
]
