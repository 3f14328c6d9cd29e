"""Of many who sign by one challenge at the same moment, one does."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db import connections

from openqmm.apps.signatures.actions import ceremony
from tests.journeys.databases import at_a_copy, empty


def test_of_many_who_take_a_challenge_at_once_one_gets_it(
    prepared: Path, tmp_path: Path, django_db_blocker: Any
) -> None:
    """Each with a connection of its own, so in a database that all of them see."""

    def take(_: int) -> Any:
        try:
            return ceremony._take("shown")
        finally:
            connections.close_all()

    with django_db_blocker.unblock(), at_a_copy(tmp_path, empty(prepared)):
        cache.set(ceremony._key("shown"), {"person": "somebody"}, 60)
        with ThreadPoolExecutor(8) as pool:
            taken = list(pool.map(take, range(32)))
    assert sum(kept is not None for kept in taken) == 1
