"""One spelling for every record (RFC 8785), so that its digest can be recomputed anywhere."""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785


def canonical_json(record: Any) -> bytes:
    """Return the RFC 8785 (JCS) form of `record`.

    Parameters
    ----------
    record : JSON data: dict with text keys, list, str, bool, None, int within 2**53, float.
        Exact decimals and fractions are passed as text; they have no exact JSON number.

    Raises
    ------
    ValueError
        A value has no canonical form (a decimal, an integer beyond 2**53, a lone surrogate).

    References
    ----------
    RFC 8785, JSON Canonicalization Scheme.
    """
    return rfc8785.dumps(record)


def sha256_hex(content: bytes) -> str:
    """Return the SHA-256 of `content` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
