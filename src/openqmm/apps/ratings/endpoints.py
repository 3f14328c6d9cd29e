"""One's own ratings by the API: the result that stands in the sealed bundle."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.security import SessionAuth

from openqmm.api import allow
from openqmm.apps.ratings import queries
from openqmm.apps.ratings.queries import READERS

# Read only: no token against forged requests is asked for.
router = Router(tags=["ratings"], auth=SessionAuth(csrf=False))


@router.get("/{uuid:rating_id}", url_name="rating", summary="One of your ratings")
@allow(READERS)
def rating(request: HttpRequest, rating_id: UUID) -> dict[str, Any]:
    """Return the facility's result as it stands in the bundle, with what it was computed by."""
    return queries.rating_document(request.actor, rating_id)
