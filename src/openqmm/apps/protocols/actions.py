"""Sealing protocol versions."""

from __future__ import annotations

from openqmm.apps.audit import actions as audit
from openqmm.apps.protocols.models import ProtocolVersion
from openqmm.core.errors import NotPermitted
from openqmm.core.protocols import Protocol
from openqmm.core.protocols.exchange_yaml import to_yaml
from openqmm.core.workflow import Actor, Role
from openqmm.web import clock


def seal_protocol(*, by: Actor, protocol: Protocol) -> ProtocolVersion:
    """Store a protocol so that rounds can point at it; event `protocol.sealed`. The same content is
    sealed once. Only the program administrator or the system may (NotPermitted)."""
    if by.role not in {Role.PROGRAM_ADMINISTRATOR, Role.SYSTEM}:
        raise NotPermitted("Only a program administrator seals a protocol.")
    known = ProtocolVersion.objects.filter(digest=protocol.digest).first()
    if known is not None:
        return known
    version = ProtocolVersion(
        protocol_id=protocol.id,
        version=protocol.version,
        title=protocol.title,
        digest=protocol.digest,
        source=to_yaml(protocol).decode(),
        sealed_at=clock.now(),
    )
    with audit.event(
        by=by,
        what="protocol.sealed",
        on=version,
        sentence=f"sealed {protocol.title} {protocol.version}",
    ) as opened:
        return opened.create(version)
