"""One's own ratings by the API: the result that stands in the sealed bundle."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from openqmm.api import SessionOrKey, allow
from openqmm.apps.ratings import queries
from openqmm.apps.ratings.queries import READERS
from openqmm.core.workflow import Scope

router = Router(tags=["ratings"], auth=SessionOrKey())


@router.get("/{uuid:rating_id}", url_name="rating", summary="One of your ratings")
@allow(READERS, scope=Scope.RATINGS_READ)
def rating(request: HttpRequest, rating_id: UUID) -> dict[str, Any]:
    """Return the facility's result as it stands in the bundle, with what it was computed by."""
    return queries.rating_document(request.actor, rating_id)
