"""Protocols by the API: public."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from openqmm.api import allow
from openqmm.apps.protocols import queries
from openqmm.core.protocols import document_of
from openqmm.core.workflow import Scope
from openqmm.web.access import EVERYONE

router = Router(tags=["protocols"])


class ProtocolOut(Schema):
    """A protocol in the list: ask for it by id to have it whole."""

    id: str
    version: str
    title: str
    digest: str
    areas: int
    questions: int


@router.get("/", url_name="protocols", response=list[ProtocolOut], summary="Protocols")
@allow(EVERYONE, scope=Scope.PROTOCOLS_READ)
def protocols(request: HttpRequest) -> list[dict[str, Any]]:
    """Return every protocol in its latest version."""
    return [
        {
            "id": published.protocol.id,
            "version": published.protocol.version,
            "title": published.protocol.title,
            "digest": published.protocol.digest,
            "areas": len(published.protocol.areas),
            "questions": published.questions,
        }
        for published in queries.published_protocols()
    ]


@router.get("/{protocol_id}", url_name="protocol", summary="One protocol, whole")
@allow(EVERYONE, scope=Scope.PROTOCOLS_READ)
def protocol(request: HttpRequest, protocol_id: str, version: str = "") -> dict[str, Any]:
    """Return a protocol with its digest, in the latest version unless another is asked for."""
    found = queries.published(protocol_id, version).protocol
    return document_of(found) | {"digest": found.digest}
