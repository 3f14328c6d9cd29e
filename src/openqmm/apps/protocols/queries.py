"""Reading protocol versions; they are public."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from openqmm.apps.protocols.models import ProtocolVersion
from openqmm.core.errors import NotFound
from openqmm.core.protocols import (
    Area,
    Protocol,
    Question,
    read_protocol,
    read_yaml,
    shipped_ids,
    shipped_protocol,
)
from openqmm.core.protocols.exchange import WRITERS


@dataclass(frozen=True, slots=True)
class PublishedProtocol:
    """A protocol as its public pages show it, with the versions there are, latest first."""

    protocol: Protocol
    versions: tuple[str, ...]
    key_questions: int
    questions: int


@dataclass(frozen=True, slots=True)
class PublishedQuestion:
    """A question in its place, with its neighbours in protocol order."""

    protocol: Protocol
    area: Area
    element: str
    question: Question
    before: Question | None
    after: Question | None


def published_protocols() -> list[PublishedProtocol]:
    """Return the latest version of every protocol: the sealed ones, and those shipped with the
    product that no round here has used yet."""
    sealed = {version.protocol_id for version in protocol_versions()}
    return [published(id_) for id_ in sorted(sealed | set(shipped_ids()))]


def published(protocol_id: str, version: str = "") -> PublishedProtocol:
    """Return a protocol, in its latest version unless another is asked for (NotFound)."""
    sealed = list(
        ProtocolVersion.objects.defer("source")
        .filter(protocol_id=protocol_id)
        .order_by("-sealed_at", "-version")
    )
    chosen = next((v for v in sealed if version in ("", v.version)), None)
    protocol = _shipped(protocol_id, version) if chosen is None else protocol_of(chosen)
    versions = tuple(v.version for v in sealed) or (protocol.version,)
    questions = list(protocol.questions())
    return PublishedProtocol(protocol, versions, sum(q.key for q in questions), len(questions))


def published_question(protocol_id: str, question_id: str, version: str = "") -> PublishedQuestion:
    """Return one question of a protocol (NotFound)."""
    protocol = published(protocol_id, version).protocol
    question = protocol.question(question_id)
    area = protocol.area_of(question_id)
    every = list(protocol.questions())
    place = every.index(question)
    return PublishedQuestion(
        protocol=protocol,
        area=area,
        element=next((e.title for e in area.elements if e.id == question.element), ""),
        question=question,
        before=every[place - 1] if place else None,
        after=every[place + 1] if place + 1 < len(every) else None,
    )


def protocol_file(protocol_id: str, version: str, kind: str) -> tuple[Protocol, bytes]:
    """Return a protocol and its file of a kind: yaml, xlsx or ciso (NotFound)."""
    if kind not in WRITERS:
        raise NotFound("There is no such file.")
    protocol = published(protocol_id, version).protocol
    return protocol, WRITERS[kind](protocol)


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


def _shipped(protocol_id: str, version: str) -> Protocol:
    if protocol_id not in shipped_ids():
        raise NotFound("There is no such protocol.")
    protocol = shipped_protocol(protocol_id)
    if version not in ("", protocol.version):
        raise NotFound("There is no such protocol.")
    return protocol
