"""Protocols as one self-contained YAML file: arrangement and questions together."""

from __future__ import annotations

from typing import Any

import yaml

from openqmm.core.protocols.arrangement import authoring_form
from openqmm.core.protocols.located import Located, read_yaml
from openqmm.core.protocols.model import Protocol

_WIDTH = 98  # a line may run over by one word
_FOLDED_FROM = 90
_LONGEST_WORDS = 40


def to_yaml(protocol: Protocol) -> bytes:
    """Return the protocol as a YAML file (UTF-8) that needs no bank beside it.

    Block style, long texts folded, keys in the order of the bank's files. Reading it back gives
    the same digest.
    """
    return dump_blocks(authoring_form(protocol))


def from_yaml(content: bytes, source: str) -> Located:
    """Return a protocol file's data with the line of every value, for `read_protocol`.

    Raises
    ------
    InvalidProtocol
        The content is not YAML at all; faults of the protocol itself are left to `read_protocol`.
    """
    return read_yaml(content, source)


def dump_blocks(form: Any) -> bytes:
    """Return plain data as YAML fit for reading: folded texts, short lists on one line."""
    text = yaml.dump(
        form,
        Dumper=_BlockDumper,
        sort_keys=False,
        allow_unicode=True,
        default_flow_style=False,
        width=_WIDTH,
    )
    return text.encode()


class _BlockDumper(yaml.SafeDumper):
    """Writes lists indented under their key, as people do, and never an alias."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None
    if "\n" in text:
        style = "|"
    elif len(text) > _FOLDED_FROM and " " in text:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _list(dumper: yaml.SafeDumper, items: list[Any]) -> yaml.SequenceNode:
    words = all(isinstance(item, str) and len(item) <= _LONGEST_WORDS for item in items)
    short = words and sum(len(item) + 4 for item in items) <= _WIDTH - 20
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=short)


_BlockDumper.add_representer(str, _text)
_BlockDumper.add_representer(list, _list)
