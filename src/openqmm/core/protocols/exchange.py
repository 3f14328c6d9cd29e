"""Any file a protocol may come in: told apart by content, not by name."""

from __future__ import annotations

from openqmm.core.protocols.ciso_reading import is_library, read_library
from openqmm.core.protocols.exchange_ciso import to_ciso
from openqmm.core.protocols.exchange_xlsx import from_xlsx, to_xlsx
from openqmm.core.protocols.exchange_yaml import to_yaml
from openqmm.core.protocols.located import Located, read_yaml
from openqmm.core.protocols.workbook_opening import ZIP_MARK

WRITERS = {"yaml": to_yaml, "xlsx": to_xlsx, "ciso": to_ciso}
"""How to write a protocol in each format: Protocol -> bytes."""


def read_exchanged(content: bytes, source: str) -> tuple[str, Located]:
    """Return the format of a file (yaml, xlsx, ciso) and its data, for `read_protocol`.

    Raises
    ------
    InvalidProtocol
        The content is none of the three.
    """
    if content.startswith(ZIP_MARK):
        return "xlsx", from_xlsx(content, source)
    file = read_yaml(content, source)
    if is_library(file):
        return "ciso", read_library(file)
    return "yaml", file
