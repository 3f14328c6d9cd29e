"""Which configuration an installation runs, without any of its secrets."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings

_SECRET = ("SECRET", "PASSWORD", "TOKEN", "CREDENTIAL", "PRIVATE")
_PLAIN = (str, int, float, bool, type(None))


def configuration() -> dict[str, Any]:
    """Return every setting of the platform as plain data, in which secrets are left out."""
    return {
        name: _plain(getattr(settings, name))
        for name in sorted(dir(settings))
        if name.isupper() and not _is_secret(name)
    }


def configuration_digest() -> str:
    """Return the SHA-256 of the configuration."""
    text = json.dumps(configuration(), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items() if not _is_secret(str(key))}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted(str(one) for one in value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, str):
        # A library may set one that is worked out when it is first asked for.
        return str(value)
    # An object's own text may hold its place in memory, which no configuration is.
    return value if isinstance(value, _PLAIN) else type(value).__name__


def _is_secret(name: str) -> bool:
    return any(word in name.upper() for word in _SECRET)
