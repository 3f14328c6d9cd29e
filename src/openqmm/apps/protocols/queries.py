"""Reading protocol versions; they are public."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from openqmm.apps.protocols.models import ProtocolVersion
from openqmm.core.errors import NotFound
from openqmm.core.protocols import Protocol, read_protocol, read_yaml


def protocol_versions() -> list[ProtocolVersion]:
    """Return every sealed version, by protocol and version."""
    return list(ProtocolVersion.objects.defer("source"))


def protocol_version(**lookup: Any) -> ProtocolVersion:
    """Return the one version that matches (NotFound)."""
    found = ProtocolVersion.objects.defer("source").filter(**lookup).last()
    if found is None:
        raise NotFound("There is no such protocol.")
    return found


def protocol_of(version: ProtocolVersion) -> Protocol:
    """Return the protocol a version seals, read once per process."""
    return _read(version.digest)


@lru_cache(maxsize=16)
def _read(digest: str) -> Protocol:
    version = ProtocolVersion.objects.get(digest=digest)
    return read_protocol(read_yaml(version.source.encode(), f"{version.protocol_id}.yaml"))
