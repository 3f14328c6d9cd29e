"""Protocols as a CISO Assistant library (YAML, version 2), for readiness work in that system."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from openqmm.core.protocols.arrangement import elements_of
from openqmm.core.protocols.ciso_labels import (
    AREA_LABELS,
    EVIDENCE_LABELS,
    FRAMEWORK_LABELS,
    QUESTION_LABELS,
    labelled_lines,
)
from openqmm.core.protocols.ciso_reading import read_library
from openqmm.core.protocols.exchange_yaml import dump_blocks
from openqmm.core.protocols.located import Located, read_yaml
from openqmm.core.protocols.model import (
    Area,
    Element,
    Protocol,
    Question,
    document_of,
    number,
    question_document,
)

_PACKAGER = "openqmm"
_RIGHTS = "The rights in this text remain with the publisher of the protocol."
# Libraries are replaced only by a higher whole number, which a 32-bit column holds.
_HIGHEST_VERSION = 2_147_483_647


def to_ciso(protocol: Protocol) -> bytes:
    """Return the protocol as a library with one framework, scored 1 to 5.

    Areas, elements and questions become requirement nodes of depth 1, 2 and 3; the five behaviour
    texts become the choices of one question each. What the format has no field for stands in
    annotations as labelled lines, from which `from_ciso` reads it back with the same digest.
    """
    return dump_blocks(_library(protocol))


def from_ciso(content: bytes, source: str) -> Located:
    """Return a library's framework as a protocol in authoring form, with the line of every value.

    Raises
    ------
    InvalidProtocol
        The content is no YAML or holds no framework; other faults are left to `read_protocol`.
    """
    return read_library(read_yaml(content, source))


def whole_version(version: str) -> int:
    """Return a version as one number that rises with it: 1.2.3 is 1002003.

    Up to three parts of up to three figures are told apart; what no number can be made of is 1.
    """
    parts = [int(part) for part in re.findall(r"\d+", version)[:3]]
    first, second, third = [*parts, 0, 0, 0][:3]
    whole = (first * 1000 + min(second, 999)) * 1000 + min(third, 999)
    return min(max(whole, 1), _HIGHEST_VERSION)


def _library(protocol: Protocol) -> dict[str, Any]:
    named = {
        "ref_id": protocol.id,
        "name": protocol.title,
        "description": protocol.summary,
    }
    return {
        "urn": f"urn:{_PACKAGER}:risk:library:{protocol.id}",
        "locale": protocol.language,
        **named,
        "copyright": _RIGHTS,
        "version": whole_version(protocol.version),
        "provider": "OpenQMM",
        "packager": _PACKAGER,
        "objects": {
            "framework": {
                "urn": f"urn:{_PACKAGER}:risk:framework:{protocol.id}",
                **named,
                "annotation": labelled_lines(document_of(protocol), FRAMEWORK_LABELS),
                "min_score": 1,
                "max_score": 5,
                "scores_definition": [
                    {"score": step.level, "name": step.name, "description": step.description}
                    for step in protocol.scale
                ],
                "requirement_nodes": list(_nodes(protocol)),
            }
        },
    }


def _nodes(protocol: Protocol) -> Iterator[dict[str, Any]]:
    for area in protocol.areas:
        yield _area_node(protocol, area)
        for element, questions in elements_of(area):
            yield _element_node(protocol, area, element)
            for question in questions:
                yield _question_node(protocol, element, question)


def _urn(protocol: Protocol, kind: str, name: str) -> str:
    # The system folds these names to small letters; a question keeps its name when it moves.
    return f"urn:{_PACKAGER}:risk:req_node:{protocol.id}:{kind}:{name.lower()}"


def _area_node(protocol: Protocol, area: Area) -> dict[str, Any]:
    node = {
        "urn": _urn(protocol, "area", area.id),
        "assessable": False,
        "depth": 1,
        "ref_id": area.id,
        "name": area.title,
        "description": area.summary,
    }
    if area.weight != 1:
        node["annotation"] = labelled_lines({"weight": number(area.weight)}, AREA_LABELS)
    return node


def _element_node(protocol: Protocol, area: Area, element: Element) -> dict[str, Any]:
    return {
        "urn": _urn(protocol, "element", element.id),
        "parent_urn": _urn(protocol, "area", area.id),
        "assessable": False,
        "depth": 2,
        "ref_id": element.id,
        "name": element.title,
    }


def _question_node(protocol: Protocol, element: Element, question: Question) -> dict[str, Any]:
    urn = _urn(protocol, "question", question.id)
    entry = question_document(question)
    # A weight there is a whole number from 1; another one is kept as a labelled line.
    weight = entry.pop("weight")
    if not isinstance(weight, int):
        entry["weight"] = weight
    node = {
        "urn": urn,
        "parent_urn": _urn(protocol, "element", element.id),
        "assessable": True,
        "depth": 3,
        "ref_id": question.id,
        "name": question.topic,
        "description": question.text,
        "annotation": labelled_lines(entry, QUESTION_LABELS),
        "typical_evidence": labelled_lines(entry, EVIDENCE_LABELS),
    }
    if isinstance(weight, int) and weight != 1:
        node["weight"] = weight
    choices = [
        {"urn": f"{urn}:level:{level}", "value": text, "add_score": level}
        for level, text in sorted(question.levels.items())
    ]
    ask = {"type": "unique_choice", "text": question.text, "choices": choices}
    return {**node, "questions": {f"{urn}:ask": ask}}
