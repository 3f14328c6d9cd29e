"""Fixtures that tests of any kind may use."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.people import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody in the portal's stories, in the database."""
    return assemble()


# A shared machine is slow at times; what is slow is measured in bench/, not asserted here.
settings.register_profile(
    "openqmm",
    deadline=None,
    derandomize="CI" in os.environ,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("openqmm")
